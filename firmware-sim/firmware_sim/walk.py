"""One guest's day: where they go by the programme and by their habits, and which badge readings that gives. Pure."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from firmware_sim.people import MINUTE_MS, Guest, Habits
from shared.programme import Direction, Item, Programme, Run, Transfer

SECOND_MS = 1000

Kind = Literal["in", "out", "room-in", "room-out", "board", "departed", "twice", "stray"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A badge before a scanner at a moment, true time; `person` is who holds it, empty for a stray code."""

    at_ms: int
    scanner: str
    badge: str
    person: str
    kind: Kind


class Seats:
    """Who has a seat on which run, and how many are still free for somebody without one."""

    def __init__(self, programme: Programme, seats: Mapping[str, tuple[str, ...]]) -> None:
        self._run_of = {
            (person, programme.run(run).transfer): programme.run(run)
            for run, persons in seats.items()
            for person in persons
            if run in programme.index.runs
        }
        self._free = {run.id: (run.seats or 0) - len(seats.get(run.id, ())) for run in programme.runs}

    def run_of(self, person: str, transfer: str) -> Run | None:
        """The run that the person has a seat on."""
        return self._run_of.get((person, transfer))

    def take(self, run: Run) -> bool:
        """Take a free seat; False when there is none."""
        if self._free[run.id] <= 0:
            return False
        self._free[run.id] -= 1
        return True


class Doors:
    """The scanners at every place and coach."""

    def __init__(self, programme: Programme) -> None:
        points = {point.id: (point.place or point.coach, point.direction) for point in programme.checkpoints}
        self._at: dict[tuple[str | None, Direction], list[str]] = {}
        for scanner in programme.scanners:
            self._at.setdefault(points[scanner.checkpoint], []).append(scanner.id)

    def at(self, place: str, direction: Direction) -> list[str]:
        """The scanners there, in the programme's order."""
        return self._at.get((place, direction), [])


