"""What needs a human at the doors (CONTRACT section 4); how an alert goes on and off is in `shared.alerts`."""

from collections.abc import Sequence

from checkin.handlers.scans import Judged
from shared import alerts as shared_alerts
from shared.alerts import AlertStore, Fine, Published, alert
from shared.facts import Alert, Text


def feedback(judged: Judged, *, event: str, alerts: AlertStore, fine: Fine, now_ms: int) -> list[Published]:
    """The alerts that follow from a batch of scans: clocks that are off, messages set aside.

    `fine` is the caller's memory, which saves a look at the alerts for each batch; an empty one is always right.
    """
    also = {set_aside(now_ms): True} if judged.set_aside else {}
    return shared_alerts.feedback(judged.clocks, event=event, alerts=alerts, fine=fine, now_ms=now_ms, also=also)


def silent(scanner: str, now_ms: int) -> Alert:
    """A scanner that is not connected."""
    words = Text(f"Scanner {scanner} is niet verbonden", f"Scanner {scanner} is not connected")
    return alert(f"scanner-offline-{scanner}", "warn", "scanner-offline", words, None, now_ms)


def set_aside(now_ms: int) -> Alert:
    """Messages that could not be used wait for a look."""
    words = Text("Er zijn berichten apart gezet", "Messages were set aside")
    return alert("quarantine-checkin", "info", "quarantine", words, None, now_ms)


def over_capacity(place: str, name: str, now_ms: int) -> Alert:
    """More people in a place than it may hold."""
    words = Text(f"{name} is te vol", f"{name} is too full")
    return alert(f"over-capacity-{place}", "warn", "over-capacity", words, place, now_ms)


def crowding(counts: Sequence[tuple[str, str, int, int | None]], now_ms: int) -> dict[Alert, bool]:
    """The alerts of places by (place, name, present, capacity)."""
    return {
        over_capacity(place, name, now_ms): present > capacity
        for place, name, present, capacity in counts
        if capacity is not None
    }
