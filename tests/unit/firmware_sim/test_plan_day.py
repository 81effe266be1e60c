"""The plan of the day: the same for the same seed, in order, possible, and with every habit in it."""

from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from firmware_sim.day import plan_day
from firmware_sim.people import SHARES, PeopleError, habits_of, load_people
from firmware_sim.walk import Step
from tests.support.almelo import almelo, guests, people_json, seats_for

TITLE = {"nl": "x", "en": "x"}
PROGRAMME = almelo()
PEOPLE = guests()
SEATS = seats_for(PROGRAMME, PEOPLE)
STEPS = plan_day(PROGRAMME, PEOPLE, SEATS, 1)


def of(person: str) -> list[Step]:
    """One person's steps."""
    return [step for step in STEPS if step.person == person]


def with_peculiarity(peculiarity: str) -> list[str]:
    """Who has it today."""
    return [person for person, habits in habits_of(PEOPLE, 1).items() if habits.peculiarity == peculiarity]


def boarded() -> dict[str, set[str]]:
    """Badges by run: by the coach and which of its runs was boarding."""
    runs: dict[str, set[str]] = defaultdict(set)
    coaches = {scanner.id: PROGRAMME.checkpoint(scanner.checkpoint).coach for scanner in PROGRAMME.scanners}
    for step in STEPS:
        if step.kind == "board":
            (run,) = [
                run
                for run in PROGRAMME.runs_of_coach(str(coaches[step.scanner]))
                if run.open_ms < step.at_ms < run.depart_ms
            ]
            runs[run.id].add(step.badge)
    return runs


def test_the_same_seed_gives_the_same_day() -> None:
    """The plan is a pure function, and another seed is another day."""
    assert plan_day(PROGRAMME, PEOPLE, SEATS, 1) == STEPS
    assert plan_day(PROGRAMME, tuple(reversed(PEOPLE)), SEATS, 1) == STEPS
    assert plan_day(PROGRAMME, PEOPLE, SEATS, 2) != STEPS


def test_steps_are_in_order_and_never_tie_with_the_programme() -> None:
    """No step falls on a whole second, so none has the same moment as a run's arrival."""
    assert [step.at_ms for step in STEPS] == sorted(step.at_ms for step in STEPS)
    assert all(step.at_ms % 1000 for step in STEPS if step.kind != "twice")
    moments = {run.arrive_ms for run in PROGRAMME.runs} | {run.open_ms for run in PROGRAMME.runs}
    assert not moments & {step.at_ms for step in STEPS}


def test_every_kind_of_step_is_in_a_day() -> None:
    """Doors, rooms, coaches, somebody too late for a coach, badges read twice, and codes of nobody."""
    kinds = Counter(step.kind for step in STEPS)
    assert kinds.keys() == {"in", "out", "room-in", "room-out", "board", "departed", "twice", "stray"}
    assert kinds["room-in"] > 400
    assert kinds["board"] > 450


def test_no_coach_gets_more_people_than_seats() -> None:
    """Counting those who have a seat and those who took a free one, whether or not the first came."""
    for run, badges in boarded().items():
        listed = {f"ticket-{person}" for person in SEATS[run]}
        assert len(listed | badges) <= (PROGRAMME.run(run).seats or 0)


def test_people_board_the_coach_of_their_seat() -> None:
    """All but the few who take another one, and nobody who has a seat elsewhere by chance."""
    wrong = {
        badge
        for run, badges in boarded().items()
        for badge in badges
        if badge.removeprefix("ticket-") not in SEATS[run]
    }
    assert {f"ticket-{person}" for person in with_peculiarity("wrong-coach")} & wrong
    assert len(wrong) < 25


@pytest.mark.parametrize("peculiarity", sorted(SHARES))
def test_every_habit_has_its_share(peculiarity: str) -> None:
    """Dealt out, so that even a small day has each of them once."""
    assert len(with_peculiarity(peculiarity)) == max(1, round(SHARES[peculiarity] * len(PEOPLE)))  # type: ignore[index]


