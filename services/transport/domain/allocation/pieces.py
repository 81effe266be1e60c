"""People as they are moved about: atoms, which are never split, and pieces of an organisation, made of atoms.

Runs are numbers here: their position on the leg, `NOWHERE` without a seat.
"""

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import NamedTuple

from transport.domain.allocation.model import Traveller
from transport.domain.allocation.subset import Want, choose

NOWHERE = -1


class Place(NamedTuple):
    """Where somebody belongs: numbers of their organisation and their group on this leg, -1 for none."""

    organisation: int
    group: int


class Atom:
    """People who travel on one run: one person, or those who must travel together."""

    __slots__ = ("base", "members", "near", "places", "told", "wheels")

    def __init__(
        self, members: Sequence[Traveller], places: Sequence[Place], told: Sequence[int], near: Sequence[int]
    ) -> None:
        self.members = members
        self.places = places
        self.told = told  # the run each member was told, those who were told one that is there
        self.near = near  # the run each had better be on, for the coach they have on another transfer
        self.wheels = sum([one.wheelchair for one in members])
        self.base = len(members) - self.wheels


class Piece:
    """Some atoms of one party, on one run; sums are kept, so that a piece is moved at the cost of one person."""

    __slots__ = ("atoms", "base", "groups", "near", "organisations", "party", "size", "told", "wheels")

    def __init__(self, party: int, atoms: list[Atom]) -> None:
        self.party = party
        self.atoms = atoms
        organisations: dict[int, int] = {}
        groups: dict[int, int] = {}
        self.told: dict[int, int] = {}
        self.near: dict[int, int] = {}
        self.base = self.wheels = 0
        for atom in atoms:
            self.base += atom.base
            self.wheels += atom.wheels
            for organisation, group in atom.places:
                organisations[organisation] = organisations.get(organisation, 0) + 1
                groups[group] = groups.get(group, 0) + 1
            for run in atom.told:
                self.told[run] = self.told.get(run, 0) + 1
            for run in atom.near:
                self.near[run] = self.near.get(run, 0) + 1
        self.size = self.base + self.wheels
        self.organisations = _known(organisations)
        self.groups = _known(groups)

    def asks(self, cost: int) -> int:
        """Seats this piece takes where a wheelchair takes `cost` of them."""
        return self.base + self.wheels * cost


Seat = tuple[Piece, int]  # a piece and its run


def _known(counts: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    return tuple([(key, count) for key, count in counts.items() if key >= 0])


def merged(pieces: Iterable[Piece], whole: Mapping[int, Piece]) -> list[Piece]:
    """The pieces with those of one party made one again."""
    by_party: dict[int, list[Piece]] = {}
    for piece in pieces:
        by_party.setdefault(piece.party, []).append(piece)
    found = []
    for party, parts in by_party.items():
        if len(parts) == 1:
            found.append(parts[0])
        elif party in whole and sum(part.size for part in parts) == whole[party].size:
            found.append(whole[party])
        else:
            found.append(Piece(party, [atom for part in parts for atom in part.atoms]))
    return found


def in_wheelchairs(piece: Piece) -> list[Piece]:
    """Those of a piece who use a wheelchair, with whom they must travel, each as a piece."""
    return [Piece(piece.party, [atom]) for atom in piece.atoms if atom.wheels]


def sitting(piece: Piece) -> list[Piece]:
    """The others of a piece, as one piece, if there are any."""
    atoms = [atom for atom in piece.atoms if not atom.wheels]
    return [Piece(piece.party, atoms)] if atoms else []


class _Unit:
    """The part of a piece that is of one organisation and one group."""

    __slots__ = ("atoms", "base", "wheels")

    def __init__(self, atoms: list[Atom]) -> None:
        self.atoms = atoms
        self.base = sum(atom.base for atom in atoms)
        self.wheels = sum(atom.wheels for atom in atoms)


def cut(
    piece: Piece, *, least: int, most: int, wheels: int, cost: int, rng: Random, run: int
) -> tuple[Piece, Piece] | None:
    """A part of the piece that takes `least` to `most` seats of `run`, and the rest; the most it can where it cannot.

    Whole groups go where that can be; otherwise one is cut. Who was told this run is taken first, who was told another
    last.
    """
    units = _units(piece, run, rng)
    taken, total = choose(units, seats=most, wheels=wheels, cost=cost, want=Want(least=least, aim=most))
    atoms = [atom for unit in taken for atom in unit.atoms]
    if total < least:
        places = wheels - sum(unit.wheels for unit in taken)
        others = [unit for unit in units if unit not in taken]
        atoms += _some(others, least=least - total, most=most - total, wheels=places, cost=cost, run=run)
    if not atoms or len(atoms) == len(piece.atoms):
        return None
    gone = set(map(id, atoms))
    return Piece(piece.party, atoms), Piece(piece.party, [atom for atom in piece.atoms if id(atom) not in gone])


def _units(piece: Piece, run: int, rng: Random) -> list[_Unit]:
    by_place: dict[Place, list[Atom]] = {}
    for atom in piece.atoms:
        by_place.setdefault(atom.places[0], []).append(atom)
    units = [_Unit(atoms) for atoms in by_place.values()]
    if len(units) > 1:
        rng.shuffle(units)
        units.sort(key=lambda unit: -sum(run in atom.told for atom in unit.atoms))
    return units


def _some(units: list[_Unit], *, least: int, most: int, wheels: int, cost: int, run: int) -> list[Atom]:
    """Atoms of one unit that take what is wanted; of whichever comes nearest."""
    best: list[Atom] = []
    best_total = -1
    for unit in units:
        atoms = sorted(unit.atoms, key=lambda atom: (run not in atom.told, bool(atom.told)))
        taken, total = choose(atoms, seats=most, wheels=wheels, cost=cost, want=Want(least=least, aim=most))
        if total > best_total:
            best, best_total = taken, total
        if total >= least:
            break
    return best
