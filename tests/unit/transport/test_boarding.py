"""What a coach answers: the table of CONTRACT section 4, row by row."""

import pytest

from shared.programme import Policy, Run, load_programme
from shared.scans import BadgeState
from tests.support.transport import PROGRAMME, at
from transport.domain.boarding import Decision, Known, Load, Wheels, refuse, run_of_scan, step_in, step_off
from transport.domain.run import Log, State, Taken

DAY = load_programme(PROGRAMME)
RUN: Run = DAY.run("t1-b1")
ROOM = Load(seats=4, listed=3, aboard=1)
LISTED_FULL = Load(seats=4, listed=4, aboard=1)
FULL = Load(seats=4, listed=4, aboard=4)
B, C, D = State.BOARDING, State.LAST_CALL, State.DEPARTED


def log(run: str, *steps: tuple[str, str]) -> Log:
    """A run with steps at local times."""
    return Log(run=run, steps=tuple(Taken(letter=letter, at_ms=at(clock), by="c") for letter, clock in steps))


@pytest.mark.parametrize(
    ("state", "policy", "is_aboard", "seat", "load", "expected"),
    [
        (B, "advise", False, "t1-b1", ROOM, ("admit", "aboard")),
        (B, "advise", False, "t1-b1", LISTED_FULL, ("admit", "aboard")),
        (B, "advise", False, "t1-b1", FULL, ("refuse", "full")),
        (B, "advise", True, "t1-b1", FULL, ("admit", "again")),
        (B, "advise", False, None, ROOM, ("warn", "not-listed")),
        (B, "advise", False, None, LISTED_FULL, ("refuse", "full")),  # the seats are kept for the listed …
        (C, "advise", False, None, LISTED_FULL, ("warn", "not-listed")),  # … until last call
        (B, "advise", False, "t1-b2", ROOM, ("warn", "other-run")),
        (B, "advise", False, "t1-b2", FULL, ("refuse", "full")),
        (B, "strict", False, "t1-b1", ROOM, ("admit", "aboard")),
        (B, "strict", False, None, ROOM, ("refuse", "not-listed")),
        (B, "strict", False, "t1-b2", ROOM, ("refuse", "other-run")),
        (B, "count", False, None, FULL, ("admit", "aboard")),
        (D, "advise", False, "t1-b1", ROOM, ("refuse", "departed")),
        (D, "advise", True, "t1-b1", ROOM, ("admit", "again")),
        (D, "count", False, "t1-b1", ROOM, ("refuse", "departed")),
        (State.ARRIVED, "advise", False, "t1-b1", ROOM, ("refuse", "departed")),
        (State.CLOSED, "advise", False, "t1-b1", ROOM, ("refuse", "departed")),
        (State.PLANNED, "advise", False, "t1-b1", ROOM, ("refuse", "closed")),
        (State.HALTED, "advise", False, "t1-b1", ROOM, ("refuse", "closed")),
        (State.CANCELLED, "advise", False, "t1-b1", ROOM, ("refuse", "closed")),
        (B, "advise", False, None, Load(None, 900, 900), ("warn", "not-listed")),  # seats not known: always room
        (B, "advise", False, "t1-b1", Load(4, 4, 2, nameless=2), ("refuse", "full")),  # counted without a name
    ],
)
def test_getting_in(
    state: State, policy: Policy, is_aboard: bool, seat: str | None, load: Load, expected: tuple[str, str]
) -> None:
    """Outcome and reason; only who is let in is at the run from then on."""
    decision = step_in(RUN, state, policy, Known(is_aboard, seat, load))
    assert decision[:2] == expected
    assert decision.place == (None if expected[0] == "refuse" else "t1-b1")


@pytest.mark.parametrize("badge", ["unknown", "forged", "revoked", "wrong-event"])
def test_a_badge_of_nobody_is_refused_as_what_it_is(badge: BadgeState) -> None:
    """Never a sighting."""
    assert tuple(refuse(badge)) == ("refuse", badge, None)


