"""Seek a better plan of one leg: take some runs apart, fill them again in another way, keep what is better.

Seeded, and counted in attempts: never stopped by a clock, so that the same question has the same answer everywhere.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from random import Random

from transport.domain.allocation.bound import bound
from transport.domain.allocation.exchange import exchange
from transport.domain.allocation.glance import kept, left, presences
from transport.domain.allocation.homes import homes, stay_as_told
from transport.domain.allocation.leg import Leg
from transport.domain.allocation.model import Score
from transport.domain.allocation.packing import Packing
from transport.domain.allocation.pieces import NOWHERE, Piece, Seat, in_wheelchairs, merged, sitting
from transport.domain.allocation.plan import Plan
from transport.domain.allocation.spaces import Space, Style, arrange

LEVELLINGS = 12  # attempts at the end to make an even filling more even than a step
EXCHANGES = 300  # tried at the end, where there is something left to better
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
        self._aboard = [(piece, run) for piece, run in leg.settled if run >= 0]
        self._has_wheelchairs = any(piece.wheels for piece in leg.parties.values())
        self.tries = 0

    def run(self, restarts: int) -> Plan:
        """The best plan of so many attempts, or the first that cannot be bettered; half of them in vain are enough."""
        even = self.leg.prefer == "evenest"
        if not self._all:
            return self.plan
        self.attempt(self._all, Style(even=even, shuffled=False), keep=True)
        best, vain = self._score()[:-1], 0
        while best > self._bound and self.tries < restarts and vain <= restarts // 2:
            self._next(self.tries)
            self.tries += 1
            score = self._score()[:-1]
            best, vain = score, (0 if score < best else vain + 1)
        if restarts and best > self._bound:
            exchange(self.plan, key=self._score, rng=self._rng, budget=EXCHANGES)
        if even:
            self._level(min(restarts, LEVELLINGS))
        return self.plan

    def _level(self, attempts: int) -> None:
        """To the last seat: the emptiest or the fullest run against another."""
        for _ in range(attempts):
            if self.plan.score().spread == 0:
                break
            runs = dict.fromkeys([self._rng.choice(self._extremes()), self._rng.choice(self._all)])
            self.attempt(list(runs), Style(even=True, noise=1.0), keep=self._has_homes)

    def _extremes(self) -> list[int]:
        by_filling = sorted(self._all, key=lambda run: self.plan.load(run) / self.leg.rooms[run].weight)
        return [by_filling[0], by_filling[-1]]

    def _next(self, turn: int) -> None:
        rng = self._rng
        style = Style(
            even=self.leg.prefer == "evenest" and rng.random() < 0.7,
            noise=rng.choice((0.0, 0.3, 1.0, 10.0)),
            grouped=bool(self.leg.groups) and rng.random() < 0.5,
        )
        whole = len(self._all) <= FEW_RUNS and turn % 3 == 0
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
        stay: list[Seat] = []
        if keep:
            stay, pieces = stay_as_told(pieces, spaces)
        pieces = merged(pieces, self.leg.parties)
        if self._has_wheelchairs and plan.left > self._best.left_over and rng.random() < 0.3:
            # a wheelchair where it costs a seat less may be a seat for one more
            pieces = [part for piece in pieces for part in [*in_wheelchairs(piece), *sitting(piece)]]
        new = stay + Packing(spaces, pieces, rng=rng, style=style).pack(self._homes(pieces, stay))
        if not self._is_promising(old, new):
            return False
        before = self._score()
        self._replace(old, new)
        if self._score() <= before:
            return True
        self._replace(new, old)
        return False

    def _replace(self, old: Iterable[Seat], new: Iterable[Seat]) -> None:
        for piece, run in old:
            self.plan.take(piece, run)
        for piece, run in new:
            self.plan.put(piece, run)

    def _key(self, score: Score) -> tuple[int, ...]:
        return score.fewest_moves_first() if self._moves_first else score

    def _score(self) -> tuple[int, ...]:
        return self._key(self.plan.score())

    def _is_promising(self, old: Sequence[Seat], new: Sequence[Seat]) -> bool:
        """A quick look at what comes first in the score, before anything is taken apart."""
        before, after = left(old), left(new)
        if before != after or self.leg.settled:
            return after <= before
        if self._moves_first:
            before, after = kept(old), kept(new)
            if before != after:
                return after > before
        return presences(new) <= presences(old)

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
        arrange(found, style, wheelchairs=self._has_wheelchairs, rng=self._rng)
        return found

    def _homes(self, pieces: Iterable[Piece], stay: Iterable[Seat]) -> Mapping[int, Sequence[Piece]]:
        return homes(pieces, [*self._aboard, *stay]) if self._has_homes else {}

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
        while len(found) < min(len(self._all), 2 + rng.randrange(3 if len(self._all) <= FEW_RUNS else 8)):
            found[rng.choice(self._all)] = None
        return list(found)

    def _troubled(self) -> list[int]:
        """Runs of what is the most important of all that could be better."""
        plan, rng = self.plan, self._rng
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
            if self.leg.prefer == "evenest":
                return self._extremes()
            return [min((run for run in self._all if plan.people[run]), key=lambda run: plan.people[run])]
        moved = [
            (piece, run) for run in self._all for piece in plan.content[run] if piece.told and run not in piece.told
        ]
        if moved:
            piece, run = rng.choice(moved)
            return [run, *piece.told]
        return []
