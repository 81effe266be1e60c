"""Acts of coordinators' hands on a real database: what each kind does, twice, taken back, late, refused with why."""

from typing import Any

import pytest

from shared.facts import Text
from shared.ids import implied_id
from tests.support.transport import Make, World, at
from transport.domain import words
from transport.domain.acts import Act, Kind
from transport.domain.run import Vehicle
from transport.handlers.sheet_shapes import ActAnswer, RiderLine, Sheet
from transport.handlers.steps import GateClosed, Stepped

LARGE = Vehicle(coach="r1", name="R1", seats=8, wheelchairs=1)
SMALL = Vehicle(coach="r2", name="R2", seats=2, wheelchairs=0)


def act(kind: Kind, clock: str, *, identity: str = "", run: str = "t1-b1", **members: Any) -> Act:
    """One act of a coordinator."""
    name = "-".join([kind, clock.replace(":", ""), run, str(members.get("person") or members.get("step") or "")])
    return Act(id=identity or name, run=run, kind=kind, at_ms=at(clock), by="coordinator-1", **members)


def do(world: World, *acts: Act, clock: str = "") -> list[ActAnswer]:
    """Hand them in, at a moment or at that of the last one."""
    world.clock.now = max(world.clock.now, at(clock) if clock else max(one.at_ms for one in acts))
    return world.transport.act(acts)


def sheet(world: World, run: str = "t1-b1") -> Sheet:
    """All of a run."""
    found = world.transport.sheet(run)
    assert found is not None
    return found


def rider(world: World, person: str, run: str = "t1-b1") -> RiderLine | None:
    """Somebody on a run's sheet."""
    return next((one for one in sheet(world, run).persons or () if one.person == person), None)


def letter(world: World, person: str, run: str = "t1-b1") -> str | None:
    """How far somebody is."""
    found = rider(world, person, run)
    return found.letter if found else None


PEOPLE = (
    ("p1", "north", "Almelo", ""),
    ("p2", "north", "Almelo", ""),
    ("p3", "north", "Almelo", "rolstoel"),
    ("p4", "north", "Zwolle", ""),
    ("p5", "north", "Zwolle", ""),
    ("p6", "north", "Almelo", ""),
    ("s1", "south", "Oss", ""),
    ("s2", "south", "Oss", ""),
    ("free", "", "", ""),
)


@pytest.fixture
def kerb(make: Make) -> World:
    """Seen at the church at 10.30; `t1-b1`, `t1-b2` and `t1-b3` open since 11.20.

    On B1 (4 seats) sit the four of Almelo, p3 in a wheelchair, on B2 (3 seats) p4 and p5, on B3 to the hall s1 and s2.
    """
    world = make()
    world.cards(*PEOPLE)
    world.settle()
    for person, *_ in PEOPLE:
        world.seen(person, "church", "10:30")
    for run in ("t1-b1", "t1-b2", "t1-b3"):
        world.step(run, "open", "11:20")
    world.tick()
    assert [world.listed(f"t1-b{n}") for n in (1, 2, 3)] == [["p1", "p2", "p3", "p6"], ["p4", "p5"], ["s1", "s2"]]
    return world


# -- each kind ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "found", "how", "flags"),
    [
        ({"person": "p1"}, "c", "manual", ()),
        ({"badge": "badge-p1"}, "b", "scanned", ()),
        ({"person": "p4"}, "e", "manual", ("other-run",)),
        ({"badge": "badge-s1"}, "e", "scanned", ("other-run", "elsewhere")),
        ({"person": "free"}, "d", "manual", ("not-listed",)),
    ],
)
def test_aboard_is_recorded_and_flagged(
    kerb: World, members: dict[str, str], found: str, how: str, flags: tuple[str, ...]
) -> None:
    """By name or by badge, whoever it is; a seat elsewhere is freed."""
    person = members.get("person") or members["badge"].removeprefix("badge-")
    (answer,) = do(kerb, act("aboard", "11:25", **members))
    assert (answer.outcome, answer.letter, answer.flags, answer.why) == ("done", found, flags, None)
    line = rider(kerb, person)
    assert line is not None
    assert (line.how, line.act, kerb.places()[person]) == (how, answer.id, "t1-b1")
    kerb.tick()
    assert person in kerb.listed("t1-b1")
    assert person not in [*kerb.listed("t1-b2"), *kerb.listed("t1-b3")]


