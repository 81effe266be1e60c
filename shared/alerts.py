"""What needs a human: raised once, over when its cause is (CONTRACT section 4); what both services raise alike."""

from collections.abc import Mapping
from typing import Literal, Protocol

import msgspec

from shared import codec, instants, topics
from shared.facts import Alert, Text

Level = Literal["info", "warn", "urgent"]
Published = tuple[str, bytes, bool]  # topic, payload, retain
Fine = set[tuple[str, str]]  # event and scanner: clocks that are right, and without an alert that says otherwise


class AlertStore(Protocol):
    """The alerts that are on."""

    def on(self, event: str) -> Mapping[str, bytes]:
        """Those of an event by id, as published."""

    def put(self, event: str, alert: str, payload: bytes) -> None:
        """Turn one on, or let it say something else."""

    def drop(self, event: str, alert: str) -> None:
        """Turn one off."""


def feedback(
    clocks: Mapping[str, bool],
    *,
    event: str,
    alerts: AlertStore,
    fine: Fine,
    now_ms: int,
    also: Mapping[Alert, bool] | None = None,
) -> list[Published]:
    """The alerts that follow from a batch of scans: `clocks` by scanner, True where one is off; and `also` others.

    `fine` is the caller's memory, which saves a look at the alerts for each batch; an empty one is always right.
    """
    news = {scanner: off for scanner, off in clocks.items() if off or (event, scanner) not in fine}
    wanted = {clock(scanner, now_ms): off for scanner, off in news.items()} | dict(also or {})
    if not wanted:
        return []
    changed = switch(wanted, event=event, alerts=alerts)
    fine -= {(event, scanner) for scanner, off in news.items() if off}
    if not changed:  # a change may still be rolled back, and must then be made again
        fine |= {(event, scanner) for scanner, off in news.items() if not off}
    return changed


def switch(wanted: Mapping[Alert, bool], *, event: str, alerts: AlertStore) -> list[Published]:
    """Turn alerts on or off; publishes only those that were not so already, or that say something else now.

    One that says something else keeps the moment since when it stands.
    """
    on = alerts.on(event)
    changed: list[Published] = []
    for asked, is_on in wanted.items():
        one = _standing(asked, on.get(asked.alert)) if is_on else asked
        payload = codec.encode(one) if is_on else b""
        if is_on == (one.alert in on) and on.get(one.alert, b"") == payload:
            continue
        if is_on:
            alerts.put(event, one.alert, payload)
        else:
            alerts.drop(event, one.alert)
        changed.append((topics.alert(event, one.alert), payload, True))
    return changed


def _standing(asked: Alert, payload: bytes | None) -> Alert:
    """The alert with the moment since when it stands."""
    return asked if payload is None else msgspec.structs.replace(asked, since=codec.decode(payload, Alert).since)


def off(name: str) -> Alert:
    """An alert to be turned off."""
    return Alert(alert=name, level="info", kind="", text=Text("", ""), place=None, since="")


def alert(name: str, level: Level, kind: str, words: Text, place: str | None, now_ms: int) -> Alert:
    """An alert that begins now."""
    return Alert(alert=name, level=level, kind=kind, text=words, place=place, since=instants.to_text(now_ms))


def clock(scanner: str, now_ms: int) -> Alert:
    """The clock of a scanner that differs from ours."""
    words = Text(f"De klok van scanner {scanner} loopt niet gelijk", f"The clock of scanner {scanner} is off")
    return alert(f"clock-{scanner}", "warn", "clock", words, None, now_ms)
