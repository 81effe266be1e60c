"""Small exchanges that filling whole runs does not come upon: one person for another, one party for another.

Tried are people of parties that are split, and whole pieces, wherever two of them fit each other's runs. An exchange
is kept when the score is better for it.
"""

from collections.abc import Callable, Iterable
from random import Random

from transport.domain.allocation.pieces import NOWHERE, Piece, Seat, merged
from transport.domain.allocation.plan import Plan


def exchange(plan: Plan, *, key: Callable[[], tuple[int, ...]], rng: Random, budget: int) -> None:
    """Better the plan with at most `budget` trials; `key` is what it is worth, less is better."""
    _take_apart(plan)
    trial = _Trial(plan, key, budget)
    while trial.budget > 0 and trial.improve(rng):
        pass
    _put_together(plan)


def _take_apart(plan: Plan) -> None:
    """Pieces of split parties become pieces of one atom each."""
    for piece, run in _split(plan):
        plan.take(piece, run)
        for atom in piece.atoms:
            plan.put(Piece(piece.party, [atom]), run)


def _split(plan: Plan) -> list[Seat]:
    by_party: dict[int, list[Seat]] = {}
    for run in _runs(plan):
        for piece in plan.content[run]:
            by_party.setdefault(piece.party, []).append((piece, run))
    return [seat for seats in by_party.values() if len(seats) > 1 for seat in seats]


def _runs(plan: Plan) -> list[int]:
    return [*range(len(plan.leg.rooms)), NOWHERE]


def _put_together(plan: Plan) -> None:
    for run in _runs(plan):
        pieces = list(plan.content[run])
        for piece in pieces:
            plan.take(piece, run)
        for piece in merged(pieces, plan.leg.parties):
            plan.put(piece, run)


class _Trial:
    """Exchanges until the trials are used up."""

    def __init__(self, plan: Plan, key: Callable[[], tuple[int, ...]], budget: int) -> None:
        self._plan = plan
        self._key = key
        self.budget = budget

    def improve(self, rng: Random) -> bool:
        """The first exchange that makes it better; whether there was one."""
        before = self._key()
        seats = [(piece, run) for run in _runs(self._plan) for piece in self._plan.content[run]]
        rng.shuffle(seats)
        for number, one in enumerate(seats):
            if self._shift(one, before):
                return True
            for other in seats[:number]:
                if other[1] != one[1] and self._swap(one, other, before):
                    return True
                if self.budget <= 0:
                    return False
        return False

    def _shift(self, one: Seat, before: tuple[int, ...]) -> bool:
        piece, run = one
        for to, room in enumerate(self._plan.leg.rooms):
            fits = piece.asks(room.cost) <= self._plan.free[to] and piece.wheels <= self._plan.places[to]
            if to != run and fits and self._better([one], [(piece, to)], before):
                return True
        return False

    def _swap(self, one: Seat, other: Seat, before: tuple[int, ...]) -> bool:
        (piece, run), (instead, to) = one, other
        if not self._fits(piece, instead, to) or not self._fits(instead, piece, run):
            return False
        return self._better([one, other], [(piece, to), (instead, run)], before)

    def _fits(self, piece: Piece, gone: Piece, run: int) -> bool:
        if run == NOWHERE:
            return True
        plan, cost = self._plan, self._plan.leg.rooms[run].cost
        return piece.asks(cost) <= plan.free[run] + gone.asks(cost) and piece.wheels <= plan.places[run] + gone.wheels

    def _better(self, old: Iterable[Seat], new: Iterable[Seat], before: tuple[int, ...]) -> bool:
        self.budget -= 1
        for piece, run in old:
            self._plan.take(piece, run)
        for piece, run in new:
            self._plan.put(piece, run)
        if self._key() < before:
            return True
        for piece, run in new:
            self._plan.take(piece, run)
        for piece, run in old:
            self._plan.put(piece, run)
        return False
