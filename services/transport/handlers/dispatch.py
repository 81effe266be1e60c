"""The dispatcher's view: every run with its times and room, every coach with its next run, what needs a decision."""

from collections.abc import Iterable, Mapping
from functools import partial

import msgspec

from shared import instants
from shared.facts import Personal, RunState
from shared.programme import Coach, Run
from transport.domain import conflicts, tracker
from transport.domain.acts import Marks
from transport.domain.day import Day
from transport.domain.needs import needs_wheelchair
from transport.domain.run import Log, State, Vehicle
from transport.domain.times import Times, estimate
from transport.domain.tracker import Point, Position
from transport.handlers import loads, people, states
from transport.handlers.dispatch_shapes import (
    Dispatch,
    DispatchCoach,
    DispatchConflict,
    DispatchLeg,
    DispatchNoSeat,
    DispatchNumbers,
    DispatchRun,
    PositionLine,
)
from transport.handlers.sheet import times_line
from transport.handlers.sheet_shapes import ConflictRun
from transport.ports import Store

SOON_MS = 30 * 60_000
OVER = frozenset({State.ARRIVED, State.CLOSED, State.CANCELLED})
TAKES_PEOPLE = frozenset({State.PLANNED, State.BOARDING, State.LAST_CALL})
_position = msgspec.json.Decoder(Position)


def positions(day: Day, store: Store) -> dict[str, list[Position]]:
    """What the trackers said in the last hour, by coach, oldest first."""
    return {coach: [_position.decode(one) for one in of] for coach, of in store.positions(day.event).items()}


def tracked(day: Day, logs: Mapping[str, Log], found: Mapping[str, list[Position]], now_ms: int) -> dict[str, int]:
    """When trackers say that runs on their way arrive, by run."""
    arrivals: dict[str, int] = {}
    for run in day.programme.runs:
        log = logs[run.id]
        known = found.get(log.vehicle.coach if log.vehicle else run.coach)
        if log.state is State.DEPARTED and known and log.departed_ms is not None:
            at_ms = tracker.tracked_arrival_ms(
                depart_ms=log.departed_ms,
                driving_ms=run.arrive_ms - run.depart_ms,
                now_ms=now_ms,
                positions=known,
                destination=_point(day, run.destination),
                origin=_point(day, run.origin),
            )
            if at_ms is not None:
                arrivals[run.id] = at_ms
    return arrivals


def dispatch(*, day: Day, store: Store, now_ms: int) -> Dispatch:
    """All of it now."""
    return _Maker(day, store, now_ms).dispatch()


def coaches(*, day: Day, store: Store, now_ms: int) -> tuple[DispatchCoach, ...]:
    """Every coach with its next run and where it is."""
    return _Maker(day, store, now_ms).coaches()