def test_who_stands_in_the_door_is_never_refused(kerb: World) -> None:
    """Not in a full coach, not in one that departed: it is said, and they are in it."""
    do(kerb, *(act("aboard", "11:25", run="t1-b2", person=person) for person in ("p4", "p5", "p1")))
    (answer,) = do(kerb, act("aboard", "11:26", run="t1-b2", person="p2"))
    assert answer.flags == ("full", "other-run")
    kerb.step("t1-b2", "depart", "11:44")
    (answer,) = do(kerb, act("aboard", "11:45", run="t1-b2", person="p6"))
    assert (answer.outcome, answer.flags) == ("done", ("full", "departed", "other-run"))
    assert sheet(kerb, "t1-b2").numbers.aboard == 5


@pytest.mark.parametrize(
    ("steps", "clock", "place", "found"),
    [
        ([], "11:30", "church", "f"),
        ([("depart", "11:40"), ("halt", "11:43")], "11:44", "underway", "f"),
        ([("depart", "11:40"), ("arrive", "11:50")], "11:51", "mill", "i"),
    ],
)
def test_off_is_where_the_coach_is(
    kerb: World, steps: list[tuple[str, str]], clock: str, place: str, found: str
) -> None:
    """At the origin, beside the road after a breakdown, at the destination."""
    do(kerb, act("aboard", "11:25", person="p1"))
    for step, when in steps:
        assert isinstance(kerb.step("t1-b1", step, when), Stepped)
    do(kerb, act("off", clock, person="p1"))
    assert (kerb.places()["p1"], letter(kerb, "p1")) == (place, found)


def test_off_is_where_the_coach_was_by_what_comes_in_later(kerb: World) -> None:
    """The other phone said at 11.43 that the coach had broken down; it comes in after who got off."""
    do(kerb, act("aboard", "11:25", person="p1"))
    kerb.step("t1-b1", "depart", "11:40")
    do(kerb, act("off", "11:44", person="p1"))
    assert kerb.places()["p1"] == "mill"
    do(kerb, act("step", "11:43", step="halt", reason="smoke"), clock="11:50")
    assert kerb.places()["p1"] == "underway"


def test_here_finds_whoever_was_left_behind(kerb: World) -> None:
    """Seen at a place, by hand."""
    kerb.step("t1-b1", "depart", "11:40")
    assert letter(kerb, "p1") == "h"
    do(kerb, act("here", "11:48", person="p1", place="church"))
    assert (kerb.places()["p1"], letter(kerb, "p1")) == ("church", "k")


@pytest.mark.parametrize(("kind", "members"), [("away", {}), ("excuse", {"why": "away"})])
def test_away_is_for_good(kerb: World, kind: Kind, members: dict[str, str]) -> None:
    """Both ways to say it: nobody waits, and they are in no place."""
    do(kerb, act(kind, "11:30", person="p1", **members))
    assert (kerb.places()["p1"], letter(kerb, "p1")) == ("away", "g")


@pytest.mark.parametrize("why", ["own-travel", "stays", "not-here"])
def test_an_excuse_settles_and_moves_nobody(kerb: World, why: str) -> None:
    """They stay where they are, and the gate does not ask for them."""
    (answer,) = do(kerb, act("excuse", "11:30", person="p1", why=why, name="M. Jansen"))
    line = rider(kerb, "p1")
    assert line is not None
    assert line.excuse is not None
    assert (answer.letter, line.letter, line.excuse.why, line.excuse.by) == ("g", "g", why, "M. Jansen")
    assert (kerb.places()["p1"], "p1" in sheet(kerb).gate.to_settle) == ("church", False)


def test_a_count_and_the_nameless_make_the_difference(kerb: World) -> None:
    """Counted 4, by hand 2, nameless 1: one too many."""
    do(kerb, act("aboard", "11:25", person="p1"), act("aboard", "11:26", person="p2"))
    do(kerb, act("nameless", "11:30", change=2), act("nameless", "11:31", change=-1), act("count", "11:32", counted=4))
    numbers = sheet(kerb).numbers
    assert (numbers.counted, numbers.nameless, numbers.manual, numbers.difference) == (4, 1, 2, 1)
    assert [one.person for one in sheet(kerb).gate.likely] == ["p3", "p6"]


