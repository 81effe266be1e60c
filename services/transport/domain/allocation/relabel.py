"""Which filling goes to which run: fillings that fit each other's runs change places where more people are then where
they were told.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import NamedTuple

from transport.domain.allocation.pieces import NOWHERE, Piece

Seat = tuple[Piece, int]


class Capacity(NamedTuple):
    """What a run holds of those who are to be seated."""

    seats: int
    wheels: int
    cost: int


class _Filling:
    """The pieces that share a run, and what each run is worth to them: who was told it, then whose coach it has."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.base = self.wheels = 0
        self.worth: dict[int, tuple[int, int]] = {}

    def add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self.base += piece.base
        self.wheels += piece.wheels
        for run, count in piece.told.items():
            told, near = self.worth.get(run, (0, 0))
            self.worth[run] = (told + count, near)
        for run, count in piece.near.items():
            told, near = self.worth.get(run, (0, 0))
            self.worth[run] = (told, near + count)

    def fits(self, room: Capacity) -> bool:
        return self.base + self.wheels * room.cost <= room.seats and self.wheels <= room.wheels


def relabelled(seats: Iterable[Seat], rooms: Mapping[int, Capacity]) -> list[Seat]:
    """The same fillings, on the runs where most people were told to be, as far as exchanging two at a time goes."""
    nowhere = [(piece, run) for piece, run in seats if run == NOWHERE]
    fillings = {run: _Filling() for run in rooms}
    for piece, run in seats:
        if run != NOWHERE:
            fillings[run].add(piece)
    changed = True
    while changed:
        changed = False
        for one, other in combinations(rooms, 2):
            here, there = fillings[one], fillings[other]
            if _gains(here, there, one, other) and here.fits(rooms[other]) and there.fits(rooms[one]):
                fillings[one], fillings[other] = there, here
                changed = True
    return nowhere + [(piece, run) for run, filling in fillings.items() for piece in filling.pieces]


def _gains(here: _Filling, there: _Filling, one: int, other: int) -> bool:
    """Whether more people are right when two fillings change places."""
    return _worth(here, other, there, one) > _worth(here, one, there, other)


def _worth(first: _Filling, run: int, second: _Filling, another: int) -> tuple[int, int]:
    told, near = first.worth.get(run, (0, 0))
    told_too, near_too = second.worth.get(another, (0, 0))
    return told + told_too, near + near_too
