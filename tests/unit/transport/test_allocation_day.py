"""Both transfers of a day together: wheelchair places that are scarce, and the same coach each time."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.allocation import broken
from transport.domain.allocation import Traveller, Vehicle, allocate_day
from transport.domain.allocation.day import who_can_always

Transfer = tuple[Sequence[Vehicle], Sequence[Traveller]]


def run(name: str, leg: str, *, places: int, coach: str = "", seats: int = 50, order: int = 0) -> Vehicle:
    """A run with wheelchair places."""
    return Vehicle(run=name, leg=leg, seats=seats, wheelchairs=places, coach=coach, order=order)


def wheelchairs(leg: str, *persons: str, **others: str) -> list[Traveller]:
    """People who use a wheelchair, on one leg."""
    return [Traveller(person=person, leg=leg, wheelchair=True, **others) for person in persons]


def seated(transfers: Mapping[str, Transfer]) -> dict[str, list[str]]:
    """Who has a seat, by transfer."""
    return {transfer: sorted(found.seats) for transfer, found in allocate_day(transfers).items()}


def test_the_same_people_get_the_scarce_places_both_times() -> None:
    """Two places out, one back: who can come back goes out too, and the other place is not left empty."""
    transfers = {
        "out": ([run("o", "x", places=2)], wheelchairs("x", "p1", "p2", "p3")),
        "back": ([run("b", "y", places=1)], wheelchairs("y", "p3", "p2", "p1")),
    }
    found = seated(transfers)
    assert len(found["out"]) == 2
    assert set(found["back"]) <= set(found["out"])


def test_a_place_goes_to_who_can_use_it_both_ways() -> None:
    """Out there are places for two of three; back, each from elsewhere, p1 has none: so p2 and p3 go out."""
    transfers = {
        "out": ([run("o", "x", places=2)], wheelchairs("x", "p1", "p2", "p3")),
        "back": (
            [run("b1", "a", places=0), run("b2", "b", places=2)],
            [*wheelchairs("a", "p1"), *wheelchairs("b", "p2", "p3")],
        ),
    }
    assert seated(transfers) == {"out": ["p2", "p3"], "back": ["p2", "p3"]}


def test_one_gives_way_to_two() -> None:
    """p1 would take the only place of leg b out and of leg c back, for which two others have places."""
    asked = made([1, 1, 1, 1, 0, 1], ["bc", "ec", "bf", "bf", "bd", "ec"])
    assert len(who_can_always(asked)) == 2


def test_who_was_told_a_run_does_not_give_way_to_who_was_not() -> None:
    """Even to two of them."""
    transfers = {
        "out": (
            [run("a", "a", places=1), run("b", "b", places=1)],
            [*wheelchairs("a", "p1", told="a"), *wheelchairs("a", "p2"), *wheelchairs("b", "p3")],
        ),
        "back": (
            [run("c", "c", places=1), run("d", "d", places=1)],
            [*wheelchairs("c", "p1", "p3"), *wheelchairs("d", "p2")],
        ),
    }
    assert "p1" in who_can_always(transfers)
    assert "p1" in seated(transfers)["out"]


def test_a_wheelchair_stays_on_its_coach_where_nothing_else_is_at_stake() -> None:
    """Four users, two coaches: everybody has the same coach back, the other people sit as evenly as before."""
    others = [Traveller(person=f"q{number:02}", leg="x", organisation=f"o{number // 8}") for number in range(64)]
    people = [*wheelchairs("x", "p1", "p2", "p3", "p4"), *others]
    coaches = [
        run("o1", "x", places=2, coach="c1", order=1),
        run("o2", "x", places=2, coach="c2", order=2),
    ]
    transfers = {
        "out": (coaches, people),
        "back": (
            [replace(coaches[1], run="b2", leg="y", order=1), replace(coaches[0], run="b1", leg="y", order=2)],
            [replace(one, leg="y") for one in people],
        ),
    }
    found = allocate_day(transfers)
    for person in ("p1", "p2", "p3", "p4"):
        assert found["out"].seats[person][1] == found["back"].seats[person][1]
    assert found["back"].score.coach_changes == 0
    assert found["back"].score.filling == found["out"].score.filling


def made(places: Sequence[int], legs: Sequence[str]) -> dict[str, Transfer]:
    """Legs a, b, e out and c, d, f back, a run each with so many places; the two legs of each person."""
    return {
        transfer: (
            [run(leg, leg, places=count) for leg, count in zip(names, counts, strict=True)],
            [one for number, own in enumerate(legs) for one in wheelchairs(own[index], f"p{number}")],
        )
        for index, (transfer, names, counts) in enumerate(
            [("out", "abe", places[:3]), ("back", "cdf", places[3:])],
        )
    }


def transfers() -> st.SearchStrategy[dict[str, Transfer]]:
    """Up to seven people with a wheelchair, and few places."""
    places = st.lists(st.integers(0, 2), min_size=6, max_size=6)
    legs = st.lists(st.sampled_from([out + back for out in "abe" for back in "cdf"]), max_size=7)
    return st.builds(made, places, legs)


def _most(asked: Mapping[str, Transfer]) -> int:
    """How many can have a place each time, by trying everybody with everybody."""
    legs = {
        (transfer, one.leg): sum(each.wheelchairs for each in runs if each.leg == one.leg)
        for transfer, (runs, people) in asked.items()
        for one in people
    }
    own = [
        [(transfer, one.leg) for transfer in asked for one in asked[transfer][1] if one.person == person.person]
        for person in asked["out"][1]
    ]
    for count in range(len(own), 0, -1):
        for some in combinations(own, count):
            taken = Counter(key for keys in some for key in keys)
            if all(taken[key] <= legs[key] for key in taken):
                return count
    return 0


@settings(max_examples=200, deadline=None)
@given(transfers())
def test_nobody_could_choose_more_people(asked: dict[str, Transfer]) -> None:
    """As many as can be have a place both times."""
    assert len(who_can_always(asked)) == _most(asked)


@settings(max_examples=60, deadline=None)
@given(transfers())
def test_whoever_can_always_have_a_place_has_one_each_time(asked: dict[str, Transfer]) -> None:
    """And no place stays empty while somebody waits for it."""
    found = allocate_day(asked, restarts=5)
    for person in who_can_always(asked):
        assert all(person in found[transfer].seats for transfer in asked)
    for transfer, (runs, people) in asked.items():
        assert broken(found[transfer], runs, people) == []
        for one in runs:
            waiting = [each for each in found[transfer].left_over if each.leg == one.leg]
            taken = sum(seat == one.run for seat in found[transfer].seats.values())
            assert not waiting or taken == one.wheelchairs
