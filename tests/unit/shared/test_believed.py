"""Which moment a scan counts from (CONTRACT section 3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.believed import Believed, believed
from shared.instants import to_ms, to_text

FIRST = to_ms("2024-01-11T08:30:00Z")
NOW = to_ms("2024-01-11T10:42:00Z")
DAY = 24 * 3_600_000


def judge(at_ms: int, *, synced: bool = True, age_ms: int | None = 0) -> Believed:
    return believed(at_ms, synced=synced, age_ms=age_ms, received_ms=NOW, first_item_ms=FIRST)


def test_a_synced_clock_is_believed() -> None:
    """The device's own time counts, up to 5 s ahead of the service's."""
    assert judge(NOW - 40) == Believed(NOW - 40, clock=False, alert=False)
    assert judge(NOW + 5_000) == Believed(NOW + 5_000, clock=False, alert=False)


def test_a_clock_that_is_not_synced_gives_way_to_the_age() -> None:
    """An unsynced scan counts from when it came less its age, whatever its own time says."""
    assert judge(0, synced=False, age_ms=7_000) == Believed(NOW - 7_000, clock=False, alert=False)


def test_without_a_clock_and_without_an_age_it_counts_from_when_it_came() -> None:
    """A device that restarted with no clock leaves only the moment of arrival, and that is marked."""
    assert judge(0, synced=False, age_ms=None) == Believed(NOW, clock=True, alert=False)


@pytest.mark.parametrize("text", ["1970-01-01T00:00:00Z", "2099-12-31T23:59:59Z", "2024-01-10T08:29:59.999Z"])
def test_an_unbelievable_time_gives_way_to_the_age(text: str) -> None:
    """1970, 2099 and more than 24 h before the first item are replaced by received - age and marked."""
    assert judge(to_ms(text), age_ms=2_000) == Believed(NOW - 2_000, clock=True, alert=True)


def test_five_seconds_and_a_millisecond_ahead_is_too_far() -> None:
    """The limit of 5 s ahead is exact."""
    assert judge(NOW + 5_001) == Believed(NOW, clock=True, alert=True)


def test_exactly_a_day_before_the_first_item_is_believed() -> None:
    """The limit of 24 h is exact, and so old a scan with its age is no reason for an alert."""
    assert judge(FIRST - DAY, age_ms=NOW - FIRST + DAY) == Believed(FIRST - DAY, clock=False, alert=False)


def test_a_clock_that_is_over_a_minute_off_stays_and_is_reported() -> None:
    """More than 60 s between the time and received - age: the time stays the device's, with an alert."""
    assert judge(NOW - 90_000) == Believed(NOW - 90_000, clock=False, alert=True)
    assert judge(NOW - 60_000) == Believed(NOW - 60_000, clock=False, alert=False)


def test_a_late_scan_with_its_age_is_no_clock_fault() -> None:
    """Twenty minutes offline, said so by `age_ms`: the time counts and nobody is alarmed."""
    assert judge(NOW - 1_200_000, age_ms=1_200_000) == Believed(NOW - 1_200_000, clock=False, alert=False)


@given(st.integers(-(2**60), 2**60), st.booleans(), st.none() | st.integers(0, 2**53))
def test_whatever_a_device_says_the_moment_is_one_that_can_be_kept(
    at_ms: int, synced: bool, age_ms: int | None
) -> None:
    """The moment is never more than 5 s ahead nor a day before the first item, so it can be written down."""
    moment = judge(at_ms, synced=synced, age_ms=age_ms).at_ms
    assert FIRST - DAY <= moment <= NOW + 5_000
    assert to_text(moment)
