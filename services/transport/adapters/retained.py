"""The retained topics of runs: published again whenever what they say differs from what we published last.

Alerts are published when they go on and off, and here once more after a new connection.

Each consumer compares with its own last words. So whichever of several publishes last, it says how things are.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping

import msgspec

from shared import codec, topics
from shared.sql.outbox import Published
from transport.adapters.store import SqlStore
from transport.domain.day import Day
from transport.handlers import states
from transport.ports import Store


class Retained:
    """What this process published last, by topic; `forget` may come from the network thread.

    A mark in the database, written with every publication, tells afterwards whether its transaction was committed: if
    not, Ingest did not publish either, and everything is said again.
    """

    def __init__(self, *, owner: str, new_id: Callable[[], str]) -> None:
        self._key = f"retained.{owner}"
        self._new_id = new_id
        self._mark = ""
        self._lock = threading.Lock()
        self._said: dict[str, object] = {}
        self._known: set[str] = set()  # events of which all was said

    def forget(self) -> None:
        """Publish everything again: the broker may have lost it."""
        with self._lock:
            self._said.clear()
            self._known.clear()

    def changed(
        self,
        days: Iterable[Day],
        store: SqlStore,
        now_ms: int,
        *,
        stores: Mapping[str, Store],
        runs: Mapping[str, Collection[str]],
    ) -> list[Published]:
        """The topics that say something new now; `stores` is for reading, and `runs` those that changed, by event."""
        stands = store.get_meta(self._key) == self._mark
        if not stands:
            self.forget()
        with self._lock:
            messages = [
                message for day in days for message in self._changed(day, stores[day.event], now_ms, runs[day.event])
            ]
        if messages or not stands:
            self._mark = self._new_id()
            store.set_meta(self._key, self._mark)
        return messages

    def _changed(self, day: Day, store: Store, now_ms: int, runs: Collection[str]) -> list[Published]:
        again = day.event not in self._known
        self._known.add(day.event)
        if not runs and not again:
            return []
        some = None if again else runs
        states_now = states.run_states(day=day, store=store, at_ms=now_ms, runs=some).values()
        lists_now = states.passengers(day=day, store=store, at_ms=now_ms, runs=some).values()
        facts: dict[str, msgspec.Struct] = {topics.run(day.event, state.run): state for state in states_now}
        facts |= {topics.passengers(day.event, listed.run): listed for listed in lists_now}
        alerts = store.alerts.on(day.event) if again else {}  # else they are said when they go on and off
        return [
            *((topic, codec.encode(fact), True) for topic, fact in facts.items() if self._is_new(topic, fact)),
            *((topics.alert(day.event, alert), payload, True) for alert, payload in alerts.items()),
        ]

    def _is_new(self, topic: str, fact: msgspec.Struct) -> bool:
        """Whether it says something else than when and which revision."""
        said = {name: value for name, value in msgspec.structs.asdict(fact).items() if name not in {"at", "rev"}}
        if self._said.get(topic) == said:
            return False
        self._said[topic] = said
        return True
