"""What acts come to: the later one holds, what is taken back does not, whatever came in first (docs/runs.md)."""

import itertools
from typing import Any

import pytest

from tests.support.runs import log
from tests.support.transport import at
from transport.domain.acts import NOTHING, Act, Kind, Marks, counted, marks, standing


def act(kind: Kind, clock: str, *, identity: str = "", run: str = "t1-b1", **members: Any) -> Act:
    """One act."""
    return Act(id=identity or f"{kind}-{clock}", run=run, kind=kind, at_ms=at(clock), **members)


def come_to(*acts: Act, until: str = "") -> Marks:
    """What they come to on t1-b1; the same in every order of coming in."""
    orders = list(itertools.permutations(acts)) if len(acts) < 5 else [acts, acts[::-1]]
    found = [marks(standing(order, until_ms=at(until) if until else None)).get("t1-b1", NOTHING) for order in orders]
    assert all(one == found[0] for one in found)
    return found[0]


def test_nothing_was_said() -> None:
    """Not counted, nobody nameless."""
    assert come_to() == Marks(counted=None, counted_ms=-1, nameless=0, settled=None)


def test_the_later_count_holds() -> None:
    """By its own moment, and by its id where two are of one moment."""
    assert come_to(act("count", "11:30", counted=40), act("count", "11:35", counted=41)).counted == 41
    both = act("count", "11:30", identity="b", counted=40), act("count", "11:30", identity="a", counted=41)
    assert come_to(*both).counted == 40


def test_nobody_counted_zero_is_not_nobody() -> None:
    """An empty coach is counted, too."""
    assert come_to(act("count", "11:30", counted=0)).counted == 0


def test_nameless_people_add_up_and_are_never_fewer_than_none() -> None:
    """+1 and −1 of two phones."""
    plus, minus = act("nameless", "11:30", change=2), act("nameless", "11:31", change=-1)
    assert come_to(plus, minus).nameless == 1
    assert come_to(minus).nameless == 0


def test_an_undo_takes_back_whenever_it_comes_in() -> None:
    """Also before what it takes back; but not what is on another run."""
    count, undo = act("count", "11:30", identity="c", counted=40), act("undo", "11:31", undoes="c")
    assert come_to(count, undo).counted is None
    early = act("undo", "11:29", undoes="c")  # its clock was behind
    assert come_to(count, early).counted is None
    assert come_to(count, act("undo", "11:31", run="t1-b2", undoes="c")).counted == 40


def test_what_was_taken_back_later_stands_until_then() -> None:
    """Asked for the moment before it."""
    count, undo = act("count", "11:30", identity="c", counted=40), act("undo", "11:35", undoes="c")
    assert come_to(count, undo, until="11:34").counted == 40
    assert come_to(count, undo, until="11:35").counted is None
    assert come_to(count, until="11:29").counted is None


def test_an_undo_is_not_undone() -> None:
    """As a void of a void has no effect."""
    count = act("count", "11:30", identity="c", counted=40)
    undo = act("undo", "11:31", identity="u", undoes="c")
    assert come_to(count, undo, act("undo", "11:32", undoes="u")).counted is None


@pytest.mark.parametrize("why", ["own-travel", "stays", "away", "not-here"])
def test_an_excuse_holds_until_a_hand_takes_them_aboard(why: str) -> None:
    """And a later one holds again."""
    excuse = act("excuse", "11:30", person="p1", why=why, name="M. Jansen")
    found = come_to(excuse).excuses["p1"]
    assert (found.why, found.by, found.at_ms, found.run) == (why, "M. Jansen", at("11:30"), "t1-b1")
    assert come_to(excuse, act("aboard", "11:33", person="p1")).excuses == {}
    assert come_to(excuse, act("aboard", "11:28", person="p1")).excuses.keys() == {"p1"}
    again = act("excuse", "11:35", person="p1", why="stays")
    assert come_to(excuse, act("aboard", "11:33", person="p1"), again).excuses["p1"].why == "stays"


def test_an_excuse_says_which_run_takes_them() -> None:
    """Another person's says nothing."""
    excuse = act("excuse", "11:30", person="p1", why="other-run", to="t1-b2")
    found = come_to(excuse, act("aboard", "11:33", person="p2")).excuses
    assert {person: one.to for person, one in found.items()} == {"p1": "t1-b2"}


def test_the_later_correction_of_each_time_holds() -> None:
    """Departure and arrival each on their own."""
    found = come_to(
        act("estimate", "11:30", depart_ms=at("11:45"), arrive_ms=at("11:55")),
        act("estimate", "11:35", arrive_ms=at("12:00")),
    )
    assert (found.depart_ms, found.arrive_ms) == (at("11:45"), at("12:00"))


def test_each_run_has_its_own() -> None:
    """What is said of one is not said of another."""
    said = [act("count", "11:30", counted=40), act("count", "11:31", run="t1-b2", counted=3)]
    assert {run: of.counted for run, of in marks(standing(said)).items()} == {"t1-b1": 40, "t1-b2": 3}


@pytest.mark.parametrize(
    ("acts", "steps", "with_steps", "expected"),
    [
        ([], "", {}, None),
        ([], "B 11:20, D 11:40", {"D": 14}, 14),
        ([act("count", "11:35", counted=13)], "B 11:20, D 11:40", {"D": 14}, 14),
        ([act("count", "11:45", counted=13)], "B 11:20, D 11:40", {"D": 14}, 13),
        ([act("count", "11:35", counted=13)], "B 11:20, D 11:40", {}, 13),
        # another coach took it over: what was counted before is not what is in it
        ([], "B 11:20, D 11:40, J 11:43, K 11:45", {"D": 14}, None),
        ([act("count", "11:44", counted=13)], "B 11:20, D 11:40, J 11:43, K 11:45", {"D": 14}, None),
        ([act("count", "11:46", counted=13)], "B 11:20, D 11:40, J 11:43, K 11:45", {"D": 14}, 13),
        ([], "B 11:20, J 11:30, K 11:32, D 11:40", {"D": 14}, 14),
    ],
)
def test_the_hand_count_is_the_last_of_this_coach(
    acts: list[Act], steps: str, with_steps: dict[str, int], expected: int | None
) -> None:
    """As an act, or with a step."""
    assert counted(come_to(*acts), log("t1-b1", steps, **with_steps)).counted == expected


def test_a_difference_is_settled_until_somebody_counts_again() -> None:
    """By an act, with a step, or because another coach has come."""
    count, settle = act("count", "11:39", counted=15), act("settle", "11:50", reason="the driver was counted")
    left = log("t1-b1", "B 11:20, D 11:40", D=15)
    assert counted(come_to(count, settle), left).settled == "the driver was counted"
    assert counted(come_to(count, settle, act("count", "11:55", counted=15)), left).settled is None
    assert counted(come_to(settle), log("t1-b1", "B 11:20, D 11:55", D=15)).settled is None
    assert counted(come_to(count, settle), log("t1-b1", "B 11:20, D 11:40, K 11:55")).settled is None


@pytest.mark.parametrize(("found", "named", "expected"), [(None, 3, None), (5, 3, 1), (4, 3, 0), (3, 3, -1)])
def test_the_difference(found: int | None, named: int, expected: int | None) -> None:
    """Counted less named less nameless; none while nobody counted."""
    assert Marks(counted=found, nameless=1).difference(named) == expected
