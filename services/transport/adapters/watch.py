"""When to look at what needs a human: after something changed, and once in a while for what only time changes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.alerts import Published
from transport.domain.day import Day
from transport.handlers import alerting
from transport.ports import Store

EVERY_MS = 5_000  # real time: a run becomes late though nothing happens
REST = 20  # a look that took long is made that much less often: verdicts do not wait for it


@dataclass
class Watch:
    """`real_ms` is real time in milliseconds."""

    real_ms: Callable[[], int]
    _fingerprints: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    _next_ms: int = 0
    _looked_ms: int = 0

    def look(self, days: Iterable[Day], stores: Mapping[str, Store], now_ms: int) -> list[Published]:
        """The alerts that go on and off now."""
        begun_ms = self.real_ms()
        if begun_ms < self._next_ms:
            return []
        changed = [day for day in days if self._has_changed(day, stores[day.event], begun_ms)]
        published = [
            message for day in changed for message in alerting.look(day=day, store=stores[day.event], now_ms=now_ms)
        ]
        if changed:
            self._looked_ms = begun_ms
            self._next_ms = begun_ms + (self.real_ms() - begun_ms) * REST
        return published

    def _has_changed(self, day: Day, store: Store, real_ms: int) -> bool:
        fingerprint = store.fingerprint(day.event)
        same = self._fingerprints.get(day.event) == fingerprint and real_ms < self._looked_ms + EVERY_MS
        self._fingerprints[day.event] = fingerprint
        return not same
