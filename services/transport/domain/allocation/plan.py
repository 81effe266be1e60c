"""The state of one leg while it is planned: who is where, and what that is worth, kept up to date piece by piece."""

from math import isqrt

from transport.domain.allocation.leg import Leg
from transport.domain.allocation.model import Score
from transport.domain.allocation.pieces import NOWHERE, Piece

FINE = 1_000_000  # loads are squared and divided by seats: whole numbers, so that every machine finds the same
STEPS = 20  # unevenness is counted in twentieths: five per cent


class Plan:
    """Pieces on runs. The sums are those of the whole leg, of who is fixed as well."""

    def __init__(self, leg: Leg) -> None:
        self.leg = leg
        self.free = [room.seats for room in leg.rooms]
        self.places = [room.wheels for room in leg.rooms]
        self.content: list[dict[Piece, None]] = [{} for _ in range(len(leg.rooms) + 1)]
        self.left = 0
        self.wheels_left = 0
        self.organisations_split = self.groups_split = self.lone = 0
        self.told = self.near = 0
        self._organisations: list[dict[int, int]] = [{} for _ in leg.organisations]
        self._groups: list[dict[int, int]] = [{} for _ in leg.groups]
        self._load = [room.load for room in leg.rooms]
        self._square = [load * load * FINE // room.weight for load, room in zip(self._load, leg.rooms, strict=True)]
        self._squares = sum(self._square)
        self._coaches = [0] * leg.coaches  # people in each
        self.people = [room.people for room in leg.rooms]
        for room in leg.rooms:
            self._coaches[room.coach] += room.people
        for piece, run in leg.settled:
            self._join(piece, run)

    def put(self, piece: Piece, run: int) -> None:
        """Seat a piece on a run, or nowhere."""
        self.content[run][piece] = None
        self._join(piece, run)
        if run == NOWHERE:
            return
        room = self.leg.rooms[run]
        asked = piece.base + piece.wheels * room.cost
        self.free[run] -= asked
        self.places[run] -= piece.wheels
        self.people[run] += piece.size
        self._coaches[room.coach] += piece.size
        self._reload(run, asked)

    def take(self, piece: Piece, run: int) -> None:
        """The reverse of `put`."""
        del self.content[run][piece]
        self._leave(piece, run)
        if run == NOWHERE:
            return
        room = self.leg.rooms[run]
        asked = piece.base + piece.wheels * room.cost
        self.free[run] += asked
        self.places[run] += piece.wheels
        self.people[run] -= piece.size
        self._coaches[room.coach] -= piece.size
        self._reload(run, -asked)

    def where(self, organisation: int) -> dict[int, int]:
        """How many of an organisation are on which run."""
        return self._organisations[organisation]

    def where_group(self, group: int) -> dict[int, int]:
        """How many of a group are on which run."""
        return self._groups[group]

    def load(self, run: int) -> int:
        """Seats taken, those of who is aboard as well."""
        return self._load[run]

    def coaches(self) -> int:
        """How many coaches have anybody aboard."""
        return sum(1 for used in self._coaches if used)

    def score(self) -> Score:
        """What this plan is worth; what is settled before it and cannot be changed is counted as well."""
        leg = self.leg
        variance = self._variance()
        return Score(
            wheelchairs_left=self.wheels_left,
            left_over=self.left,
            parted=leg.parted,
            organisations_split=self.organisations_split,
            groups_split=self.groups_split,
            lone=self.lone,
            filling=self.coaches() if leg.prefer == "fewest" else isqrt(variance * STEPS * STEPS // FINE),
            moves=leg.told - self.told,
            coach_changes=leg.near - self.near,
            spread=variance,
        )

    def _variance(self) -> int:
        """Of how full runs are, each weighed by its seats; in millionths."""
        weight = self.leg.weight
        total = sum(self._load)
        return max(0, self._squares // weight - total * total * FINE // (weight * weight)) if weight else 0

    def _reload(self, run: int, asked: int) -> None:
        after = self._load[run] = self._load[run] + asked
        square = after * after * FINE // self.leg.rooms[run].weight
        self._squares += square - self._square[run]
        self._square[run] = square

    def _join(self, piece: Piece, run: int) -> None:
        if run == NOWHERE:
            self.left += piece.size
            self.wheels_left += piece.wheels
        else:
            self.told += piece.told.get(run, 0)
            self.near += piece.near.get(run, 0)
        for organisation, count in piece.organisations:
            where = self._organisations[organisation]
            before = where.get(run, 0)
            if not before:
                self.organisations_split += bool(where)
            if self.leg.organisations[organisation].size > 1:
                self.lone += (before + count == 1) - (before == 1)
            where[run] = before + count
        for group, count in piece.groups:
            where = self._groups[group]
            before = where.get(run, 0)
            if not before:
                self.groups_split += bool(where)
            where[run] = before + count

    def _leave(self, piece: Piece, run: int) -> None:
        if run == NOWHERE:
            self.left -= piece.size
            self.wheels_left -= piece.wheels
        else:
            self.told -= piece.told.get(run, 0)
            self.near -= piece.near.get(run, 0)
        for organisation, count in piece.organisations:
            where = self._organisations[organisation]
            after = where[run] - count
            if self.leg.organisations[organisation].size > 1:
                self.lone += (after == 1) - (after + count == 1)
            if after:
                where[run] = after
            else:
                del where[run]
                self.organisations_split -= bool(where)
        for group, count in piece.groups:
            where = self._groups[group]
            after = where[run] - count
            if after:
                where[run] = after
            else:
                del where[run]
                self.groups_split -= bool(where)