def test_a_settled_difference_lets_the_run_be_closed(kerb: World) -> None:
    """Not before."""
    do(kerb, *(act("aboard", "11:25", person=person) for person in ("p1", "p2", "p3", "p6")))
    kerb.step("t1-b1", "depart", "11:40", counted=5)
    kerb.step("t1-b1", "arrive", "11:50")
    do(kerb, act("alight", "11:51"))
    closed = kerb.step("t1-b1", "close", "11:55", empty=True)
    assert isinstance(closed, GateClosed)
    assert "+1" in closed.refused.why
    do(kerb, act("settle", "11:56", reason="the driver was counted"))
    assert isinstance(kerb.step("t1-b1", "close", "11:57", empty=True), Stepped)
    assert sheet(kerb).numbers.settled == "the driver was counted"


def test_an_estimate_corrects_the_times(kerb: World) -> None:
    """What depends on it follows: the arrival comes ten minutes after the departure."""
    do(kerb, act("estimate", "11:30", depart_ms=at("11:50")))
    times = sheet(kerb).times
    assert (times.depart.estimated, times.arrive.estimated) == ("2024-01-11T10:50:00.000Z", "2024-01-11T11:00:00.000Z")


def test_a_leader_vouches_for_all_in_one_tap(kerb: World) -> None:
    """Each aboard, by hand, with an id of their own."""
    (answer,) = do(kerb, act("vouch", "11:30", identity="vouch-0001", persons=("p1", "p2"), leader="R. Smit"))
    assert answer.outcome == "done"
    assert [letter(kerb, person) for person in ("p1", "p2", "p3")] == ["c", "c", "a"]
    line = rider(kerb, "p1")
    assert line is not None
    assert line.act == implied_id("vouch-0001", "vouch", "p1")


def test_alight_is_all_at_once_by_hand(kerb: World) -> None:
    """Also whoever is heard of afterwards to have been aboard; not whoever was read there before."""
    do(kerb, act("aboard", "11:25", person="p1"), act("aboard", "11:26", person="p6"))
    kerb.step("t1-b1", "depart", "11:40")
    kerb.step("t1-b1", "arrive", "11:50")
    kerb.seen("p6", "mill", "11:51")
    do(kerb, act("alight", "11:52"))
    do(kerb, act("aboard", "11:27", person="p2"), clock="12:15")
    lines = [rider(kerb, person) for person in ("p1", "p2", "p6")]
    assert [(line.letter, line.how) for line in lines if line] == [("i", "manual"), ("i", "manual"), ("i", "scanned")]
    assert kerb.transport.transfer("t1").unconfirmed_count == 0  # type: ignore[union-attr] # there is a t1


def test_a_step_is_an_act_too(kerb: World) -> None:
    """With the hand count and who decided; nobody asks at the gate where there is no network."""
    (answer,) = do(kerb, act("step", "11:40", step="depart", counted=0, name="M. Jansen"))
    assert (answer.outcome, answer.letter) == ("done", "D")
    assert (sheet(kerb).state, sheet(kerb).numbers.counted, letter(kerb, "p1")) == ("departed", 0, "h")


# -- again -------------------------------------------------------------------------------------------


def test_the_same_act_again_changes_nothing_and_gets_its_answer_again(kerb: World) -> None:
    """In one batch, and in the next."""
    one = act("aboard", "11:25", person="p4")
    first = do(kerb, one, one)
    assert first[0] == first[1]
    do(kerb, act("nameless", "11:26", identity="nameless-1", change=1))
    do(kerb, act("off", "11:30", person="p4"))
    again = do(kerb, one, act("nameless", "11:26", identity="nameless-1", change=1), clock="12:00")
    assert again[0] == first[0]
    assert (kerb.places()["p4"], sheet(kerb).numbers.nameless) == ("church", 1)
    kerb.tick()
    assert len([s for s in kerb.sightings() if s.id == one.id]) == 1


