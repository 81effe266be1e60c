"""Seek a better plan of one leg: take some runs apart, fill them again in another way, keep what is better.

Seeded, and counted in attempts: never stopped by a clock, so that the same question has the same answer everywhere.
"""

from collections.abc import Collection, Iterable, Sequence
from random import Random

from transport.domain.allocation.bound import bound
from transport.domain.allocation.leg import Leg
from transport.domain.allocation.model import Score
from transport.domain.allocation.packing import Packing, Space, Style
from transport.domain.allocation.pieces import NOWHERE, Atom, Piece, merged
from transport.domain.allocation.plan import Plan

FEW_RUNS = 10  # as many are taken apart all at once


class Search:
    """The plan of a leg, and attempts to better it."""

    def __init__(self, leg: Leg, *, rng: Random, moves_first: bool = False) -> None:
        self.leg = leg
        self.plan = Plan(leg)
        self._rng = rng
        self._moves_first = moves_first
        self._best = bound(leg)
        self._bound = self._key(self._best)[:-1]
        for piece in leg.parties.values():
            self.plan.put(piece, NOWHERE)
        self._all = range(len(leg.rooms))
        self._has_homes = any(piece.told or piece.near for piece in leg.parties.values()) or bool(leg.settled)
        self.tries = 0

    def run(self, restarts: int) -> Plan:
        """The best plan of so many attempts, or the first that cannot be bettered."""
        even = self.leg.prefer == "evenest"
        if not self._all:
            return self.plan
        self.attempt(self._all, Style(even=even), keep=True)
        for turn in range(restarts):
            if self._score()[:-1] <= self._bound:
                break
            self.tries += 1
            self._next(turn)
        return self.plan

    def _next(self, turn: int) -> None:
        rng = self._rng
        style = Style(
            even=self.leg.prefer == "evenest" and rng.random() < 0.7,
            noise=rng.choice((0.0, 0.3, 1.0)),
            grouped=bool(self.leg.groups) and rng.random() < 0.5,
        )
        whole = len(self._all) <= FEW_RUNS and turn % 2 == 0
        keep = self._has_homes and rng.random() < (0.8 if self._moves_first else 0.3)
        runs = self._all if whole else self._some()
        self.attempt(runs, style, keep=keep, closed=self._closed(runs))

    def attempt(
        self, runs: Sequence[int], style: Style, *, keep: bool = False, closed: Collection[int] = frozenset()
    ) -> bool:
        """Fill these runs again, with who is on them and who is without a seat; whether that was kept.

        `keep` leaves people where they were told as far as that goes, otherwise parties are made whole first. Runs that
        are `closed` stay empty.
        """
        plan, rng = self.plan, self._rng
        old = [(piece, run) for run in [*runs, NOWHERE] for piece in plan.content[run]]
        spaces = self._spaces([run for run in runs if run not in closed], style)
        pieces = [piece for piece, _ in old]
        stay: list[tuple[Piece, int]] = []
        if keep:
            stay, pieces = self._stay(pieces, spaces)
        pieces = merged(pieces, self.leg.parties)
        new = stay + Packing(spaces, pieces, rng=rng, style=style).pack(self._homes(pieces, stay))
        if not self._is_promising(old, new):
            return False
        before = self._score()
        self._replace(old, new)
        if self._score() <= before:
            return True
        self._replace(new, old)
        return False

    def _replace(self, old: Iterable[tuple[Piece, int]], new: Iterable[tuple[Piece, int]]) -> None:
        for piece, run in old:
            self.plan.take(piece, run)
        for piece, run in new:
            self.plan.put(piece, run)

    def _key(self, score: Score) -> tuple[int, ...]:
        return score.fewest_moves_first() if self._moves_first else score

    def _score(self) -> tuple[int, ...]:
        return self._key(self.plan.score())

    def _is_promising(self, old: Sequence[tuple[Piece, int]], new: Sequence[tuple[Piece, int]]) -> bool:
        """A quick look, without taking anything apart: no more people without a seat, and no more pieces."""
        left_before = sum(piece.size for piece, run in old if run == NOWHERE)
        left_after = sum(piece.size for piece, run in new if run == NOWHERE)
        if left_before != left_after or self._moves_first:
            return left_after <= left_before
        return len(new) <= len(old) or self._has_homes

    def _spaces(self, runs: Sequence[int], style: Style) -> list[Space]:
        """The runs as if nobody were on them, in the order in which they are to be filled."""
        plan, found = self.plan, []
        for run in runs:
            room = self.leg.rooms[run]
            seats, wheels = plan.free[run], plan.places[run]
            for piece in plan.content[run]:
                seats += piece.base + piece.wheels * room.cost
                wheels += piece.wheels
            load = plan.load(run) - (seats - plan.free[run])
            found.append(Space(run, seats=seats, wheels=wheels, cost=room.cost, load=load, weight=room.weight))
        self._rng.shuffle(found)
        if not style.even:
            order = self._rng.random()
            if order < 0.6:
                found.sort(key=lambda space: (-space.load > 0, -space.seats))
        found.sort(key=lambda space: -(space.wheels > 0))
        return found

    def _stay(self, pieces: Iterable[Piece], spaces: Sequence[Space]) -> tuple[list[tuple[Piece, int]], list[Piece]]:
        """Who stays where they were told, and all others."""
        by_run = {space.run: space for space in spaces}
        told: dict[tuple[int, int], list[Atom]] = {}
        others: list[Piece] = []
        for piece in pieces:
            if not piece.told:
                others.append(piece)
                continue
            for atom in piece.atoms:
                run = max(atom.told, key=lambda run: (atom.told.count(run), run))
                told.setdefault((run if run in by_run else NOWHERE, piece.party), []).append(atom)
        stay: list[tuple[Piece, int]] = []
        for (run, party), atoms in told.items():
            piece = Piece(party, atoms)
            if run != NOWHERE and by_run[run].holds(piece):
                space = by_run[run]
                space.seats -= piece.asks(space.cost)
                space.wheels -= piece.wheels
                space.load += piece.asks(space.cost)
                stay.append((piece, run))
            else:
                others.append(piece)
        return stay, others

    def _homes(self, pieces: Iterable[Piece], stay: Sequence[tuple[Piece, int]]) -> dict[int, list[Piece]]:
        """Pieces by the run where they had better go: where most were told, or more of their organisation are."""
        if not self._has_homes:
            return {}
        here: dict[int, dict[int, int]] = {}
        for piece, run in stay:
            for organisation, count in piece.organisations:
                where = here.setdefault(organisation, {})
                where[run] = where.get(run, 0) + count
        homes: dict[int, list[Piece]] = {}
        for piece in pieces:
            drawn = dict(piece.told) or dict(piece.near)
            for organisation, _ in piece.organisations:
                for run, count in here.get(organisation, {}).items():
                    drawn[run] = drawn.get(run, 0) + count
            if drawn:
                homes.setdefault(max(drawn, key=lambda run: (drawn[run], -run)), []).append(piece)
            else:
                homes.setdefault(NOWHERE, []).append(piece)
        return homes

    def _closed(self, runs: Sequence[int]) -> Collection[int]:
        """Where fewer coaches would do: by chance those of one that is used, rather the emptier."""
        plan, rng = self.plan, self._rng
        if self.leg.prefer == "evenest" or rng.random() < 0.5 or plan.coaches() <= self._best.filling:
            return ()
        used = [run for run in runs if plan.people[run]]
        if len(used) < 2:
            return ()
        coach = self.leg.rooms[min(used, key=lambda run: plan.people[run] * rng.random())].coach
        return [run for run in runs if self.leg.rooms[run].coach == coach]

    def _some(self) -> list[int]:
        """A few runs: those of something that could be better, and others by chance."""
        rng = self._rng
        found = dict.fromkeys(self._troubled())
        while len(found) < min(len(self._all), 2 + rng.randrange(3)):
            found[rng.choice(self._all)] = None
        return list(found)

    def _troubled(self) -> list[int]:
        """Runs of what is the most important of all that could be better."""
        plan, rng, rooms = self.plan, self._rng, self.leg.rooms
        score = plan.score()
        split: list[dict[int, int]] = []
        if score.organisations_split > self._best.organisations_split or score.lone > self._best.lone:
            split = [where for number in range(len(self.leg.organisations)) if len(where := plan.where(number)) > 1]
        if score.groups_split > self._best.groups_split and (not split or rng.random() < 0.3):
            split = [where for number in range(len(self.leg.groups)) if len(where := plan.where_group(number)) > 1]
        if split:
            runs = [run for run in rng.choice(split) if run >= 0]
            rng.shuffle(runs)
            return runs[:3]
        if score.filling > self._best.filling:
            by_filling = sorted(self._all, key=lambda run: plan.load(run) / rooms[run].weight)
            used = [run for run in by_filling if plan.people[run]]
            return used[:1] if self.leg.prefer == "fewest" else [by_filling[0], by_filling[-1]]
        return []