class Walk:
    """Walks through the day and notes the steps; `steps` are in order of time."""

    def __init__(
        self,
        guest: Guest,
        habits: Habits,
        *,
        programme: Programme,
        doors: Doors,
        seats: Seats,
        throw: random.Random,
    ) -> None:
        self.steps: list[Step] = []
        self._guest = guest
        self._habits = habits
        self._programme = programme
        self._doors = doors
        self._seats = seats
        self._throw = throw
        self._where: str | None = None
        self._now_ms = 0
        self._careful = 0.1 if habits.peculiarity == "forgets" else 0.8  # how likely an out scan is

    def day(self) -> list[Step]:
        """The whole day, from the first door to the last."""
        if self._is("no-show"):
            return []
        self._arrive()
        leaves_ms = self._leaves_early_at()
        for phase in self._phases():
            start_ms = phase.start_ms
            if leaves_ms is not None and start_ms > leaves_ms:
                self._leave(leaves_ms)
                return self.steps
            if isinstance(phase, Transfer):
                self._move(phase)
            else:
                self._sit(phase)
        last_ms = max((item.start_ms for item in self._programme.items), default=self._now_ms)
        if self._likely(0.2 if self._is("forgets") else 0.88):
            self._leave(last_ms + self._minutes(3, 80))
        return self.steps

    def _phases(self) -> list[Transfer | Item]:
        """The transfers, and one of the items in rooms that are theirs at a time, in order."""
        rooms: dict[int, list[Item]] = {}
        for item in self._programme.items_of(self._guest.groups):
            if item.place in self._programme.index.rooms:
                rooms.setdefault(item.start_ms, []).append(item)
        items = [self._throw.choice(choices) for choices in rooms.values()]
        return sorted([*self._programme.transfers, *items], key=lambda phase: phase.start_ms)

    # -- the parts of a day ------------------------------------------------------------------------

    def _arrive(self) -> None:
        first = min(self._programme.items_of(self._guest.groups), key=lambda item: item.start_ms)
        self._where = first.place.partition(".")[0]
        at_ms = first.start_ms + self._habits.arrives_ms
        if self._guest.revoked:
            self._step(at_ms, self._doors.at(self._where, "in"), "stray", badge=self._guest.revoked[0])
            at_ms += MINUTE_MS
        self._door("in", at_ms)
        if self._is("pops-out"):
            out_ms = max(self._now_ms, first.start_ms + 40 * MINUTE_MS) + self._minutes(1, 15)
            self._door("out", out_ms)
            if self._likely(0.7):
                self._door("in", out_ms + self._minutes(4, 12))

    def _leaves_early_at(self) -> int | None:
        if not self._is("leaves-early"):
            return None
        items = self._programme.items_of(self._guest.groups)
        middle = sorted(item.start_ms for item in items)[len(items) // 2]
        return int(self._throw.uniform(middle, max(item.start_ms for item in items)))

    def _leave(self, at_ms: int) -> None:
        if self._where is not None:
            self._door("out", at_ms)
            self._where = None

    def _sit(self, item: Item) -> None:
        """An item in a room: in around its start, out around its end."""
        location = item.place.partition(".")[0]
        if self._where != location or self._is("forgets"):
            return
        if self._likely(0.93):
            self._step(item.start_ms + self._minutes(-6, 4), self._doors.at(item.place, "in"), "room-in")
            if self._likely(0.65):
                self._step(item.end_ms + self._minutes(-2, 3), self._doors.at(item.place, "out"), "room-out")

    def _move(self, transfer: Transfer) -> None:
        leg = transfer.leg_for(self._guest.groups)
        if leg is None or self._where is None or leg.destination == self._where:
            return
        first = transfer is self._programme.transfers[0]
        if first and self._is("stays-behind"):
            if self._likely(0.5):
                self._turn_up(leg.destination, transfer.end_ms + self._minutes(15, 40))
            return
        if first and self._is("lost"):
            self._door("out", transfer.start_ms + self._minutes(1, 5))
            self._turn_up(leg.destination, transfer.end_ms + self._minutes(20, 45))
            return
        run = self._run(transfer, first=first)
        if run is None or self._is("walks"):
            self._on_foot(leg.destination, transfer.start_ms + self._minutes(1, 6))
        elif first and self._is("late-for-coach"):
            self._miss(run)
            self._on_foot(leg.destination, run.depart_ms + self._minutes(2, 4))
        else:
            self._ride(run, transfer)

    # -- ways to move ------------------------------------------------------------------------------

    def _run(self, transfer: Transfer, *, first: bool) -> Run | None:
        """The run with their seat, or another from where they are when that suits or is needed."""
        own = self._seats.run_of(self._guest.person, transfer.id)
        if own and own.origin == self._where and not (first and self._is("wrong-coach")):
            return own
        others = [run for run in self._programme.runs_of_transfer(transfer.id) if run.origin == self._where]
        self._throw.shuffle(others)
        for run in others:
            if run != own and self._seats.take(run):
                return run
        return own if own and own.origin == self._where else None

    def _ride(self, run: Run, transfer: Transfer) -> None:
        latest_ms = run.depart_ms - 40 * SECOND_MS
        earliest_ms = max(run.open_ms + 2 * MINUTE_MS, transfer.start_ms, self._now_ms + 20 * SECOND_MS)
        if earliest_ms >= latest_ms:
            self._miss(run)
            self._on_foot(run.destination, run.depart_ms + 2 * MINUTE_MS)
            return
        board_ms = int(self._throw.uniform(earliest_ms, latest_ms))
        out_ms = board_ms - self._minutes(1, 4)
        if self._likely(self._careful) and out_ms > self._now_ms:
            self._door("out", out_ms)
        self._step(board_ms, self._doors.at(run.coach, "in"), "board")
        self._turn_up(run.destination, run.arrive_ms + self._minutes(0.6, 6), seen=0.5 if self._is("forgets") else 0.94)

    def _miss(self, run: Run) -> None:
        self._step(run.depart_ms + self._throw.randint(30, 75) * SECOND_MS, self._doors.at(run.coach, "in"), "departed")

    def _on_foot(self, destination: str, leaves_ms: int) -> None:
        if self._likely(self._careful):
            self._door("out", leaves_ms)
        self._turn_up(destination, max(leaves_ms, self._now_ms) + self._minutes(14, 22))

    def _turn_up(self, destination: str, at_ms: int, *, seen: float = 1.0) -> None:
        self._where = destination
        if self._likely(seen):
            self._door("in", at_ms)
        else:
            self._now_ms = max(self._now_ms, at_ms)

    # -- steps -------------------------------------------------------------------------------------

    def _door(self, direction: Direction, at_ms: int) -> None:
        assert self._where is not None  # noqa: S101 (the callers are somewhere)
        self._step(at_ms, self._doors.at(self._where, direction), direction)

    def _step(self, at_ms: int, scanners: list[str], kind: Kind, *, badge: str | None = None) -> None:
        """Note a step, never before the last one, and off the whole second so that it never ties with a run's."""
        at_ms = max(at_ms, self._now_ms + 5 * SECOND_MS) // SECOND_MS * SECOND_MS + self._throw.randint(1, 999)
        self._now_ms = at_ms
        if not scanners:
            return
        step = Step(
            at_ms=at_ms,
            scanner=self._throw.choice(scanners),
            badge=badge or self._guest.badge,
            person=self._guest.person,
            kind=kind,
        )
        self.steps.append(step)

    def _is(self, peculiarity: str) -> bool:
        return self._habits.peculiarity == peculiarity

    def _likely(self, share: float) -> bool:
        return self._throw.random() < share

    def _minutes(self, least: float, most: float) -> int:
        return int(self._throw.uniform(least, most) * MINUTE_MS)