def test_a_step_that_comes_twice_is_one(kerb: World) -> None:
    """Two phones that both depart: the first by its moment stands, whichever comes in first."""
    do(kerb, act("step", "11:42", identity="depart-b", step="depart"))
    (kept,) = do(kerb, act("step", "11:41", identity="depart-a", step="depart"), clock="11:45")
    assert kept.outcome == "done"
    (again,) = do(kerb, act("step", "11:42", identity="depart-b", step="depart"), clock="11:46")
    assert again.outcome == "done"  # as it was answered then
    assert sheet(kerb).times.depart.real == "2024-01-11T10:41:00.000Z"


# -- taking back -------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_first", [False, True], ids=["after", "before"])
def test_an_undo_takes_a_boarding_back_whichever_comes_in_first(kerb: World, *, is_first: bool) -> None:
    """The seat that was freed elsewhere is theirs again; it never counts, for no moment of the past either."""
    boarding = act("aboard", "11:25", identity="aboard-0001", person="p4")
    undo = act("undo", "11:26", undoes="aboard-0001", person="p4")
    for one in (undo, boarding) if is_first else (boarding, undo):
        do(kerb, one, clock="11:30")
    assert (kerb.places()["p4"], letter(kerb, "p4"), letter(kerb, "p4", "t1-b2")) == ("church", None, "a")
    kerb.tick()
    assert kerb.listed("t1-b2") == ["p4", "p5"]
    view = kerb.transport.transfer("t1", at("11:25"))
    assert view is not None
    assert view.totals.aboard == 0


def test_an_undo_needs_no_person(kerb: World) -> None:
    """What it takes back says whom it is about."""
    do(kerb, act("aboard", "11:25", identity="aboard-0001", person="p1"), act("undo", "11:26", undoes="aboard-0001"))
    kerb.scan("badge-p2", "coach-b1", "11:25", identity="scan-of-p2")
    do(kerb, act("undo", "11:27", undoes="scan-of-p2"))
    assert (letter(kerb, "p1"), letter(kerb, "p2")) == ("a", "a")


@pytest.mark.parametrize("is_first", [False, True], ids=["after", "before"])
def test_an_undo_takes_a_badge_back_that_was_read_in_the_coach(kerb: World, *, is_first: bool) -> None:
    """The badge of somebody who only held it before the reader."""
    undo = act("undo", "11:26", undoes="scan-of-p1", person="p1")
    if is_first:
        do(kerb, undo, clock="11:30")
    assert kerb.scan("badge-p1", "coach-b1", "11:25", identity="scan-of-p1").reason == "aboard"
    if not is_first:
        do(kerb, undo, clock="11:30")
    assert (kerb.places()["p1"], letter(kerb, "p1")) == ("church", "a")


def test_an_undo_of_a_boarding_takes_the_same_badge_held_twice_back_too(kerb: World) -> None:
    """But not an earlier stay that they got off from, nor what comes after the undo."""
    for clock in ("11:24", "11:24:03"):
        kerb.scan("badge-p1", "coach-b1", clock)
    do(kerb, act("aboard", "11:25", identity="aboard-0001", person="p1"), act("undo", "11:26", undoes="aboard-0001"))
    assert kerb.places()["p1"] == "church"
    do(kerb, act("aboard", "11:30", person="p1"))
    assert letter(kerb, "p1") == "c"


@pytest.mark.parametrize(
    ("taken_back", "person", "found"),
    [
        (act("vouch", "11:30", identity="taken-back", persons=("p2", "p3"), leader="R. Smit"), "p2", "a"),
        (act("off", "11:30", identity="taken-back", person="p1"), "p1", "c"),
        (act("excuse", "11:30", identity="taken-back", person="p2", why="stays"), "p2", "a"),
        (act("excuse", "11:30", identity="taken-back", person="p2", why="away"), "p2", "a"),
        (act("away", "11:30", identity="taken-back", person="p2"), "p2", "a"),
        (act("here", "11:30", identity="taken-back", person="p2", place="mill"), "p2", "a"),
    ],
    ids=lambda value: value.kind if isinstance(value, Act) else "",
)
def test_what_else_an_undo_takes_back(kerb: World, taken_back: Act, person: str, found: str) -> None:
    """p1 is aboard; everybody is as before."""
    do(kerb, act("aboard", "11:25", person="p1"))
    before = kerb.places()
    do(kerb, taken_back)
    assert letter(kerb, person) != found
    do(kerb, act("undo", "11:31", undoes="taken-back"))
    assert (letter(kerb, person), kerb.places()) == (found, before)


