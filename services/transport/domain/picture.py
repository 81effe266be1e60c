"""What is known of everybody and of every run, in memory, brought up to date by what changed. Pure.

Nothing is worked out here that the rules do not say elsewhere: a picture answers what the store answers, without
reading it. `advance` tells what became otherwise since it was called last, by facts that came or by time that went by.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from shared import missing
from shared.missing import Implied
from shared.programme import Programme
from transport.domain import acts as hands
from transport.domain.acts import NOTHING, Act, Marks
from transport.domain.run import Log, Taken, fold
from transport.domain.stays import Seat, Stay
from transport.domain.times import MINUTE_MS, Times, estimate

NEVER_MS = 2**62


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is known of one person: `groups` None without a card, `stays` their counting sightings in order.

    `seats` is by transfer, `rode` the runs that brought them somewhere, `sealed` what is personal.
    """

    groups: frozenset[str] | None = None
    sealed: str = ""
    stays: Sequence[Stay] = ()
    seats: Mapping[str, Seat] = field(default_factory=dict)
    rode: frozenset[str] = frozenset()

    @property
    def place(self) -> str | None:
        """Where they are."""
        return self.stays[-1].place if self.stays else None

    def runs(self) -> set[str]:
        """The places and runs that a change of this person says something about."""
        seated = {run for seat in self.seats.values() for run in (seat.told, seat.run) if run is not None}
        return {stay.place for stay in self.stays} | self.rode | seated


class Changed(NamedTuple):
    """About whom something is otherwise, which runs are, and about which anything is: themselves, people, times."""

    persons: frozenset[str]
    runs: frozenset[str]
    touched: frozenset[str]


