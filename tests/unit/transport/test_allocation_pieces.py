"""A party is cut between its groups where that can be, and who was told the run is taken first."""

from collections.abc import Sequence
from random import Random

from transport.domain.allocation.model import Traveller
from transport.domain.allocation.pieces import Atom, Piece, Place, cut


def atom(name: str, *, group: int = -1, told: Sequence[int] = (), size: int = 1, wheelchair: bool = False) -> Atom:
    """People of organisation 0."""
    members = [
        Traveller(person=f"{name}{number}", leg="x", wheelchair=wheelchair and not number) for number in range(size)
    ]
    return Atom(members, tuple(Place(0, group) for _ in members), told, ())


def taken(piece: Piece, *, least: int, most: int, wheels: int = 0, run: int = 1) -> list[str] | None:
    """Names of those who are cut off."""
    rng = Random(0)  # noqa: S311 chance, not a secret
    parts = cut(piece, least=least, most=most, wheels=wheels, cost=3, rng=rng, run=run)
    if parts is None:
        return None
    here, rest = parts
    assert here.size + rest.size == piece.size
    return sorted(one.person for atom in here.atoms for one in atom.members)


def test_groups_are_cut_off_whole() -> None:
    """Groups of three, four and five: seven are the first two, eight the outer two, nine the last two."""
    groups = [(0, 3), (1, 4), (2, 5)]
    piece = Piece(0, [atom(f"g{group}-{one}-", group=group) for group, size in groups for one in range(size)])
    for seats, whole in ((7, "01"), (8, "02"), (9, "12")):
        names = taken(piece, least=seats, most=seats)
        assert names is not None
        assert {name[1] for name in names} == set(whole)
        assert len(names) == seats


def test_a_group_is_cut_where_no_whole_ones_fit() -> None:
    """Six seats: one group whole, and as many of another as there are seats left."""
    piece = Piece(0, [atom(f"g{group}-{one}-", group=group) for group in range(2) for one in range(4)])
    names = taken(piece, least=6, most=6)
    assert names is not None
    assert sorted(sum(name[1] == group for name in names) for group in "01") == [2, 4]


def test_who_was_told_this_run_comes_first_and_who_was_told_another_last() -> None:
    """Three seats on run 1: its own two and a newcomer, not one of run 2."""
    piece = Piece(
        0, [atom("b", told=[2]), atom("c", told=[2]), atom("n"), atom("o"), atom("a", told=[1]), atom("z", told=[1])]
    )
    assert taken(piece, least=3, most=3) == ["a0", "n0", "z0"]


def test_people_who_travel_together_are_not_cut() -> None:
    """Two seats and three who travel together: the one who is alone; with three seats they are three."""
    piece = Piece(0, [atom("t", size=3), atom("s")])
    assert taken(piece, least=2, most=2) == ["s0"]
    assert taken(piece, least=3, most=3) == ["t0", "t1", "t2"]
    assert taken(Piece(0, [atom("t", size=3), atom("u", size=3)]), least=1, most=2) is None


def test_a_wheelchair_takes_its_seats_of_the_room() -> None:
    """Four seats of which a wheelchair takes three: it and one more; without a place, those who sit."""
    piece = Piece(0, [atom("w", wheelchair=True), *(atom(name) for name in "abcde")])
    assert len(taken(piece, least=4, most=4, wheels=1) or []) in (2, 4)
    assert "w0" not in (taken(piece, least=4, most=4) or ["w0"])
