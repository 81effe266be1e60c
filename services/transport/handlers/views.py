"""Transfers and passenger lists, with the names that are needed and no others."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal, TypedDict

from shared import instants, seal
from shared.facts import AWAY, EXPECTED, UNDERWAY, Personal, Text
from shared.programme import Leg, Run, Transfer
from transport.domain import acts, overview
from transport.domain.acts import NOTHING
from transport.domain.day import Day
from transport.domain.filling import needs_wheelchair
from transport.domain.overview import Crowd, Overview, People
from transport.domain.run import State
from transport.domain.times import estimate
from transport.handlers import states
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

NOBODY = Personal(name="")


def transfers(*, day: Day, store: Store, now_ms: int) -> list[TransferLine]:
    """All transfers with their runs."""
    now = states.run_states(day=day, store=store, at_ms=now_ms)
    return [
        TransferLine(
            transfer=transfer.id,
            title=_words(transfer.title),
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
    return TransferView(
        event=day.event,
        transfer=transfer_id,
        title=_words(found.transfer.title),
        at=instants.to_text(found.at_ms),
        known=None if known_ms is None else instants.to_text(known_ms),
        start=instants.to_text(found.transfer.start_ms),
        end=instants.to_text(found.transfer.end_ms),
        totals=_totals(found),
        legs=tuple(_leg(leg, legs[leg.id], runs, found, names) for leg in found.transfer.legs),
        locations=tuple(_location(crowd, day, names) for crowd in crowds),
        without_seat_count=len(without),
        without_seat=tuple(NoSeat(person=names.of(person), why=without[person]) for person in sorted(without)),
        **_numbers(everybody, names),
    )


def passenger_list(run: str, *, day: Day, store: Store, now_ms: int) -> PassengerList:
    """Who has a seat on a run, by name, and how far each is."""
    planned = day.programme.run(run)
    found = _overview(day.programme.transfer(planned.transfer), day=day, store=store, at_ms=None, now_ms=now_ms)
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
    told = {person: seat.told for person, seat in store.seats_of_transfer(event, transfer.id).items()}
    return Overview(
        programme=programme,
        transfer=transfer,
        at_ms=moment,
        logs=logs,
        groups=groups,
        seats={p: run for p, run in {**told, **boarded}.items() if run is not None and p in groups},
        presence=_known(presence, groups),
        located=_known(located, groups),
        before={person: place for person, (place, _, _) in store.presence(event, begin, known).items()},
        seen=set(store.seen_between(event, begin, moment, known)),
        rode={run: persons & groups.keys() for run, persons in rode.items()},
        marks=marks,
        times=estimate(programme, logs, marks, moment),
    )


def _rode_by_then(
    located: Mapping[str, overview.Seen], boarded: Mapping[str, str], landed: Mapping[str, str]
) -> dict[str, set[str]]:
    """Who had come with each run by what was known then: aboard it last, and last located where it arrived or beyond.

    `landed` is the origin of each run that arrived: who is there got off again.
    """
    found: dict[str, set[str]] = {}
    for person, run in boarded.items():
        place = located[person][0].partition(".")[0]
        if run in landed and place not in {run, landed[run]}:
            found.setdefault(run, set()).add(person)
    return found


def _known(seen: Mapping[str, overview.Seen], groups: Mapping[str, object]) -> dict[str, overview.Seen]:
    return {person: last for person, last in seen.items() if person in groups}


def _shown(people: Iterable[People]) -> set[str]:
    return {p for of in people for p in of.to_come | of.left_behind | of.missing | of.unconfirmed}


class _Counted(TypedDict):
    listed: int
    aboard: int
    arrived: int
    missing_count: int
    unconfirmed_count: int
    left_behind_count: int
    missing: tuple[Named, ...]
    unconfirmed: tuple[Named, ...]
    left_behind: tuple[Named, ...]


def _numbers(people: People, names: "_Names") -> _Counted:
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


def _leg(leg: Leg, people: People, runs: Mapping[str, People], found: Overview, names: "_Names") -> LegView:
    return LegView(
        leg=leg.id,
        origin=leg.origin,
        destination=leg.destination,
        mode=leg.mode,
        expected=len(found.expected_on(leg)),
        own_travel_count=len(found.own_travellers(leg)),
        runs=tuple(_run(run, runs[run.id], found, names) for run in found.programme.runs_of_leg(leg.id)),
        **_numbers(people, names),
    )


def _run(run: Run, people: People, found: Overview, names: "_Names") -> RunView:
    numbers = Numbers(len(people.listed), len(people.aboard), len(people.to_come) + len(people.left_behind))
    marks, log = found.marks[run.id], found.logs[run.id]
    times = found.times[run.id]
    state = states.state_of(run.id, numbers, day=names.day, log=log, marks=marks, times=times, at_ms=found.at_ms)
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
        **_numbers(people, names),
    )


def _location(crowd: Crowd, day: Day, names: "_Names") -> LocationView:
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


def _totals(found: Overview) -> Totals:
    index = found.programme.index
    places = [seen[0] for seen in found.presence.values()]
    aboard = sum(place in index.runs for place in places)
    located = sum(place in index.locations or place in index.rooms for place in places)
    expected, underway, away = len(found.groups) - len(places), places.count(UNDERWAY), places.count(AWAY)
    return Totals(
        registered=len(found.groups),
        expected=expected,
        locations=located,
        aboard=aboard,
        underway=underway,
        away=away,
        holds=expected + located + aboard + underway + away == len(found.groups),
    )


class _Names:
    """Names of the persons that are shown, unsealed once."""

    def __init__(self, day: Day, store: Store, found: Overview, persons: Iterable[str]) -> None:
        self.day = day
        self._found = found
        self._personal = {c.person: _opened(day, c.person, c.sealed) for c in store.cards(day.event, sorted(persons))}

    def of(self, person: str) -> Named:
        """One person: `place` and `last_at` by the latest sighting, `last_place` where they were last located."""
        personal = self._personal.get(person, NOBODY)
        seen = self._found.presence.get(person)
        located = self._found.located.get(person) or seen
        return Named(
            person=person,
            name=personal.name,
            organisation=personal.organisation,
            phone=personal.phone,
            place=seen[0] if seen else EXPECTED,
            last_place=located[0] if located else None,
            last_at=instants.to_text(seen[1]) if seen else None,
            run=self._found.seats.get(person),
        )

    def all(self, persons: Iterable[str]) -> tuple[Named, ...]:
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


def _opened(day: Day, person: str, sealed: str) -> Personal:
    try:
        return seal.unseal(sealed, person=person, key=day.seal_key)
    except seal.Unsealable:
        return NOBODY  # shown by id: better nameless on the list than not on it


def _words(text: object) -> Text:
    return Text(getattr(text, "nl", ""), getattr(text, "en", ""))
