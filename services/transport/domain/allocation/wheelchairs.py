"""Who gets a wheelchair place where there are too few."""

from collections.abc import Collection, Sequence
from typing import Protocol

from transport.domain.allocation.pieces import Atom


class _Room(Protocol):
    @property
    def seats(self) -> int: ...
    @property
    def wheels(self) -> int: ...
    @property
    def cost(self) -> int: ...


def without_place(atoms: Sequence[Atom], rooms: Sequence[_Room], *, first: Collection[str]) -> list[Atom]:
    """Those of `atoms`, who all use wheelchairs, for whom no place is left on any of the rooms.

    All are placed where that can be; else `first` go before who was told a run, then the smaller party goes before the
    larger, so that most get one. Seats that they and their companions take are counted.
    """
    tight = sorted(atoms, key=lambda atom: (-atom.wheels, -atom.base))
    if not _unplaced(tight, rooms):
        return []
    ranked = sorted(
        atoms,
        key=lambda atom: (
            not any(one.person in first for one in atom.members),
            all(run < 0 for run in atom.told),
            atom.wheels,
            atom.base,
        ),
    )
    return _unplaced(ranked, rooms)


def _unplaced(atoms: Sequence[Atom], rooms: Sequence[_Room]) -> list[Atom]:
    """Best fit: each where the fewest places, then the fewest seats, are left."""
    free = [[room.wheels, room.seats] for room in rooms]
    found = []
    for atom in atoms:
        fitting = [
            (places - atom.wheels, seats - atom.base - atom.wheels * room.cost, number)
            for number, ((places, seats), room) in enumerate(zip(free, rooms, strict=True))
            if places >= atom.wheels and seats >= atom.base + atom.wheels * room.cost
        ]
        if not fitting:
            found.append(atom)
            continue
        places, seats, number = min(fitting)
        free[number] = [places, seats]
    return found
