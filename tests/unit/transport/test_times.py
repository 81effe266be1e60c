"""When runs open, depart and arrive: planned, expected, real; what a late one shifts, and which items it touches."""

from typing import Any

import pytest

from shared import instants
from shared.programme import load_programme
from tests.support.runs import log, small_day
from tests.support.transport import PROGRAMME, at
from transport.domain.acts import Marks
from transport.domain.run import Log
from transport.domain.times import Moment, Times, estimate, touched

DAY = small_day()


def expected(run: str = "t1-b1", *, now: str = "11:30", marks: Marks | None = None, **more: Any) -> Times:
    """The times of one run; `more` has the logs of runs by id, with `_` for `-`, and trackers."""
    trackers = more.pop("trackers", None)
    done = {name.replace("_", "-"): of for name, of in more.items()}
    logs: dict[str, Log] = {one.id: done.get(one.id, log(one.id)) for one in DAY.runs}
    return estimate(DAY, logs, {run: marks} if marks else {}, at(now), trackers)[run]


def clocks(times: Times) -> list[str]:
    """When it is expected to open, depart and arrive, local."""
    moments = (times.open, times.depart, times.arrive)
    return [f"{DAY.local(moment.estimated_ms):%H:%M:%S}".removesuffix(":00") for moment in moments]


def real(times: Times) -> list[str | None]:
    """When it really did."""
    moments = (times.open.real_ms, times.depart.real_ms, times.arrive.real_ms)
    return [None if moment is None else f"{DAY.local(moment):%H:%M}" for moment in moments]


def test_before_anything_happened_it_is_as_planned() -> None:
    """Planned and expected are the same, and nothing is real."""
    times = expected(now="10:00")
    assert clocks(times) == ["11:20", "11:40", "11:50"]
    assert real(times) == [None, None, None]
    assert times.late_ms == 0


@pytest.mark.parametrize(
    ("steps", "now", "want", "happened"),
    [
        ("B 11:22", "11:30", ["11:22", "11:40", "11:50"], ["11:22", None, None]),
        ("B 11:20, D 11:36", "11:37", ["11:20", "11:36", "11:46"], ["11:20", "11:36", None]),
        ("B 11:20, D 11:36, E 11:44", "11:45", ["11:20", "11:36", "11:44"], ["11:20", "11:36", "11:44"]),
        ("B 11:20, D 11:45", "11:46", ["11:20", "11:45", "11:55"], ["11:20", "11:45", None]),
        # should have gone by now: the next minute at the earliest; on the minute: now
        ("B 11:20", "11:41:30", ["11:20", "11:42", "11:52"], ["11:20", None, None]),
        ("B 11:20, C 11:39", "11:41", ["11:20", "11:41", "11:51"], ["11:20", None, None]),
        ("", "11:41:30", ["11:20", "11:42", "11:52"], [None, None, None]),
        # should have arrived by now
        ("B 11:20, D 11:40", "11:57:30", ["11:20", "11:40", "11:58"], ["11:20", "11:40", None]),
        # beside the road
        ("B 11:20, D 11:40, J 11:43", "11:55", ["11:20", "11:40", "11:55"], ["11:20", "11:40", None]),
        # a relief coach is boarded: when it went is not real any more
        ("B 11:20, D 11:40, J 11:43, K 11:45", "11:46", ["11:20", "11:46", "11:56"], ["11:20", None, None]),
        ("B 11:20, D 11:40, J 11:43, K 11:45, D 11:52", "11:53", ["11:20", "11:52", "12:02"], ["11:20", "11:52", None]),
        # opened again
        ("B 11:20, D 11:40, H 11:41", "11:41:30", ["11:20", "11:42", "11:52"], ["11:20", None, None]),
        # cancelled: nothing of it shifts
        ("B 11:20, G 11:25", "11:55", ["11:20", "11:40", "11:50"], ["11:20", None, None]),
    ],
)
def test_what_happened_moves_what_is_to_come(steps: str, now: str, want: list[str], happened: list[str | None]) -> None:
    """Real times as they were; what follows by the leg's driving time."""
    times = expected(now=now, t1_b1=log("t1-b1", steps))
    assert (clocks(times), real(times)) == (want, happened)


def test_a_correction_by_hand_stands_before_what_is_worked_out() -> None:
    """Its departure shifts its arrival; its arrival stands before a tracker's."""
    assert clocks(expected(marks=Marks(depart_ms=at("11:48"))))[1:] == ["11:48", "11:58"]
    by_hand = Marks(arrive_ms=at("12:05"))
    assert clocks(expected(marks=by_hand, trackers={"t1-b1": at("11:55")}))[1:] == ["11:40", "12:05"]
    assert clocks(expected(trackers={"t1-b1": at("11:55")}))[1:] == ["11:40", "11:55"]