def test_an_undo_of_getting_off_all_at_once(kerb: World) -> None:
    """They are only implied to be there again, and unconfirmed by the grace."""
    do(kerb, act("aboard", "11:25", person="p1"))
    kerb.step("t1-b1", "depart", "11:40")
    kerb.step("t1-b1", "arrive", "11:50")
    do(kerb, act("alight", "11:51", identity="alight-0001"))
    do(kerb, act("undo", "11:52", undoes="alight-0001"), clock="12:10")
    assert letter(kerb, "p1") == "j"


@pytest.mark.parametrize(
    ("said", "member"),
    [
        (act("count", "11:30", identity="taken-back", counted=9), "counted"),
        (act("nameless", "11:30", identity="taken-back", change=3), "nameless"),
        (act("settle", "11:30", identity="taken-back", reason="the driver"), "settled"),
    ],
)
def test_an_undo_takes_numbers_back(kerb: World, said: Act, member: str) -> None:
    """The count, the nameless, and what was settled."""
    before = getattr(sheet(kerb).numbers, member)
    do(kerb, said)
    assert getattr(sheet(kerb).numbers, member) != before
    do(kerb, act("undo", "11:31", undoes="taken-back"))
    assert getattr(sheet(kerb).numbers, member) == before
    assert next(one for one in sheet(kerb).acts if one.id == "taken-back").undone


def test_what_is_taken_back_is_on_the_same_run(kerb: World) -> None:
    """A coordinator of B2 takes nothing back that was said at B1, and nobody what a door read."""
    do(kerb, act("aboard", "11:25", identity="aboard-0001", person="p1"))
    door = kerb.seen("p3", "church", "11:24")
    answers = do(
        kerb,
        act("undo", "11:26", run="t1-b2", undoes="aboard-0001", person="p1"),
        act("undo", "11:26:02", undoes=door, person="p3"),
    )
    assert (answers[0].outcome, answers[0].why) == ("refused", words.NOT_YOURS)
    assert (letter(kerb, "p1"), kerb.places()["p3"]) == ("c", "church")


# -- another run -------------------------------------------------------------------------------------


def test_with_other_run_the_seat_moves(kerb: World) -> None:
    """Excused here, told there; taken back, they are told this one again."""
    moved = act("excuse", "11:30", identity="excuse-0001", person="p1", why="other-run", to="t1-b2")
    do(kerb, moved)
    assert [letter(kerb, "p1", run) for run in ("t1-b1", "t1-b2")] == ["g", "a"]
    kerb.tick()
    assert (kerb.listed("t1-b1"), kerb.listed("t1-b2")) == (["p2", "p3", "p6"], ["p1", "p4", "p5"])
    do(kerb, act("aboard", "11:32", run="t1-b2", identity="aboard-0001", person="p1"))
    assert letter(kerb, "p1", "t1-b2") == "c"
    do(kerb, act("undo", "11:33", run="t1-b2", undoes="aboard-0001"), act("undo", "11:33", undoes="excuse-0001"))
    assert [letter(kerb, "p1", run) for run in ("t1-b1", "t1-b2")] == ["a", None]
    kerb.tick()
    assert kerb.listed("t1-b1") == ["p1", "p2", "p3", "p6"]


@pytest.mark.parametrize("is_first", [False, True])
def test_a_seat_is_by_moments_and_not_by_what_comes_in_first(kerb: World, *, is_first: bool) -> None:
    """Boarded B1 at 11.25, sent to B2 at 11.30: the seat is on B2, though they are still in B1."""
    boarded, sent = (
        act("aboard", "11:25", person="p1"),
        act("excuse", "11:30", person="p1", why="other-run", to="t1-b2"),
    )
    for one in (sent, boarded) if is_first else (boarded, sent):
        do(kerb, one, clock="11:35")
    kerb.tick()
    assert kerb.places()["p1"] == "t1-b1"
    assert ("p1" in kerb.listed("t1-b1"), "p1" in kerb.listed("t1-b2")) == (False, True)


# -- without effect, and refused ---------------------------------------------------------------------


