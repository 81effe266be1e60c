"""What needs a human: raised once, over when its cause is (CONTRACT section 4)."""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from checkin.handlers.scans import Judged
from shared import codec, instants, topics
from shared.facts import Alert, Text

Level = Literal["info", "warn", "urgent"]


class AlertStore(Protocol):
    """The alerts that are on."""

    def on(self, event: str) -> Mapping[str, bytes]:
        """Those of an event by id, as published."""

    def put(self, event: str, alert: str, payload: bytes) -> None:
        """Turn one on."""

    def drop(self, event: str, alert: str) -> None:
        """Turn one off."""


Fine = set[tuple[str, str]]  # event and scanner: clocks that are right, and without an alert that says otherwise


def feedback(
    judged: Judged, *, event: str, alerts: AlertStore, fine: Fine, now_ms: int
) -> list[tuple[str, bytes, bool]]:
    """The alerts that follow from a batch of scans: clocks that are off, messages set aside.

    `fine` is the caller's memory, which saves a look at the alerts for each batch; an empty one is always right.
    """
    news = {scanner: off for scanner, off in judged.clocks.items() if off or (event, scanner) not in fine}
    wanted = {_clock(scanner, now_ms): off for scanner, off in news.items()}
    if judged.set_aside:
        wanted[set_aside(now_ms)] = True
    if not wanted:
        return []
    changed = switch(wanted, event=event, alerts=alerts)
    fine -= {(event, scanner) for scanner, off in news.items() if off}
    if not changed:  # a change may still be rolled back, and must then be made again
        fine |= {(event, scanner) for scanner, off in news.items() if not off}
    return changed


def switch(wanted: Mapping[Alert, bool], *, event: str, alerts: AlertStore) -> list[tuple[str, bytes, bool]]:
    """Turn alerts on or off; publishes only those that were not so already."""
    on = alerts.on(event)
    changed: list[tuple[str, bytes, bool]] = []
    for alert, is_on in wanted.items():
        if is_on == (alert.alert in on):
            continue
        payload = codec.encode(alert) if is_on else b""
        if is_on:
            alerts.put(event, alert.alert, payload)
        else:
            alerts.drop(event, alert.alert)
        changed.append((topics.alert(event, alert.alert), payload, True))
    return changed


def _alert(name: str, level: Level, kind: str, words: Text, place: str | None, now_ms: int) -> Alert:
    since = instants.to_text(now_ms)
    return Alert(alert=name, level=level, kind=kind, text=words, place=place, since=since)


def _clock(scanner: str, now_ms: int) -> Alert:
    words = Text(f"De klok van scanner {scanner} loopt niet gelijk", f"The clock of scanner {scanner} is off")
    return _alert(f"clock-{scanner}", "warn", "clock", words, None, now_ms)


def silent(scanner: str, now_ms: int) -> Alert:
    """A scanner that is not connected."""
    words = Text(f"Scanner {scanner} is niet verbonden", f"Scanner {scanner} is not connected")
    return _alert(f"scanner-offline-{scanner}", "warn", "scanner-offline", words, None, now_ms)


def set_aside(now_ms: int) -> Alert:
    """Messages that could not be used wait for a look."""
    words = Text("Er zijn berichten apart gezet", "Messages were set aside")
    return _alert("quarantine-checkin", "info", "quarantine", words, None, now_ms)


def over_capacity(place: str, name: str, now_ms: int) -> Alert:
    """More people in a place than it may hold."""
    words = Text(f"{name} is te vol", f"{name} is too full")
    return _alert(f"over-capacity-{place}", "warn", "over-capacity", words, place, now_ms)


def crowding(counts: Sequence[tuple[str, str, int, int | None]], now_ms: int) -> dict[Alert, bool]:
    """The alerts of places by (place, name, present, capacity)."""
    return {
        over_capacity(place, name, now_ms): present > capacity
        for place, name, present, capacity in counts
        if capacity is not None
    }
