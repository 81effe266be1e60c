"""The day as the feeds want it (feeds/model.py): runs in numbers, and who got on and off as counts."""

import hashlib
from collections import Counter
from collections.abc import Iterable

from transport.domain.day import Day
from transport.domain.run import Log, State
from transport.domain.stays import Stay
from transport.domain.times import estimate
from transport.feeds.model import Feed, LegFeed, PassengerEvent, RunFeed, Site
from transport.handlers import dispatch, loads, states
from transport.ports import Store


def feed(*, day: Day, store: Store, now_ms: int) -> Feed:
    """All of it now; nobody's name or id is in it."""
    programme = day.programme
    logs = day.logs(store.steps(day.event))
    ends = {place for leg in programme.legs for place in (leg.origin, leg.destination)}
    locations = [location for location in programme.locations if location.id in ends]
    titles = {transfer.id: transfer.title for transfer in programme.transfers}
    return Feed(
        event=day.event,
        title=programme.title,
        zone=programme.zone,
        date=programme.date,
        now_ms=now_ms,
        version=hashlib.sha256(programme.source).hexdigest()[:12],
        sites=tuple(Site(id=one.id, name=one.name, lat_e7=one.lat_e7, lon_e7=one.lon_e7) for one in locations),
        legs=tuple(
            LegFeed(id=leg.id, title=titles[leg.transfer], origin=leg.origin, destination=leg.destination)
            for leg in programme.legs
        ),
        runs=_runs(day, store, logs, now_ms),
        events=tuple(_events(day, store, logs)),
    )


def _runs(day: Day, store: Store, logs: dict[str, Log], now_ms: int) -> tuple[RunFeed, ...]:
    found = states.run_states(day=day, store=store, at_ms=now_ms, logs=logs)
    marks = states.marks_of(day, logs, store)
    positions = dispatch.positions(day, store)
    arrivals = dispatch.tracked(day, logs, positions, now_ms)
    times = estimate(day.programme, logs, marks, now_ms, arrivals)
    runs: list[RunFeed] = []
    for run in day.programme.runs:
        log, vehicle, state = logs[run.id], loads.vehicle_of(run, logs[run.id], day), found[run.id]
        halted = log.state is State.HALTED and marks[run.id].depart_ms is None
        known = positions.get(vehicle.coach, [])
        runs.append(
            RunFeed(
                run=run.id,
                name=run.name,
                leg=run.leg,
                coach=vehicle.coach,
                coach_name=vehicle.name,
                plate=vehicle.plate or None,
                origin=run.origin,
                destination=run.destination,
                kerb=run.kerb,
                state=log.state.value,
                open_ms=run.open_ms,
                depart_ms=run.depart_ms,
                arrive_ms=run.arrive_ms,
                estimated_depart_ms=None if halted else times[run.id].depart.estimated_ms,
                estimated_arrive_ms=None if halted else times[run.id].arrive.estimated_ms,
                departed_ms=log.departed_ms,
                arrived_ms=log.arrived_ms,
                since_ms=log.last_ms or None,
                seats=vehicle.seats,
                wheelchairs=vehicle.wheelchairs,
                aboard=state.aboard + marks[run.id].nameless,
                carried=state.carried,
                position=known[-1] if known else None,
            )
        )
    return tuple(runs)


def _events(day: Day, store: Store, logs: dict[str, Log]) -> Iterable[PassengerEvent]:
    """Who came into a run and went out of it, as counts of a moment; nameless people at departure and arrival."""
    counts: Counter[tuple[str, int, str, int]] = Counter()
    runs = day.programme.index.runs
    persons = sorted({person for run in runs for person in store.visitors(day.event, run)})
    for stays in store.history(day.event, persons).values():
        counts.update(_of_one(stays, {run: runs[run].destination for run in runs}))
    marks = states.marks_of(day, logs, store)
    for run, log in logs.items():
        for at_ms, kind, stop in ((log.departed_ms, "boarded", 1), (log.arrived_ms, "alighted", 2)):
            if at_ms is not None and marks[run].nameless:
                counts[run, at_ms, kind, stop] += marks[run].nameless
    for (run, at_ms, kind, stop), count in sorted(counts.items()):
        coach = loads.vehicle_of(runs[run], logs[run], day).coach
        yield PassengerEvent(
            run=run,
            coach=coach,
            at_ms=at_ms,
            kind="boarded" if kind == "boarded" else "alighted",
            stop=2 if stop == 2 else 1,
            count=count,
        )


def _of_one(stays: Iterable[Stay], destinations: dict[str, str]) -> list[tuple[str, int, str, int]]:
    found: list[tuple[str, int, str, int]] = []
    before = ""
    for stay in stays:
        if stay.place != before:
            if before in destinations:
                at_the_end = stay.place.partition(".")[0] == destinations[before]
                found.append((before, stay.at_ms, "alighted", 2 if at_the_end else 1))
            if stay.place in destinations:
                found.append((stay.place, stay.at_ms, "boarded", 1))
        before = stay.place
    return found