def test_a_step_out_of_turn_is_kept_and_counts_when_its_turn_comes(kerb: World) -> None:
    """E before D is known: kept, with why. Then D comes in, of a moment before."""
    do(kerb, act("aboard", "11:25", person="p1"))
    (kept,) = do(kerb, act("step", "11:50", step="arrive"))
    assert (kept.outcome, kept.letter, kept.why) == ("kept", "E", words.NO_EFFECT)
    assert (sheet(kerb).state, kerb.places()["p1"]) == ("boarding", "t1-b1")
    (done,) = do(kerb, act("step", "11:40", step="depart"), clock="11:55")
    assert done.outcome == "done"
    assert (sheet(kerb).state, kerb.places()["p1"], letter(kerb, "p1")) == ("arrived", "mill", "i")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (act("aboard", "11:25", run="t9-b9", person="p1"), words.NO_SUCH_RUN),
        (act("excuse", "11:25", person="p1", why="other-run", to="t9-b9"), words.NO_SUCH_RUN),
        (act("here", "11:25", person="p1", place="moon"), words.NO_SUCH_PLACE),
        (act("aboard", "11:25", person="nobody"), words.NO_SUCH_PERSON),
        (act("vouch", "11:25", persons=("p1", "nobody"), leader="R. Smit"), words.NO_SUCH_PERSON),
        (act("aboard", "11:25", badge="something from a shop"), words.why("unknown")),
        (act("aboard", "11:25", badge="IL1:0123456789:0000000000000000"), words.why("forged")),
        (act("aboard", "11:25", badge="old-p1"), words.why("revoked")),
    ],
    ids=["run", "to", "place", "person", "persons", "unknown", "forged", "revoked"],
)
def test_what_cannot_be_understood_is_refused_with_why(kerb: World, wrong: Act, why: Text) -> None:
    """It changes nothing, is not kept, and what is beside it in the batch is done."""
    before = kerb.places()
    answers = do(kerb, wrong, act("count", "11:26", counted=4))
    assert [one.outcome for one in answers] == ["refused", "done"]
    assert answers[0].why == why
    assert (kerb.places(), sheet(kerb).numbers.counted) == (before, 4)
    assert wrong.id not in {one.id for one in sheet(kerb).acts}


# -- K -----------------------------------------------------------------------------------------------


def test_another_coach_takes_the_run_over_and_everybody_in_it(kerb: World) -> None:
    """They are carried until they are counted again; the coach's reader goes on to count for its run."""
    do(kerb, act("aboard", "11:25", person="p1"), act("aboard", "11:26", badge="badge-p3"))
    kerb.step("t1-b1", "depart", "11:40", counted=2)
    do(kerb, act("step", "11:43", step="halt"), act("step", "11:45", step="replace", vehicle=LARGE))
    found = sheet(kerb)
    assert (found.state, found.coach.coach, found.coach.seats, found.coach.replaced) == ("boarding", "r1", 8, True)
    assert (found.numbers.provisional, found.numbers.scanned, found.numbers.manual) == (2, 0, 0)
    assert (found.numbers.counted, found.gate.open) == (None, False)
    assert (letter(kerb, "p3"), letter(kerb, "p6")) == ("l", "h")
    assert kerb.scan("badge-p1", "coach-b1", "11:46").reason == "again"
    assert (letter(kerb, "p1"), letter(kerb, "p3")) == ("b", "l")
    do(kerb, act("count", "11:47", counted=2))
    assert (letter(kerb, "p3"), sheet(kerb).gate.open) == ("b", True)


def test_a_smaller_coach_refits_the_seats(kerb: World) -> None:
    """Two seats and no wheelchair place where there were four: who fits nowhere is named with why."""
    do(kerb, act("step", "11:25", step="replace", vehicle=SMALL))
    kerb.settle()
    listed = [kerb.listed("t1-b1"), kerb.listed("t1-b2")]
    assert (len(listed[0]), len(listed[1])) == (2, 3)
    assert "p3" not in [*listed[0], *listed[1]]
    view = kerb.transport.transfer("t1")
    assert view is not None
    assert [one.person.person for one in view.without_seat or ()] == ["p3"]


def test_a_coach_without_a_name_is_none(kerb: World) -> None:
    """Kept without effect."""
    (kept,) = do(kerb, act("step", "11:25", step="replace"))
    assert (kept.outcome, sheet(kerb).coach.replaced) == ("kept", False)
