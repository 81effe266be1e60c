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

    All are placed where that can be; else `first` go before who was told a run, then those who take one place before
    those who take several, then those with most companions: so the fewest stay behind. The seats of all are counted.
    """
    tight = sorted(atoms, key=lambda atom: (-atom.wheels, -atom.base))
    if not _unplaced(tight, rooms):
        return []
    ranked = sorted(
        atoms,
        key=lambda atom: (
            not any(one.person in first for one in atom.members),
            not atom.told,
            atom.wheels,
            -atom.base,
        ),
    )
    return _unplaced(ranked, rooms)


def _unplaced(atoms: Sequence[Atom], rooms: Sequence[_Room]) -> list[Atom]:
    """First fit, where a wheelchair costs fewest seats before elsewhere."""
    free = [[room.wheels, room.seats, room.cost] for room in sorted(rooms, key=lambda room: room.cost) if room.wheels]
    found = []
    for atom in atoms:
        for one in free:
            asked = atom.base + atom.wheels * one[2]
            if one[0] >= atom.wheels and one[1] >= asked:
                one[0] -= atom.wheels
                one[1] -= asked
                if not one[0]:
                    free.remove(one)
                break
        else:
            found.append(atom)
    return found
