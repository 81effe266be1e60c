"""What no allocation of a leg can beat: where it is reached, the search is over."""

from collections import Counter
from collections.abc import Sequence

from transport.domain.allocation.leg import Leg
from transport.domain.allocation.model import Score
from transport.domain.allocation.pieces import NOWHERE, Piece


def bound(leg: Leg) -> Score:
    """A score that every plan of this leg is at least."""
    asked = _asked(leg)
    out = [piece for piece, run in leg.settled if run == NOWHERE]
    return Score(
        wheelchairs_left=sum(piece.wheels for piece in out),
        left_over=sum(piece.size for piece in out) + max(0, asked - sum(room.seats for room in leg.rooms)),
        parted=leg.parted,
        organisations_split=_splits(leg, _Parts(len(leg.organisations), of_groups=False)),
        groups_split=_splits(leg, _Parts(len(leg.groups), of_groups=True)),
        filling=_fewest_coaches(leg, asked) if leg.prefer == "fewest" else 0,
        moves=leg.told - _keepable(leg),
    )


def _asked(leg: Leg) -> int:
    """Seats for everybody, with wheelchairs where they cost least."""
    wheels = sum(piece.wheels for piece in leg.parties.values())
    asked = sum(piece.base for piece in leg.parties.values())
    for room in sorted(leg.rooms, key=lambda room: room.cost):
        here = min(wheels, room.wheels)
        asked += here * room.cost
        wheels -= here
    return asked


class _Parts:
    """People and wheelchairs still to be seated, by organisation or by group; and the runs where some are already."""

    def __init__(self, count: int, *, of_groups: bool) -> None:
        self._of_groups = of_groups
        self.base = [0] * count
        self.wheels = [0] * count
        self.runs: list[set[int]] = [set() for _ in range(count)]

    def add(self, piece: Piece) -> None:
        for atom in piece.atoms:
            for place, one in zip(atom.places, atom.members, strict=True):
                number = place.group if self._of_groups else place.organisation
                if number >= 0:
                    self.base[number] += not one.wheelchair
                    self.wheels[number] += one.wheelchair

    def settle(self, piece: Piece, run: int) -> None:
        for number, _ in piece.groups if self._of_groups else piece.organisations:
            self.runs[number].add(run)


def _splits(leg: Leg, parts: _Parts) -> int:
    for piece in leg.parties.values():
        parts.add(piece)
    for piece, run in leg.settled:
        parts.settle(piece, run)
    seats = sorted((room.seats for room in leg.rooms), reverse=True)
    wheels = sorted((room.wheels for room in leg.rooms), reverse=True)
    found = 0
    for base, chairs, runs in zip(parts.base, parts.wheels, parts.runs, strict=True):
        here = [leg.rooms[run] for run in runs if run >= 0]
        more_seats = _count(base - sum(room.seats for room in here), seats)
        more_wheels = _count(chairs - sum(room.wheels for room in here), wheels)
        found += max(0, len(runs) + max(more_seats, more_wheels) - 1)
    return found


def _count(needed: int, largest: Sequence[int]) -> int:
    """How many of the largest it takes; one more than there are where all are too few."""
    count = 0
    while needed > 0 and count < len(largest):
        needed -= largest[count]
        count += 1
    return count + (needed > 0)


def _fewest_coaches(leg: Leg, asked: int) -> int:
    seats = [0] * leg.coaches
    used = [False] * leg.coaches
    for room in leg.rooms:
        seats[room.coach] += room.seats
        used[room.coach] |= room.people > 0
    asked -= sum(free for free, is_used in zip(seats, used, strict=True) if is_used)
    others = sorted((free for free, is_used in zip(seats, used, strict=True) if not is_used), reverse=True)
    return sum(used) + min(len(others), _count(asked, others))


def _keepable(leg: Leg) -> int:
    """How many can be where they were told, as far as seats allow."""
    told: Counter[int] = Counter()
    for piece in leg.parties.values():
        told.update(piece.told)
    settled = sum(piece.told.get(run, 0) for piece, run in leg.settled)
    return settled + sum(min(count, leg.rooms[run].seats) for run, count in told.items())
