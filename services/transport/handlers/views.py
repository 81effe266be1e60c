"""Transfers and passenger lists, with the names that are needed and no others."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Literal, Protocol, TypedDict

from shared import instants
from shared.facts import EXPECTED, Personal, Text
from shared.programme import Leg, Run, Transfer
from transport.domain import acts, overview
from transport.domain.acts import NOTHING, Act, Marks
from transport.domain.day import Day
from transport.domain.live import Live
from transport.domain.needs import needs_wheelchair
from transport.domain.overview import Crowd, Overview, People, Sums
from transport.domain.run import Log, State
from transport.domain.seated import Boarded, is_over, seat_of
from transport.domain.times import Times, estimate
from transport.handlers import states
from transport.handlers.people import NOBODY, opened
from transport.handlers.shapes import (
    Grades,
    LegView,
    LocationView,
    Named,
    NoSeat,
    Passenger,
    PassengerList,
    RunLine,
    RunView,
    Totals,
    TransferLine,
    TransferView,
)
from transport.ports import FOREVER, Numbers, Store


def transfers(*, day: Day, store: Store, now_ms: int) -> list[TransferLine]:
    """All transfers with their runs."""
    now = states.run_states(day=day, store=store, at_ms=now_ms)
    return [
        TransferLine(
            transfer=transfer.id,
            title=words(transfer.title),
            start=instants.to_text(transfer.start_ms),
            end=instants.to_text(transfer.end_ms),
            runs=tuple(
                RunLine(run=run.id, name=run.name, kerb=run.kerb or "", state=now[run.id])
                for run in day.programme.runs_of_transfer(transfer.id)
            ),
        )
        for transfer in day.programme.transfers
    ]


def transfer(
    transfer_id: str, *, day: Day, store: Store, at_ms: int | None, now_ms: int, known_ms: int | None = None
) -> TransferView:
    """One transfer now, or as it was at a moment of the past, by all that is known today or was at another moment."""
    planned = day.programme.transfer(transfer_id)
    found = _overview(planned, day=day, store=store, at_ms=at_ms, now_ms=now_ms, known_ms=known_ms)
    without = store.without_seat(day.event, transfer_id)
    everybody = found.of_all()
    legs = {leg.id: found.of_leg(leg) for leg in found.transfer.legs}
    runs = {run.id: found.of_run(run) for run in day.programme.runs_of_transfer(transfer_id)}
    crowds = found.crowds()
    shown = _shown([everybody, *legs.values(), *runs.values()]) | without.keys() | _crowded(crowds)
    names = _Names(day, store, found, shown)
    shown_runs = {
        leg.id: tuple(run_view(run, runs[run.id], found, names, day) for run in day.programme.runs_of_leg(leg.id))
        for leg in found.transfer.legs
    }
    return TransferView(
        event=day.event,
        transfer=transfer_id,
        title=words(found.transfer.title),
        at=instants.to_text(found.at_ms),
        known=None if known_ms is None else instants.to_text(known_ms),
        start=instants.to_text(found.transfer.start_ms),
        end=instants.to_text(found.transfer.end_ms),
        totals=totals(found),
        legs=tuple(leg_view(leg, legs[leg.id], shown_runs[leg.id], found, names) for leg in found.transfer.legs),
        locations=tuple(location_view(crowd, day, names) for crowd in crowds),
        without_seat_count=len(without),
        without_seat=tuple(NoSeat(person=names.of(person), why=without[person]) for person in sorted(without)),
        **numbers(everybody, names),
    )


def passenger_list(run: str, found: Live, *, day: Day, store: Store, now_ms: int) -> PassengerList:
    """Who has a seat on a run, by name, and how far each is; `found` is its transfer now."""
    planned = day.programme.run(run)
    people = found.of_run(planned)
    names = _Names(day, store, found, people.listed)
    persons = sorted((names.passenger(p, people) for p in people.listed), key=lambda p: (p.name.casefold(), p.person))
    return PassengerList(
        run=run,
        transfer=planned.transfer,
        at=instants.to_text(now_ms),
        listed=len(people.listed),
        aboard=len(people.aboard),
        persons=tuple(persons),
    )


def _overview(
    transfer: Transfer, *, day: Day, store: Store, at_ms: int | None, now_ms: int, known_ms: int | None = None
) -> Overview:
    event, programme = day.event, day.programme
    moment = now_ms if at_ms is None else at_ms
    known = FOREVER if known_ms is None else known_ms
    logs = {run: log.until(moment) for run, log in day.logs(store.steps(event, known)).items()}
    standing = acts.standing(store.acts(event, known_ms=known), until_ms=moment)
    marks = {
        run: acts.counted(of, logs[run]) for run, of in (dict.fromkeys(logs, NOTHING) | acts.marks(standing)).items()
    }
    begin = min(overview.begin_ms(programme, transfer, logs), moment)
    groups = store.groups(event)
    landed = [run for run, log in logs.items() if log.arrived_ms is not None]
    runs = [run.id for run in programme.runs_of_transfer(transfer.id)]
    driving = [run for run in runs if logs[run].state is not State.CANCELLED]
    boarded = store.boarded(event, driving, moment, known)
    presence, located = store.presence(event, at_ms, known), store.located(event, at_ms, known)
    left = {run: programme.run(run).origin for run in landed}
    rode = store.standing(event, landed) if known_ms is None else _rode_by_then(located, boarded, left)
    seats = _seats(transfer.id, standing, boarded, day=day, store=store)
    return Overview(
        programme=programme,
        transfer=transfer,
        at_ms=moment,
        logs=logs,
        groups=groups,
        seats={p: seat.run for p, seat in seats.items() if p in groups},
        presence=_known(presence, groups),
        located=_known(located, groups),
        before={person: place for person, (place, _, _) in store.presence(event, begin, known).items()},
        seen=set(store.seen_between(event, begin, moment, known)),
        rode={run: persons & groups.keys() for run, persons in rode.items()},
        marks={run: _waived(run, of, seats) for run, of in marks.items()},
        times=estimate(programme, logs, marks, moment),
    )


def _seats(
    transfer: str, standing: Iterable[Act], boarded: Mapping[str, Boarded], *, day: Day, store: Store
) -> dict[str, Boarded]:
    """Who had a seat on which run, by person."""
    runs, moves = day.programme.index.runs, dict[str, list[Act]]()
    for act in standing:
        is_here = act.why == "other-run" and act.to is not None and runs[act.to].transfer == transfer
        if is_here and act.person is not None:
            moves.setdefault(act.person, []).append(act)
    held = store.seats_of_transfer(day.event, transfer)
    found = {
        person: seat_of(boarded.get(person), moves.get(person, ()), held.get(person))
        for person in held.keys() | boarded.keys() | moves.keys()
    }
    return {person: seat for person, seat in found.items() if seat is not None}


def _waived(run: str, marks: Marks, seats: Mapping[str, Boarded]) -> Marks:
    """The same without the excuses of those who boarded since, or were given a seat here."""
    left = {person: one for person, one in marks.excuses.items() if not is_over(one, run, seats.get(person))}
    return replace(marks, excuses=left)


def _rode_by_then(
    located: Mapping[str, overview.Seen], boarded: Mapping[str, Boarded], landed: Mapping[str, str]
) -> dict[str, set[str]]:
    """Who had come with each run by what was known then: aboard it last, and last located where it arrived or beyond.

    `landed` is the origin of each run that arrived: who is there got off again.
    """
    found: dict[str, set[str]] = {}
    for person, (run, _) in boarded.items():
        place = located[person][0].partition(".")[0]
        if run in landed and place not in {run, landed[run]}:
            found.setdefault(run, set()).add(person)
    return found


def _known(seen: Mapping[str, overview.Seen], groups: Mapping[str, object]) -> dict[str, overview.Seen]:
    return {person: last for person, last in seen.items() if person in groups}


def _shown(people: Iterable[People]) -> set[str]:
    return {p for of in people for p in of.to_come | of.left_behind | of.missing | of.unconfirmed}


class Counted(TypedDict):
    """The members of `shapes.Lists`."""

    listed: int
    aboard: int
    arrived: int
    missing_count: int
    unconfirmed_count: int
    left_behind_count: int
    missing: tuple[Named, ...]
    unconfirmed: tuple[Named, ...]
    left_behind: tuple[Named, ...]


class Found(Protocol):
    """What an Overview and a Live say alike."""

    @property
    def at_ms(self) -> int: ...
    @property
    def logs(self) -> Mapping[str, Log]: ...
    @property
    def marks(self) -> Mapping[str, Marks]: ...
    @property
    def times(self) -> Mapping[str, Times]: ...
    @property
    def presence(self) -> Mapping[str, overview.Seen]: ...
    @property
    def located(self) -> Mapping[str, overview.Seen]: ...
    @property
    def seats(self) -> Mapping[str, str]: ...
    def expected_on(self, leg: Leg) -> Collection[str]: ...
    def own_travellers(self, leg: Leg) -> Collection[str]: ...
    def sums(self) -> Sums: ...


class Names(Protocol):
    """Gives people as they are shown: by name, as what is JSON already, or not at all."""

    def all(self, persons: Collection[str]) -> Any: ...


def numbers(people: People, names: Names) -> Counted:
    """How many are what, and those who are named."""
    return {
        "listed": len(people.listed),
        "aboard": len(people.aboard),
        "arrived": len(people.arrived),
        "missing_count": len(people.missing),
        "unconfirmed_count": len(people.unconfirmed),
        "left_behind_count": len(people.left_behind),
        "missing": names.all(people.missing),
        "unconfirmed": names.all(people.unconfirmed),
        "left_behind": names.all(people.left_behind),
    }


def leg_view(leg: Leg, people: People, runs: tuple[RunView, ...], found: Found, names: Names) -> LegView:
    """A leg."""
    return LegView(
        leg=leg.id,
        origin=leg.origin,
        destination=leg.destination,
        mode=leg.mode,
        expected=len(found.expected_on(leg)),
        own_travel_count=len(found.own_travellers(leg)),
        runs=runs,
        **numbers(people, names),
    )


def run_view(run: Run, people: People, found: Found, names: Names, day: Day) -> RunView:
    """A run."""
    count = Numbers(len(people.listed), len(people.aboard), len(people.to_come) + len(people.left_behind))
    marks, log = found.marks[run.id], found.logs[run.id]
    times = found.times[run.id]
    state = states.state_of(run.id, count, day=day, log=log, marks=marks, times=times, at_ms=found.at_ms)
    named = people.arrived if log.arrived_ms is not None else people.aboard
    return RunView(
        run=run.id,
        name=run.name,
        kerb=run.kerb or "",
        coach=run.coach,
        state=state.state,
        depart_at=state.depart_at,
        arrive_at=state.arrive_at or state.depart_at,
        seats=log.vehicle.seats if log.vehicle else run.seats,
        counted=state.counted,
        nameless=state.nameless,
        difference=None if marks.settled is not None else marks.difference(len(named)),
        late_ms=times.late_ms,
        grades=_grades(Counter(found.presence[p][2] for p in named if p in found.presence), marks.nameless),
        excused_count=len(marks.excuses),
        to_come_count=len(people.to_come),
        to_come=names.all(people.to_come),
        **numbers(people, names),
    )


def location_view(crowd: Crowd, day: Day, names: Names) -> LocationView:
    """A location."""
    return LocationView(
        place=crowd.place,
        name=day.programme.place(crowd.place).name,
        before=crowd.before,
        left=crowd.left,
        arrived=crowd.arrived,
        here=crowd.here,
        aboard=crowd.aboard,
        unconfirmed_count=len(crowd.unconfirmed),
        left_behind_count=len(crowd.left_behind),
        missing_count=len(crowd.missing),
        own_travel_count=len(crowd.own_travel),
        grades=_grades(crowd.grades),
        unconfirmed=names.all(crowd.unconfirmed),
        left_behind=names.all(crowd.left_behind),
        missing=names.all(crowd.missing),
        own_travel=names.all(crowd.own_travel),
    )


def _grades(how: Mapping[str, int], counted: int = 0) -> Grades:
    return Grades(
        scanned=how.get("scanned", 0), manual=how.get("manual", 0), implied=how.get("implied", 0), counted=counted
    )


def _crowded(crowds: Iterable[Crowd]) -> set[str]:
    return {p for of in crowds for p in of.unconfirmed | of.left_behind | of.missing | of.own_travel}


def totals(found: Found) -> Totals:
    """The conservation line."""
    sums = found.sums()
    return Totals(**sums._asdict(), holds=sum(sums) == 2 * sums.registered)


def named(person: str, personal: Personal, found: Found) -> Named:
    """One person: `place` and `last_at` by the latest sighting, `last_place` where they were last located."""
    seen = found.presence.get(person)
    located = found.located.get(person) or seen
    return Named(
        person=person,
        name=personal.name,
        organisation=personal.organisation,
        phone=personal.phone,
        place=seen[0] if seen else EXPECTED,
        last_place=located[0] if located else None,
        last_at=instants.to_text(seen[1]) if seen else None,
        run=found.seats.get(person),
    )


class _Names:
    """Names of the persons that are shown, unsealed once."""

    def __init__(self, day: Day, store: Store, found: Found, persons: Iterable[str]) -> None:
        self._found = found
        self._personal = {card.person: opened(day, card) for card in store.cards(day.event, sorted(persons))}

    def of(self, person: str) -> Named:
        """One person."""
        return named(person, self._personal.get(person, NOBODY), self._found)

    def all(self, persons: Collection[str]) -> tuple[Named, ...]:
        """Several, by name."""
        return tuple(sorted((self.of(p) for p in persons), key=lambda one: (one.name.casefold(), one.person)))

    def passenger(self, person: str, people: People) -> Passenger:
        """A row of a passenger list."""
        personal = self._personal.get(person, NOBODY)
        state: Literal["listed", "aboard", "arrived"]
        state = "aboard" if person in people.aboard else "arrived" if person in people.arrived else "listed"
        return Passenger(
            person=person,
            name=personal.name,
            organisation=personal.organisation,
            phone=personal.phone,
            wheelchair=needs_wheelchair(personal.needs),
            state=state,
        )


def words(text: object) -> Text:
    """A text of the programme."""
    return Text(getattr(text, "nl", ""), getattr(text, "en", ""))