class _Maker:
    """The day, read once."""

    def __init__(self, day: Day, store: Store, now_ms: int) -> None:
        self._day, self._store, self._now_ms = day, store, now_ms
        self._logs = day.logs(store.steps(day.event))
        self._marks: Mapping[str, Marks] = states.marks_of(day, self._logs, store)
        self._positions = positions(day, store)
        arrivals = tracked(day, self._logs, self._positions, now_ms)
        self._times: Mapping[str, Times] = estimate(day.programme, self._logs, self._marks, now_ms, arrivals)
        self._vehicles = {run.id: loads.vehicle_of(run, self._logs[run.id], day) for run in day.programme.runs}

    def dispatch(self) -> Dispatch:
        """The whole view."""
        found = states.run_states(day=self._day, store=self._store, at_ms=self._now_ms, logs=self._logs)
        runs = tuple(self._run(run, found[run.id], self._rolling(run)) for run in self._day.programme.runs)
        return Dispatch(
            event=self._day.event,
            at=instants.to_text(self._now_ms),
            runs=runs,
            coaches=self.coaches(),
            legs=self._legs({run.run: run for run in runs}),
            conflicts=self._conflicts(),
            without_seat=self._without_seat(),
        )

    def coaches(self) -> tuple[DispatchCoach, ...]:
        """Those of the programme, then the relief coaches that nobody planned."""
        planned = self._day.programme.index.coaches
        relief = {one.coach: _coach_of(one) for one in self._vehicles.values() if one.coach not in planned}
        return tuple(self._coach(coach) for coach in (*planned.values(), *relief.values()))

    def _rolling(self, run: Run) -> int:
        """How many with a wheelchair have a seat on a run."""
        return self._store.per_run(run.id, "rolling", partial(self._count_rolling, run))

    def _count_rolling(self, run: Run) -> int:
        listed = self._personal(self._store.listed(self._day.event, run.id))
        return sum(needs_wheelchair(personal.needs) for personal in listed.values())

    def _personal(self, persons: Iterable[str]) -> dict[str, Personal]:
        return {card.person: people.opened(self._day, card) for card in self._store.cards(self._day.event, persons)}

    def _run(self, run: Run, state: RunState, rolling: int) -> DispatchRun:
        log, marks, vehicle = self._logs[run.id], self._marks[run.id], self._vehicles[run.id]
        waits = state.missing if log.state in {State.PLANNED, State.BOARDING} else 0
        taken = state.aboard + waits + rolling * (vehicle.wheelchair_seats - 1) + marks.nameless
        return DispatchRun(
            run=run.id,
            name=run.name,
            transfer=run.transfer,
            leg=run.leg,
            kerb=run.kerb or "",
            coach=vehicle.coach,
            replaced=log.vehicle is not None,
            state=log.state.value,
            times=times_line(self._times[run.id]),
            numbers=DispatchNumbers(
                seats=vehicle.seats,
                listed=state.listed,
                aboard=state.aboard,
                nameless=marks.nameless,
                to_come=state.missing,
                carried=state.carried,
                excused=len(marks.excuses),
                free=None if vehicle.seats is None else max(0, vehicle.seats - taken),
                wheelchairs=vehicle.wheelchairs,
                wheelchairs_free=max(0, vehicle.wheelchairs - rolling),
            ),
        )

    def _coach(self, coach: Coach) -> DispatchCoach:
        own = [run for run in self._day.programme.runs if self._vehicles[run.id].coach == coach.id]
        own.sort(key=lambda run: (self._times[run.id].depart.estimated_ms, run.id))
        ahead = [run for run in own if self._logs[run.id].state not in OVER]
        past = [run for run in own if self._logs[run.id].arrived_ms is not None]
        last = self._positions.get(coach.id, [])[-1:]
        return DispatchCoach(
            coach=coach.id,
            name=coach.name,
            plate=coach.plate or "",
            operator=coach.operator or "",
            phone=coach.phone or "",
            seats=coach.seats,
            wheelchairs=coach.wheelchairs,
            turn_round_ms=coach.turn_round_ms,
            spare=not own,
            place=past[-1].destination if past else own[0].origin if own else None,
            next=ahead[0].id if ahead else None,
            position=PositionLine(lat_e7=last[0].lat_e7, lon_e7=last[0].lon_e7, at=instants.to_text(last[0].at_ms))
            if last
            else None,
        )

    def _legs(self, runs: Mapping[str, DispatchRun]) -> tuple[DispatchLeg, ...]:
        found: list[DispatchLeg] = []
        for leg in self._day.programme.legs:
            soon = [run for run in self._day.programme.runs_of_leg(leg.id) if self._is_soon(run)]
            numbers = [runs[run.id].numbers for run in soon]
            found.append(
                DispatchLeg(
                    leg=leg.id,
                    transfer=leg.transfer,
                    free=sum(one.free or 0 for one in numbers),
                    wheelchairs_free=sum(one.wheelchairs_free for one in numbers),
                    runs=tuple(run.id for run in soon),
                )
            )
        return tuple(found)

    def _is_soon(self, run: Run) -> bool:
        departs_ms = self._times[run.id].depart.estimated_ms
        return self._logs[run.id].state in TAKES_PEOPLE and departs_ms <= self._now_ms + SOON_MS

    def _conflicts(self) -> tuple[DispatchConflict, ...]:
        found: list[DispatchConflict] = []
        for transfer in self._day.programme.transfers:
            runs = {run.id for run in self._day.programme.runs_of_transfer(transfer.id)}
            stays = self._store.history(self._day.event, self._store.visitors_of_two(self._day.event, runs))
            twice = conflicts.conflicts(stays, runs)
            personal = self._personal([one.person for one in twice])
            for one in twice:
                both = tuple(
                    ConflictRun(
                        run=stay.place, name=self._day.programme.run(stay.place).name, at=instants.to_text(stay.at_ms)
                    )
                    for stay in (one.earlier, one.later)
                )
                name = personal.get(one.person, people.NOBODY).name
                found.append(
                    DispatchConflict(
                        transfer=transfer.id, person=one.person, name=name, runs=both, stands=one.later.place
                    )
                )
        return tuple(found)

    def _without_seat(self) -> tuple[DispatchNoSeat, ...]:
        found: list[DispatchNoSeat] = []
        for transfer in self._day.programme.transfers:
            without = self._store.without_seat(self._day.event, transfer.id)
            personal = self._personal(without)
            found += [
                DispatchNoSeat(
                    transfer=transfer.id,
                    person=person,
                    name=personal.get(person, people.NOBODY).name,
                    organisation=personal.get(person, people.NOBODY).organisation,
                    why=why,
                )
                for person, why in sorted(without.items())
            ]
        return tuple(found)


def _coach_of(vehicle: Vehicle) -> Coach:
    return Coach(
        id=vehicle.coach,
        name=vehicle.name,
        plate=vehicle.plate,
        seats=vehicle.seats,
        wheelchairs=vehicle.wheelchairs,
        operator=None,
        phone=vehicle.phone,
        wheelchair_seats=vehicle.wheelchair_seats,
    )


def _point(day: Day, location: str) -> Point | None:
    found = day.programme.index.locations.get(location)
    if found is None or found.lat_e7 is None or found.lon_e7 is None:
        return None
    return Point(lat_e7=found.lat_e7, lon_e7=found.lon_e7)