@pytest.mark.parametrize(
    ("steps", "clock", "place"),
    [
        ([("B", "11:20")], "11:30", "church"),
        ([("B", "11:20"), ("D", "11:40")], "11:40", "church"),  # at the very moment the door is still open
        ([("B", "11:20"), ("D", "11:40")], "11:45", "mill"),
        ([("B", "11:20"), ("D", "11:40"), ("E", "11:50")], "11:51", "mill"),
        ([("B", "11:20"), ("D", "11:40"), ("E", "11:50"), ("F", "11:55")], "12:30", "mill"),
        ([("B", "11:20"), ("D", "11:40"), ("J", "11:43")], "11:44", "underway"),  # beside the road
        ([("B", "11:20"), ("J", "11:30")], "11:35", "church"),
        ([], "11:00", "church"),
    ],
)
def test_getting_off(steps: list[tuple[str, str]], clock: str, place: str) -> None:
    """Before departure one is at the origin again, after it at the destination."""
    assert step_off(RUN, log("t1-b1", *steps), at(clock)) == Decision("admit", "off", place)


@pytest.mark.parametrize(
    ("clock", "steps", "steps_later", "run"),
    [
        ("11:00", [], [], "t1-b1"),  # nothing open yet: the first that has not arrived
        ("11:30", [("B", "11:20")], [], "t1-b1"),
        ("12:30", [("B", "11:20"), ("D", "11:40"), ("E", "11:50")], [("B", "13:20")], "t1-b1"),  # read before that
        ("13:20", [("B", "11:20"), ("D", "11:40"), ("E", "11:50")], [("B", "13:20")], "t2-b1"),
        ("11:10", [("B", "11:20"), ("D", "11:40"), ("E", "11:50")], [], "t1-b1"),  # it had not arrived then
        ("11:30", [("B", "11:20"), ("G", "11:25")], [], "t2-b1"),  # a cancelled run takes nobody
        ("11:24", [("B", "11:20"), ("G", "11:25")], [], "t1-b1"),  # it was not cancelled yet
        ("14:00", [("G", "11:25")], [("G", "13:20")], None),
    ],
)
def test_a_scan_belongs_to_the_run_that_was_open_then(
    clock: str, steps: list[tuple[str, str]], steps_later: list[tuple[str, str]], run: str | None
) -> None:
    """The latest opened by the moment of the scan, else the first that had not arrived then; whatever came in later."""
    logs = {"t1-b1": log("t1-b1", *steps), "t2-b1": log("t2-b1", *steps_later)}
    found = run_of_scan(DAY, logs, "b1", at(clock))
    assert (found.id if found else None) == run


@pytest.mark.parametrize(
    ("state", "listed", "wheelchair", "room"),
    [
        (State.BOARDING, False, True, False),  # the place is kept for who has it
        (State.BOARDING, True, True, True),
        (State.LAST_CALL, False, True, True),  # they did not come
        (State.BOARDING, False, False, False),  # and so is the seat beside it, for who comes along
        (State.LAST_CALL, False, False, True),
    ],
)
def test_a_wheelchair_place_and_its_companions_seat_are_kept_until_last_call(
    state: State, listed: bool, wheelchair: bool, room: bool
) -> None:
    """Six seats, one place that costs four: it and two others leave nothing over; nobody is there yet."""
    load = Load(seats=6, listed=3, aboard=0, wheels=Wheels(places=1, listed=1, aboard=0, seats=4))
    assert load.has_room(state, listed=listed, wheelchair=wheelchair) is room


def test_a_wheelchair_takes_the_seats_that_it_costs() -> None:
    """Six seats of which one wheelchair costs four: two more people, or none where another wheelchair is."""
    wheels = Wheels(places=2, listed=1, aboard=1, seats=4)
    assert Load(6, 1, 1, wheels=wheels).has_room(State.LAST_CALL, listed=True)
    assert Load(6, 2, 2, wheels=wheels).has_room(State.LAST_CALL, listed=True)
    assert not Load(6, 3, 3, wheels=wheels).has_room(State.LAST_CALL, listed=True)
    assert not Load(6, 1, 1, wheels=wheels).has_room(State.LAST_CALL, listed=True, wheelchair=True)
    assert not Load(6, 1, 1, nameless=2, wheels=wheels).has_room(State.LAST_CALL, listed=True)
