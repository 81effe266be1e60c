"""One event in the memory of a process, brought up to date by what changed in the database (docs/adr/0010-picture.md).

`Remembered` is a store that answers from it what would else be read for every request.
"""

import gc
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from functools import partial
from typing import Any

from sqlalchemy import Connection, text

from shared.facts import AWAY, UNDERWAY
from transport.adapters import changes
from transport.adapters.changes import Standing
from transport.adapters.store import SqlStore
from transport.domain.acts import NOTHING, Act, Marks
from transport.domain.day import Day
from transport.domain.live import Live, everybody
from transport.domain.picture import Changed, Known, Picture
from transport.domain.run import Taken
from transport.domain.stays import Seat, Stay
from transport.handlers.rendered import Rendered
from transport.ports import FOREVER, Card, Numbers, Seen, T

NOBODY: frozenset[str] = frozenset()


class Memory:
    """Not for several threads at once: who asks keeps a lock from `bring_up_to` to the end of the answer."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.at = Standing(0, 0, 0)
        self._clear()

    def _clear(self) -> None:
        self.at = Standing(0, 0, 0)
        self.picture = Picture(self.day.programme)
        self.versions: Counter[str] = Counter()  # run: how often something about it changed
        self.kept: dict[tuple[str, str], tuple[int, Any]] = {}
        self._rendered: dict[str, Rendered] = {}

    def bring_up_to(self, connection: Connection, now_ms: int) -> Changed:
        """Read what changed in the database since, and go to a moment; returns about whom and what."""
        store, event = SqlStore(connection), self.day.event
        stands = changes.stands(connection, event)
        if stands.sighted < self.at.sighted or stands.touched < self.at.touched:
            self._clear()  # the database is one of before
        if self.at == (0, 0, 0):
            self._read_persons(store, _all_persons(connection, event))
            self._read_runs(store, self.picture.logs.keys())
            gc.freeze()  # all of it stays: a collector that walks through it holds up requests for tenths of a second
        elif stands != self.at:
            since = changes.since(connection, event, self.at)
            self._read_persons(store, since.persons)
            self._read_runs(store, since.runs)
        self.at = stands
        changed = self.picture.advance(now_ms)
        self.versions.update(changed.touched)
        for rendered in self._rendered.values():
            rendered.live.refresh(changed)
        return changed

    def transfer(self, transfer: str) -> Rendered:
        """A transfer as it is shown now. Raises KeyError when it is not in the programme."""
        if transfer not in self._rendered:
            live = Live(self.picture, self.day.programme.transfer(transfer))
            live.refresh(everybody(self.picture))
            self._rendered[transfer] = Rendered(self.day, live)
            gc.freeze()
        return self._rendered[transfer]

    def _read_persons(self, store: SqlStore, persons: Collection[str]) -> None:
        if not persons:
            return
        event = self.day.event
        cards = {card.person: card for card in store.cards(event, persons)}
        seats: defaultdict[str, dict[str, Seat]] = defaultdict(dict)
        for (transfer, person), seat in store.seats(event, persons).items():
            seats[person][transfer] = seat
        rode: defaultdict[str, set[str]] = defaultdict(set)
        for run, arrivals in store.arrivals(event, persons).items():
            for arrival in arrivals:
                if arrival.standing:
                    rode[arrival.person].add(run)
        for person, stays in store.history(event, persons).items():
            card = cards.get(person)
            if card is None:
                self.day.names.pop(person, None)
            known = Known(
                groups=card.groups if card else None,
                sealed=card.sealed if card else "",
                stays=stays,
                seats=seats.get(person, {}),
                rode=frozenset(rode.get(person, ())),
            )
            is_known = card or stays or known.seats or known.rode
            self.picture.put_person(person, known if is_known else None)

    def _read_runs(self, store: SqlStore, runs: Collection[str]) -> None:
        if not runs:
            return
        for run, steps in store.steps(self.day.event, runs=runs).items():
            self.picture.put_steps(run, steps)
        self.picture.put_acts(store.acts(self.day.event, runs))


class Memories:
    """The memory of each event, for one process."""

    def __init__(self) -> None:
        self._of: dict[str, Memory] = {}

    def forget(self) -> None:
        """Read everything again: what was read last may have been taken back."""
        self._of.clear()

    def of(self, day: Day) -> Memory:
        """That of a day; a new one when its programme is another."""
        held = self._of.get(day.event)
        if held is None or held.day is not day:
            held = self._of[day.event] = Memory(day)
        return held


class Remembered(SqlStore):
    """A store for reading the present; what it gives is not to be changed, and true until the memory is moved on."""

    def __init__(self, connection: Connection, memory: Memory) -> None:
        super().__init__(connection)
        self._memory = memory
        self._picture = memory.picture

    def per_run(self, run: str, what: str, make: Callable[[], T]) -> T:
        """See the port: kept until something about the run changes."""
        version = self._memory.versions[run]
        held = self._memory.kept.get((run, what))
        if held is None or held[0] != version:
            held = self._memory.kept[run, what] = (version, make())
        found: T = held[1]
        return found

    def fingerprint(self, event: str) -> tuple[Any, ...]:
        """See the port."""
        del event
        return self._memory.at

    # -- people ----------------------------------------------------------------------------------------

    def history(self, event: str, persons: Iterable[str]) -> dict[str, list[Stay]]:
        """See the port."""
        del event
        known = self._picture.persons
        return {person: list(known[person].stays) if person in known else [] for person in persons}

    def visitors(self, event: str, place: str) -> set[str]:
        """See the port."""
        del event
        return set(self._picture.visitors.get(place, NOBODY))

    def visitors_of_two(self, event: str, runs: Collection[str]) -> set[str]:
        """See the port."""
        programme = self._memory.day.programme
        for transfer in programme.transfers:
            if set(runs) == {run.id for run in programme.runs_of_transfer(transfer.id)}:
                return set(self._picture.riders_of_two.get(transfer.id, NOBODY))
        return super().visitors_of_two(event, runs)

    def in_use(self, event: str) -> set[str]:
        """See the port."""
        del event
        return {place for place, count in self._picture.in_use.items() if count}

    def standing(self, event: str, runs: Iterable[str]) -> dict[str, set[str]]:
        """See the port."""
        del event
        return {run: set(of) for run in runs if (of := self._picture.rode.get(run))}

    def cards(self, event: str, persons: Iterable[str] | None = None) -> list[Card]:
        """See the port."""
        del event
        known = self._picture.persons
        wanted = known if persons is None else [person for person in persons if person in known]
        return [Card(person, of.groups, of.sealed) for person in wanted if (of := known[person]).groups is not None]

    def presence(self, event: str, until_ms: int | None, known_ms: int = FOREVER) -> dict[str, Seen]:
        """See the port."""
        if until_ms is not None or known_ms != FOREVER:
            return super().presence(event, until_ms, known_ms)
        lasts = ((person, known.stays[-1]) for person, known in self._picture.persons.items() if known.stays)
        return {person: (last.place, last.at_ms, last.how) for person, last in lasts}

    def groups(self, event: str) -> dict[str, frozenset[str]]:
        """See the port."""
        return {card.person: card.groups for card in self.cards(event)}

    # -- seats -----------------------------------------------------------------------------------------

    def seats(self, event: str, persons: Iterable[str]) -> dict[tuple[str, str], Seat]:
        """See the port."""
        del event
        known = self._picture.persons
        return {
            (transfer, person): seat
            for person in persons
            if person in known
            for transfer, seat in known[person].seats.items()
        }

    def seats_of_transfer(self, event: str, transfer: str) -> dict[str, Seat]:
        """See the port."""
        del event
        persons = self._picture.persons.items()
        return {person: of.seats[transfer] for person, of in persons if transfer in of.seats}

    def listed(self, event: str, run: str) -> set[str]:
        """See the port."""
        del event
        return set(self._picture.seated.get(run, NOBODY))

    def passengers(self, event: str, runs: Collection[str] | None = None) -> dict[str, tuple[str, ...]]:
        """See the port."""
        del event
        return {run: self.per_run(run, "passengers", partial(self._passengers, run)) for run in self._seated(runs)}

    def numbers(self, event: str, runs: Collection[str] | None = None) -> dict[str, Numbers]:
        """See the port."""
        del event
        return {run: self.per_run(run, "numbers", partial(self._numbers, run)) for run in self._seated(runs)}

    def _seated(self, runs: Collection[str] | None) -> list[str]:
        """Those of the runs, or of all, that anybody has a seat on."""
        seated = self._picture.seated
        return [run for run in (seated if runs is None else runs) if seated.get(run)]

    def _passengers(self, run: str) -> tuple[str, ...]:
        return tuple(sorted(self._picture.seated[run]))

    def _numbers(self, run: str) -> Numbers:
        people = [self._picture.persons[person] for person in self._picture.seated[run]]
        return Numbers(
            listed=len(people),
            aboard=sum(known.place == run for known in people),
            missing=sum(_is_to_come(known, run) for known in people),
            carried=sum(run in known.rode for known in people),
        )

    def waived(self, event: str, excused: Sequence[tuple[str, str]]) -> dict[str, int]:
        """See the port."""
        del event
        found: Counter[str] = Counter()
        for run, person in excused:
            if person in self._picture.seated.get(run, NOBODY) and _is_to_come(self._picture.persons[person], run):
                found[run] += 1
        return dict(found)

    def beyond(self, event: str, places: Mapping[str, Iterable[str]]) -> set[tuple[str, str]]:
        """See the port."""
        runs = self._memory.day.programme.index.runs
        there = {transfer: frozenset(of) for transfer, of in places.items()}
        return {
            (run, person)
            for run in self._seated(None)
            if run in runs
            for person in self.per_run(run, "beyond", partial(self._beyond, run, there[runs[run].transfer]))
        }

    def _beyond(self, run: str, places: Set[str]) -> list[str]:
        return [person for _, person, place in self._located_on(run) if place != run and place in places]

    def located_on(self, event: str, runs: Collection[str]) -> list[tuple[str, str, str]]:
        """See the port."""
        del event
        found = (self.per_run(run, "located", partial(self._located_on, run)) for run in self._seated(runs))
        return [one for of in found for one in of]

    def _located_on(self, run: str) -> list[tuple[str, str, str]]:
        located = ((person, _located(self._picture.persons[person])) for person in self._picture.seated[run])
        return [(run, person, place) for person, place in located if place is not None]

    # -- runs ------------------------------------------------------------------------------------------

    def steps(
        self, event: str, known_ms: int = FOREVER, runs: Collection[str] | None = None
    ) -> Mapping[str, Sequence[Taken]]:
        """See the port."""
        if known_ms != FOREVER or runs is not None:
            return super().steps(event, known_ms, runs)
        return self._picture.steps

    def marks(self, event: str, runs: Collection[str] | None = None) -> dict[str, Marks]:
        """See the port."""
        acts = self._picture.acts
        wanted = acts.keys() if runs is None else [run for run in runs if run in acts]
        return {run: self.per_run(run, "marks", partial(self._marks, event, run)) for run in wanted}

    def _marks(self, event: str, run: str) -> Marks:
        return super().marks(event, [run]).get(run, NOTHING)

    def acts(self, event: str, runs: Iterable[str] | None = None, known_ms: int = FOREVER) -> list[Act]:
        """See the port."""
        if known_ms != FOREVER:
            return super().acts(event, runs, known_ms)
        acts = self._picture.acts
        return [act for run in (acts if runs is None else runs) for act in acts.get(run, {}).values()]


def _is_to_come(known: Known, run: str) -> bool:
    return known.place not in (run, AWAY) and run not in known.rode


def _located(known: Known) -> str | None:
    return next((stay.place for stay in reversed(known.stays) if stay.place != UNDERWAY), None)


def _all_persons(connection: Connection, event: str) -> list[str]:
    query = """SELECT person FROM card WHERE event = :event UNION SELECT person FROM seat WHERE event = :event
        UNION SELECT person FROM sighting WHERE event = :event"""
    return [person for (person,) in connection.execute(text(query), {"event": event})]