def test_what_is_real_stands_before_every_correction() -> None:
    """It has departed, whatever was expected."""
    times = expected(now="11:50", marks=Marks(depart_ms=at("11:48")), t1_b1=log("t1-b1", "B 11:20, D 11:41"))
    assert clocks(times)[1:] == ["11:41", "11:51"]


def test_late_is_after_the_planned_arrival_early_is_not() -> None:
    """In milliseconds."""
    assert expected(now="11:46", t1_b1=log("t1-b1", "B 11:20, D 11:45")).late_ms == 5 * 60_000
    assert expected(now="11:37", t1_b1=log("t1-b1", "B 11:20, D 11:36")).late_ms == 0


def test_a_coach_that_comes_late_opens_its_next_run_late() -> None:
    """t2-b1 is on the same coach as t1-b1, which arrives at 13.27 where 11.50 was planned."""
    late = log("t1-b1", "B 11:20, D 13:17")
    assert clocks(expected("t2-b1", now="13:18", t1_b1=late)) == ["13:27", "13:47", "13:57"]
    other = log("t1-b2", "B 11:20, D 11:44, E 11:54")
    assert clocks(expected("t2-b2", now="13:18", t1_b1=late, t1_b2=other)) == ["13:20", "13:44", "13:54"]


def test_a_cancelled_run_holds_no_coach_up_and_a_relief_coach_takes_the_delay_over() -> None:
    """The coach of a run that does not go is free, however late it was said to come; so is one that broke down."""
    logs = {run.id: log(run.id) for run in DAY.runs} | {"t1-b1": log("t1-b1", "B 11:20, G 13:10")}
    never = estimate(DAY, logs, {"t1-b1": Marks(arrive_ms=at("13:40"))}, at("13:18"))
    assert clocks(never["t2-b1"])[0] == "13:20"
    relieved = log("t1-b1", "B 11:20, D 11:40, J 11:43, K 11:45, D 13:17")
    assert clocks(expected("t2-b1", now="13:18", t1_b1=relieved))[0] == "13:20"


def test_a_coach_needs_its_time_to_turn_round() -> None:
    """Ten minutes after it arrives, by its number in the programme."""
    slow = load_programme(PROGRAMME.replace(b"{id: b1, name: B1,", b"{id: b1, name: B1, turn_round: 10,"))
    logs = {run.id: log(run.id) for run in slow.runs} | {"t1-b1": log("t1-b1", "B 11:20, D 13:05")}
    times = estimate(slow, logs, {}, at("13:06"))["t2-b1"]
    assert instants.to_text(times.open.estimated_ms) == instants.to_text(at("13:25"))


def test_only_the_runs_of_these_coaches_are_worked_out() -> None:
    """For who wants no more."""
    logs = {run.id: log(run.id) for run in DAY.runs}
    assert set(estimate(DAY, logs, {}, at("11:30"), coaches={"b2"})) == {"t1-b2", "t2-b2"}


@pytest.mark.parametrize(
    ("arrive", "groups", "found"),
    [
        ("12:00", ["north", "north"], []),  # in time for the item at twelve
        ("12:04", ["north", "north"], [("visit-mill", 4, 2)]),
        ("12:04", ["north", "south"], [("visit-mill", 4, 1)]),  # the other's item is somewhere else
        ("12:04", ["", "south"], []),
        ("12:04", [], []),
    ],
)
def test_which_items_a_late_run_touches(arrive: str, groups: list[str], found: list[tuple[str, int, int]]) -> None:
    """Items at the destination that begin before it arrives, with how late and for how many."""
    times = _arriving(at(arrive))
    late = touched(DAY, DAY.run("t1-b1"), times, [frozenset({group} if group else ()) for group in groups])
    assert [(one.item, one.late_ms // 60_000, one.people) for one in late] == found


def _arriving(at_ms: int) -> Times:
    run = DAY.run("t1-b1")
    opened, depart, arrive = (
        Moment(planned_ms=planned_ms, estimated_ms=estimated_ms, real_ms=None)
        for planned_ms, estimated_ms in (
            (run.open_ms, run.open_ms),
            (run.depart_ms, run.depart_ms),
            (run.arrive_ms, at_ms),
        )
    )
    return Times(open=opened, depart=depart, arrive=arrive)
