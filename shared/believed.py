"""Which moment a scan counts from (CONTRACT section 3): one rule for both services, as a pure function."""

from typing import NamedTuple

AHEAD_MS = 5_000  # so far ahead of the service's clock is still read as the same moment
EARLY_MS = 24 * 3_600_000  # so long before the first item nobody scans
APART_MS = 60_000  # so far may a synced clock be from `received - age` before somebody must look at it


class Believed(NamedTuple):
    """The moment a scan counts from; `clock`: the device's time was not believed; `alert`: look at its clock."""

    at_ms: int
    clock: bool
    alert: bool


def believed(at_ms: int, *, synced: bool, age_ms: int | None, received_ms: int, first_item_ms: int) -> Believed:
    """Judge a device's time `at_ms` by when it came (`received_ms`, the service's clock) and how old it says it is.

    `age_ms` None: the device restarted in between. An age that would be as unbelievable as the time counts as none.
    """
    came_ms = received_ms - (age_ms or 0)
    if came_ms < first_item_ms - EARLY_MS:
        came_ms = received_ms
    if not synced:
        return Believed(came_ms, clock=age_ms is None, alert=False)  # without an age it is only when it came
    if at_ms > received_ms + AHEAD_MS or at_ms < first_item_ms - EARLY_MS:
        return Believed(came_ms, clock=True, alert=True)
    return Believed(at_ms, clock=False, alert=age_ms is not None and abs(at_ms - came_ms) > APART_MS)
