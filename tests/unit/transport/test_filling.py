"""Who sits where: never over capacity, organisations together while seats last, nobody forgotten."""

from collections import Counter, defaultdict

from hypothesis import given
from hypothesis import strategies as st

from transport.domain.filling import Filling, Traveller, Vehicle, fill, needs_wheelchair

LEGS = ("x", "y")


def vehicles() -> st.SearchStrategy[list[Vehicle]]:
    """A few runs on two legs."""
    one = st.tuples(st.sampled_from(LEGS), st.integers(0, 12), st.integers(0, 2))
    return st.lists(one, max_size=6).map(
        lambda drawn: [Vehicle(run=f"r{n}", leg=leg, seats=s, wheelchairs=w) for n, (leg, s, w) in enumerate(drawn)]
    )


def travellers() -> st.SearchStrategy[list[Traveller]]:
    """People of a few organisations, some without, some with a wheelchair."""
    one = st.tuples(
        st.sampled_from(LEGS), st.sampled_from(("", "Almelo", "Ede", "Zwolle")), st.sampled_from((False,) * 9 + (True,))
    )
    return st.lists(one, max_size=40).map(
        lambda drawn: [
            Traveller(person=f"p{n:02}", leg=leg, organisation=org, wheelchair=w)
            for n, (leg, org, w) in enumerate(drawn)
        ]
    )


@given(vehicles(), travellers())
def test_nobody_gets_a_seat_that_is_not_there(runs: list[Vehicle], people: list[Traveller]) -> None:
    """Per run at most its seats and wheelchair places; everybody on their own leg; each person once."""
    filling = fill(runs, people)
    by_run, by_person = {run.run: run for run in runs}, {one.person: one for one in people}
    taken = Counter(filling.seats.values())
    wheelchairs = Counter(run for person, run in filling.seats.items() if by_person[person].wheelchair)
    assert all(taken[run] <= (by_run[run].seats or 0) for run in taken)
    assert all(wheelchairs[run] <= by_run[run].wheelchairs for run in wheelchairs)
    assert all(by_run[run].leg == by_person[person].leg for person, run in filling.seats.items())
    left = [one.person for one in filling.left_over]
    assert sorted([*filling.seats, *left]) == sorted(by_person)


@given(vehicles(), travellers())
def test_nobody_is_left_while_a_seat_is_free(runs: list[Vehicle], people: list[Traveller]) -> None:
    """On a leg with somebody left over for want of a seat, every seat is taken."""
    filling = fill(runs, people)
    taken = Counter(filling.seats.values())
    short = {one.leg for one in filling.left_over if one.why.en.startswith("no seat")}
    assert all(taken[run.run] == run.seats for run in runs if run.leg in short)


@given(vehicles(), travellers(), st.randoms())
def test_the_same_input_gives_the_same_seats(runs: list[Vehicle], people: list[Traveller], random: object) -> None:
    """Whatever the order in which people come."""
    shuffled = list(people)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fill(runs, people) == fill(runs, shuffled)


@given(st.lists(st.integers(1, 8), min_size=1, max_size=5))
def test_organisations_stay_together_where_each_fits(sizes: list[int]) -> None:
    """With a run as large as everybody together nobody is split; with one run for each neither."""
    people = [
        Traveller(person=f"p{org}-{n}", leg="x", organisation=f"org{org}")
        for org, size in enumerate(sizes)
        for n in range(size)
    ]
    runs = [Vehicle(run=f"r{n}", leg="x", seats=max(sizes)) for n in range(len(sizes))]
    assert _splits(fill(runs, people), people) == 0


@given(vehicles(), travellers(), travellers())
def test_who_was_told_a_seat_keeps_it(runs: list[Vehicle], people: list[Traveller], more: list[Traveller]) -> None:
    """Newcomers get what is free; nobody who had a seat is moved."""
    first = fill(runs, people)
    newcomers = [Traveller(person=f"n-{t.person}", leg=t.leg, organisation=t.organisation) for t in more]
    second = fill(runs, [*people, *newcomers], kept=first.seats)
    assert {person: second.seats[person] for person in first.seats} == dict(first.seats)


def test_a_party_too_large_for_any_run_is_split_into_the_emptiest_first() -> None:
    """Seven people, runs of four and three: four and three."""
    people = [Traveller(person=f"p{n}", leg="x", organisation="Almelo") for n in range(7)]
    filling = fill([Vehicle(run="small", leg="x", seats=3), Vehicle(run="large", leg="x", seats=4)], people)
    assert Counter(filling.seats.values()) == {"large": 4, "small": 3}


def test_a_wheelchair_goes_where_there_is_a_place_and_its_organisation_follows() -> None:
    """The larger coach has none; and who finds none at all is told why."""
    runs = [Vehicle(run="large", leg="x", seats=50), Vehicle(run="bus", leg="x", seats=10, wheelchairs=1)]
    people = [
        Traveller(person="p1", leg="x", organisation="Ede", wheelchair=True),
        Traveller(person="p2", leg="x", organisation="Ede"),
        Traveller(person="p3", leg="x", organisation="Oss", wheelchair=True),
    ]
    filling = fill(runs, people)
    assert filling.seats == {"p1": "bus", "p2": "bus"}
    assert [(one.person, one.why.nl) for one in filling.left_over] == [("p3", "geen rolstoelplaats meer vrij")]


def test_needs_are_read_in_both_languages() -> None:
    """As people write them."""
    assert needs_wheelchair("Rolstoel, en een begeleider")
    assert needs_wheelchair("electric WHEELCHAIR")
    assert not needs_wheelchair("vegetarisch")


def _splits(filling: Filling, people: list[Traveller]) -> int:
    runs: dict[str, set[str]] = defaultdict(set)
    for one in people:
        runs[one.organisation].add(filling.seats[one.person])
    return sum(len(where) - 1 for where in runs.values())
