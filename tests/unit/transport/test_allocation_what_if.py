"""A coach that does not come: who is affected and where they go, before anything is confirmed."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.allocation import broken
from transport.domain.allocation import Traveller, Vehicle, allocate, what_if


def coaches(*seats: int) -> list[Vehicle]:
    """Runs B1, B2… on leg x."""
    return [
        Vehicle(run=f"b{number}", leg="x", seats=count, wheelchairs=1, name=f"B{number}", order=number)
        for number, count in enumerate(seats, 1)
    ]


def told(*sizes: tuple[str, int, str]) -> list[Traveller]:
    """So many of an organisation who were told a run."""
    return [
        Traveller(person=f"{name}-{run}-{number:02}", leg="x", organisation=name, told=run)
        for name, size, run in sizes
        for number in range(size)
    ]


def test_only_those_of_the_coach_move_where_the_others_have_room() -> None:
    """Fifty seats gone, their people fit whole where seats are free: A with b2, B with b3."""
    people = told(("A", 10, "b1"), ("B", 8, "b1"), ("C", 20, "b2"), ("D", 20, "b3"))
    found = what_if(coaches(50, 30, 28), people, without=["b1"])
    assert found.affected == tuple(one.person for one in people if one.told == "b1")
    assert [(move.told, move.run) for move in found.plan.moves] == [("b1", "b2")] * 10 + [("b1", "b3")] * 8
    assert found.other is None
    assert [text.en for text in found.explanations] == [
        "B1 does not come: 18 people affected",
        "10 people go from B1 to B2",
        "8 people go from B1 to B3",
    ]
    assert found.explanations[0].nl == "B1 komt niet: 18 personen geraakt"


def test_there_is_another_way_where_moving_more_people_splits_fewer() -> None:
    """Twelve of A fit nowhere whole, six free on each; moving C, six of b2, to b3 makes them whole."""
    people = told(("A", 12, "b1"), ("C", 6, "b2"), ("D", 38, "b2"), ("E", 44, "b3"))
    found = what_if(coaches(50, 50, 50), people, without={"b1": None})
    assert (len(found.plan.moves), found.plan.score.organisations_split) == (12, 1)
    assert found.other is not None
    assert (len(found.other.moves), found.other.score.organisations_split) == (18, 0)
    assert found.explanations[-1].en == "moving 6 people more gives 1 fewer split of an organisation"
    assert found.explanations[-1].nl == "wie 6 personen meer verplaatst, heeft 1 organisatie minder verdeeld"


def test_it_says_who_is_left_without_a_seat() -> None:
    """Eighteen people, ten seats: eight stay, and nobody who had a seat elsewhere is one of them."""
    people = told(("A", 10, "b1"), ("B", 8, "b1"), ("C", 20, "b2"))
    found = what_if(coaches(50, 30), people, without=["b1"])
    assert {one.person[0] for one in found.plan.left_over} == {"B"}
    assert "8 people of B1 without a seat" in [text.en for text in found.explanations]
    assert "8 personen uit B1 zonder plaats" in [text.nl for text in found.explanations]


def test_a_smaller_coach_instead_keeps_whom_it_can() -> None:
    """Twenty seats for thirty people: ten move, and they are one organisation."""
    people = told(("A", 10, "b1"), ("B", 20, "b1"), ("C", 20, "b2"))
    smaller = replace(coaches(20)[0], run="b9", name="B9")
    found = what_if(coaches(50, 30), people, without={"b1": smaller})
    assert len(found.affected) == 30
    assert {(move.person[0], move.told, move.run) for move in found.plan.moves} == {("A", "b9", "b2")}
    same_run = what_if(coaches(50, 30), people, without={"b1": replace(smaller, run="b1")})
    assert {(move.person[0], move.told, move.run) for move in same_run.plan.moves} == {("A", "b1", "b2")}


def test_who_is_aboard_a_coach_that_breaks_down_is_seated_elsewhere() -> None:
    """They are fixed to it no more; those aboard another one are."""
    people = [replace(one, fixed=one.told) for one in told(("A", 3, "b1"), ("C", 3, "b2"))]
    found = what_if(coaches(50, 50), people, without=["b1"])
    assert set(found.plan.seats.values()) == {"b2"}
    assert len(found.affected) == 3


def test_nobody_told_anything_yet_is_allocated_first() -> None:
    """The question can be asked before the day: affected are those who would have had that run."""
    people = [replace(one, told=None) for one in told(("A", 10, ""), ("B", 10, ""), ("C", 10, ""))]
    found = what_if(coaches(15, 15, 15), people, without=["b2"])
    assert len(found.affected) == 10
    assert len(found.plan.moves) >= 10


def test_a_wheelchair_finds_its_place_though_somebody_must_make_way_for_it() -> None:
    """The other coach is full; its wheelchair place is free, but not its seat: one person moves on to the third."""
    people = [
        *told(("C", 10, "b2")),
        Traveller(person="w", leg="x", wheelchair=True, told="b1"),
    ]
    runs = [*coaches(10, 10), Vehicle(run="b3", leg="x", seats=5, order=3)]
    found = what_if(runs, people, without=["b1"])
    assert found.plan.seats["w"] == "b2"
    assert len(found.plan.moves) == 2
    assert found.plan.left_over == ()


sizes = st.lists(st.integers(1, 9), min_size=1, max_size=12)


@settings(max_examples=50, deadline=None)
@given(sizes, st.integers(0, 3), st.integers(0, 12))
def test_no_more_than_those_of_the_coach_move(counts: list[int], gone: int, spare: int) -> None:
    """Nobody's seat is taken for somebody of a coach that does not come; and no seat stays empty while one waits."""
    each = -(-sum(counts) // 4) + spare
    runs = coaches(each, each, each, each)
    people = [
        Traveller(person=f"p{number}-{one}", leg="x", organisation=f"o{number}")
        for number, count in enumerate(counts)
        for one in range(count)
    ]
    now = allocate(runs, people, restarts=20)
    seated = [replace(one, told=now.seats.get(one.person)) for one in people]
    found = what_if(runs, seated, without=[runs[gone].run], restarts=20)
    there = [run for run in runs if run.run != runs[gone].run]
    assert broken(found.plan, there, seated) == []
    assert {move.person for move in found.plan.moves} == set(found.affected)
    assert len(found.plan.left_over) == max(0, len(people) - 3 * each)