class Picture:
    """Everybody and every run of one programme. Not for several threads at once."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.now_ms = -1
        self.persons: dict[str, Known] = {}
        self.steps: dict[str, Sequence[Taken]] = {}
        self.logs: dict[str, Log] = {run.id: Log(run=run.id) for run in programme.runs}
        self.acts: dict[str, dict[str, Act]] = {}
        self.visitors: defaultdict[str, set[str]] = defaultdict(set)  # place: who was ever there
        self.seated: defaultdict[str, set[str]] = defaultdict(set)
        self.rode: defaultdict[str, set[str]] = defaultdict(set)
        self.told: defaultdict[str, set[str]] = defaultdict(set)
        self.riders_of_two: defaultdict[str, set[str]] = defaultdict(set)  # transfer: who was in more than one run
        self.in_use: Counter[str] = Counter()  # place: how many of those registered are there
        # of the moment, by what happened up to it
        self.past: dict[str, Log] = dict(self.logs)
        self.marks: dict[str, Marks] = dict.fromkeys(self.logs, NOTHING)
        self.times: dict[str, Times] = {}
        self._moved: defaultdict[str, set[str]] = defaultdict(set)  # person: runs with acts about them
        self._standing: dict[str, list[Act]] = {}
        self._wakes: list[tuple[int, str, str]] = []  # when, person, run
        self._persons: set[str] = set()
        self._runs: set[str] = set(self.logs)
        self._fresh: set[str] = set(self.logs)  # of which nothing was said yet
        self._people_of: set[str] = set()  # runs whose people changed
        self._estimated_until_ms = -1

    # -- putting in ------------------------------------------------------------------------------------

    def put_person(self, person: str, known: Known | None) -> None:
        """What is known of somebody from now on; None: nothing any more."""
        before = self.persons.pop(person, None)
        if before is not None:
            self._index(person, before, remove=True)
        if known is not None:
            self.persons[person] = known
            self._index(person, known, remove=False)
            self._wake_person(person, known)
        self._persons.add(person)

    def put_steps(self, run: str, steps: Sequence[Taken]) -> None:
        """All that was asked of a run."""
        if run in self.logs:
            self.steps[run] = steps
            self.logs[run] = fold(run, steps)
            self._runs.add(run)
            self._wake([step.at_ms for step in steps], run=run)

    def put_acts(self, acts: Iterable[Act]) -> None:
        """What hands said; an act never changes, and none is ever gone."""
        for act in acts:
            self.acts.setdefault(act.run, {})[act.id] = act
            meant = self.acts[act.run].get(act.undoes or "", act)
            for person in {meant.person, act.person} - {None}:
                self._moved[str(person)].add(act.run)
                self._persons.add(str(person))
                self._wake([act.at_ms], person=str(person))
            if act.run in self.logs:
                self._runs.add(act.run)
                self._wake([act.at_ms], run=act.run)

    def _index(self, person: str, known: Known, *, remove: bool) -> None:
        indexes: tuple[tuple[defaultdict[str, set[str]], Iterable[str | None]], ...] = (
            (self.visitors, (stay.place for stay in known.stays)),
            (self.seated, (seat.run for seat in known.seats.values())),
            (self.told, (seat.told for seat in known.seats.values())),
            (self.rode, known.rode),
        )
        for index, names in indexes:
            for name in names:
                if name is not None:
                    (index[name].discard if remove else index[name].add)(person)
        for transfer in self._ridden_twice(known):
            (self.riders_of_two[transfer].discard if remove else self.riders_of_two[transfer].add)(person)
        if known.place is not None and known.groups is not None:
            self.in_use[known.place] += -1 if remove else 1
        self._people_of |= known.runs()

    def _ridden_twice(self, known: Known) -> list[str]:
        runs = self.programme.index.runs
        ridden = Counter(runs[place].transfer for place in {stay.place for stay in known.stays} if place in runs)
        return [transfer for transfer, times in ridden.items() if times > 1]

    # -- time ------------------------------------------------------------------------------------------

    def advance(self, now_ms: int) -> Changed:
        """Go to a moment; a clock that went back a little does not take anything back."""
        self.now_ms = max(now_ms, self.now_ms)
        while self._wakes and self._wakes[0][0] <= self.now_ms:
            _, person, run = heapq.heappop(self._wakes)
            if run:
                self._runs.add(run)
            elif person in self.persons:
                self._persons.add(person)
                self._people_of |= self.persons[person].runs()
        coaches, changed = set[str](), set[str]()
        for run in self._runs:
            before = self.past[run], self.marks[run]
            coaches.add(self._coach(run))
            self._look_at(run)
            coaches.add(self._coach(run))
            if run in self._fresh or before != (self.past[run], self.marks[run]):
                changed.add(run)
        timed = self._estimate(coaches)
        touched = self._runs | timed | (self._people_of & self.logs.keys())
        found = Changed(frozenset(self._persons), frozenset(changed), frozenset(touched))
        self._persons, self._runs, self._people_of, self._fresh = set(), set(), set(), set()
        return found

    def _look_at(self, run: str) -> None:
        """What happened to a run up to the moment, and what the acts on it come to."""
        self.past[run] = self.logs[run].until(self.now_ms)
        self._standing[run] = hands.standing(self.acts.get(run, {}).values(), until_ms=self.now_ms)
        marks = hands.marks(self._standing[run]).get(run, NOTHING)
        self.marks[run] = hands.counted(marks, self.past[run])

    def _estimate(self, coaches: Set[str]) -> set[str]:
        """Work out again the times of what these coaches take, or of all when an expected moment went by.

        Returns the runs that they are others of.
        """
        is_over = self.now_ms > self._estimated_until_ms
        if not coaches and not is_over:
            return set()
        found = estimate(self.programme, self.past, self.marks, self.now_ms, coaches=None if is_over else coaches)
        timed = {run for run, of in found.items() if self.times.get(run) != of}
        self.times.update(found)
        expected = (at for of in self.times.values() for at in (of.depart.estimated_ms, of.arrive.estimated_ms))
        ahead = min((at for at in expected if at >= self.now_ms), default=NEVER_MS)
        self._estimated_until_ms = min(ahead, -(-self.now_ms // MINUTE_MS) * MINUTE_MS)
        return timed

    def _coach(self, run: str) -> str:
        vehicle = self.past[run].vehicle
        return vehicle.coach if vehicle else self.programme.run(run).coach

    def _wake(self, moments: Iterable[int], *, person: str = "", run: str = "") -> None:
        for at_ms in moments:
            if at_ms > self.now_ms:
                heapq.heappush(self._wakes, (at_ms, person, run))

    def _wake_person(self, person: str, known: Known) -> None:
        """When something that is known of them begins to count, or is to be confirmed at the latest."""
        moments = [stay.at_ms for stay in known.stays]
        last = known.stays[-1] if known.stays else None
        if last is not None and last.implied:
            moments.append(missing.confirm_by_ms(self.programme, Implied(last.place, last.at_ms)))
        self._wake(moments, person=person)

    # -- asking ----------------------------------------------------------------------------------------

    def people_of(self, run: str) -> Set[str]:
        """Everybody whom something about this run may be said of."""
        excused = self.marks[run].excuses.keys() if run in self.marks else set()
        none: Set[str] = frozenset()
        of = (self.visitors, self.seated, self.told, self.rode)
        return excused | {person for index in of for person in index.get(run, none)}

    def moves(self, person: str) -> list[Act]:
        """The acts that gave somebody another seat and stand, in order."""
        found = [act for run in self._moved.get(person, ()) for act in self._standing.get(run, ())]
        return sorted(
            (act for act in found if act.why == "other-run" and act.person == person), key=lambda act: act.order
        )
