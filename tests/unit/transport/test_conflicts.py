"""Somebody boarded on two runs of one transfer: who is to be looked at, and until when (CONTRACT section 8)."""

import pytest

from tests.support.runs import stays
from transport.domain.conflicts import conflicts

RUNS = {"t1-b1", "t1-b2", "t1-b3"}


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ("church 10:30", None),
        ("t1-b1 11:25", None),
        ("t1-b1 11:25, t1-b1 11:26", None),  # the same badge held twice
        ("t1-b1 11:25, t1-b2 11:30", ("t1-b1", "t1-b2")),
        ("t1-b1 11:25 manual, t1-b2 11:30 manual", ("t1-b1", "t1-b2")),
        ("t1-b1 11:25, church 11:27, t1-b2 11:30", None),  # got off in between
        ("t1-b1 11:25, underway 11:27, t1-b2 11:30", None),
        ("t1-b1 11:25, t1-b2 11:30, mill 11:50", None),  # seen elsewhere since
        ("t1-b1 11:25, t1-b2 11:30, mill 11:50 implied", None),
        ("t1-b1 11:25, t1-b2 11:30, t1-b2 11:31", ("t1-b1", "t1-b2")),  # a badge again is no word of a human
        ("t1-b1 11:25, t1-b2 11:30, t1-b2 11:31 manual", None),  # a coordinator says: yes, here
        ("t1-b1 11:25, t1-b2 11:30, t1-b1 11:31 manual", None),  # or: no, there
        ("t1-b1 11:25, t1-b2 11:30, t1-b1 11:31 manual, t1-b2 11:33", ("t1-b1", "t1-b2")),  # and then again
        ("t1-b1 11:25, t1-b2 11:30, t1-b1 11:31", ("t1-b2", "t1-b1")),  # what stands is where they are
        ("t1-b1 11:25, t2-b1 13:25", None),  # of another transfer
    ],
)
def test_two_boardings_with_no_place_between_them(seen: str, expected: tuple[str, str] | None) -> None:
    """The later one stands; over when a hand says so afterwards, or they are seen anywhere else."""
    found = conflicts({"p": stays(seen)}, RUNS)
    assert [(one.earlier.place, one.later.place) for one in found] == ([expected] if expected else [])


def test_everybody_on_their_own_in_order() -> None:
    """By person; what one did says nothing of another."""
    twice = stays("t1-b1 11:25, t1-b2 11:30")
    found = conflicts({"q": twice, "p": twice, "r": stays("t1-b1 11:25")}, RUNS)
    assert [one.person for one in found] == ["p", "q"]