def test_a_no_show_is_never_read_and_a_walker_never_boards() -> None:
    """Each habit shows in the steps of those who have it."""
    assert not [step for person in with_peculiarity("no-show") for step in of(person)]
    assert not [step for person in with_peculiarity("walks") for step in of(person) if step.kind == "board"]
    assert all(any(step.kind == "departed" for step in of(person)) for person in with_peculiarity("late-for-coach"))
    first = PROGRAMME.transfers[0]
    for person in with_peculiarity("stays-behind"):
        assert not [step for step in of(person) if first.start_ms < step.at_ms < first.end_ms]


def test_a_lent_badge_is_read_in_the_colleagues_hand() -> None:
    """After the last transfer the lender's badge goes where a colleague of the same organisation goes."""
    badges = {guest.badge: guest for guest in PEOPLE}
    lent = [step for step in STEPS if step.person and step.kind != "stray" and badges[step.badge].person != step.person]
    assert {badges[step.badge].person for step in lent} <= set(with_peculiarity("lends"))
    assert lent
    organisations = {guest.person: guest.organisation for guest in PEOPLE}
    assert all(organisations[step.person] == badges[step.badge].organisation for step in lent)


def test_arrivals_are_a_hump_around_the_doors_opening() -> None:
    """Most come between 09.25 and 10.10, some before and some after."""
    first = {step.person: step.at_ms for step in reversed(STEPS) if step.kind == "in"}
    minutes = [(at_ms - PROGRAMME.first_item_ms) / 60_000 for at_ms in first.values()]
    usual = [minute for minute in minutes if -5.1 <= minute <= 40.1]
    assert 0.85 < len(usual) / len(minutes) < 1
    assert min(minutes) < -5 < 41 < max(minutes)


def test_a_strict_room_is_not_overfilled() -> None:
    """Where the entrance refuses, the plan sends no more people than fit, so that there is one right answer."""
    small = almelo(
        locations=[
            *({"id": place, "name": place} for place in ("grote-kerk", "indie-almelo", "hagedoorn")),
            {"id": "stadhuis", "name": "stadhuis", "rooms": [{"id": "raadzaal", "name": "raadzaal", "capacity": 30}]},
        ],
        items=[
            {"id": "a", "title": TITLE, "start": "09:30", "end": "11:30", "place": "grote-kerk"},
            {"id": "b", "title": TITLE, "start": "14:00", "end": "15:00", "place": "stadhuis.raadzaal"},
        ],
        checkpoints=[
            *({"id": f"coach-{coach.id}", "coach": coach.id, "direction": "in"} for coach in PROGRAMME.coaches),
            {"id": "stadhuis-in", "place": "stadhuis", "direction": "in"},
            {"id": "raadzaal-in", "place": "stadhuis.raadzaal", "direction": "in", "policy": "strict"},
        ],
        scanners=[
            *({"id": coach.id, "checkpoint": f"coach-{coach.id}"} for coach in PROGRAMME.coaches),
            {"id": "stadhuis-1", "checkpoint": "stadhuis-in"},
            {"id": "raadzaal-1", "checkpoint": "raadzaal-in"},
        ],
    )
    steps = plan_day(small, PEOPLE, SEATS, 1)
    assert len({step.badge for step in steps if step.scanner == "raadzaal-1"}) == 30


def test_people_without_a_seat_walk() -> None:
    """Without passenger lists everybody still reaches the afternoon; those who find a free seat may ride."""
    steps = plan_day(PROGRAMME, PEOPLE[:40], {run.id: () for run in PROGRAMME.runs}, 1)
    reached = {step.person for step in steps if step.scanner.startswith("stadhuis")}
    assert len(reached) > 30


def test_a_people_file_with_a_mistake_says_which(tmp_path: Path) -> None:
    """Two people with one badge, or a missing member, is not played."""
    path = tmp_path / "people.json"
    path.write_text(people_json(PEOPLE[:3]))
    assert load_people(path) == tuple(replace(guest, name="") for guest in PEOPLE[:3])
    path.write_text(people_json((PEOPLE[0], PEOPLE[0])))
    with pytest.raises(PeopleError, match="every person must be there once"):
        load_people(path)
    path.write_text('[{"person": "p1"}]')
    with pytest.raises(PeopleError, match=r"people.json: write a JSON list .*badge"):
        load_people(path)
