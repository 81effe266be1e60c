"""How runs are, as the retained topics say it."""

from collections.abc import Collection, Iterable, Mapping

from shared import instants, missing
from shared.facts import Passengers, RunState
from transport.domain import acts
from transport.domain.acts import NOTHING, Marks
from transport.domain.day import Day
from transport.domain.run import Log, State
from transport.domain.times import Times, estimate
from transport.ports import Numbers, Store

LANDED = frozenset({State.ARRIVED, State.CLOSED})  # nobody comes any more; left behind is the transfer's to say


def run_state(run: str, *, day: Day, logs: Mapping[str, Log], store: Store, at_ms: int) -> RunState:
    """One run now. Raises KeyError when it is not in the programme."""
    return run_states(day=day, store=store, at_ms=at_ms, logs=logs, runs=(run,))[run]


def state_of(run: str, numbers: Numbers, *, day: Day, log: Log, marks: Marks, times: Times, at_ms: int) -> RunState:
    """The fact of a run; times as they are expected until there are real ones."""
    planned = day.programme.run(run)
    seats = log.vehicle.seats if log.vehicle else planned.seats
    return RunState(
        run=run,
        transfer=planned.transfer,
        coach=log.vehicle.coach if log.vehicle else planned.coach,
        origin=planned.origin,
        destination=planned.destination,
        state=log.state.value,
        depart_at=instants.to_text(times.depart.estimated_ms),
        arrive_at=instants.to_text(times.arrive.estimated_ms),
        seats=seats or 0,
        listed=numbers.listed,
        aboard=numbers.aboard,
        counted=marks.counted,
        nameless=marks.nameless,
        missing=0 if log.state in LANDED else numbers.missing,
        carried=numbers.carried,
        at=instants.to_text(at_ms),
    )


def run_states(
    *,
    day: Day,
    store: Store,
    at_ms: int,
    logs: Mapping[str, Log] | None = None,
    runs: Collection[str] | None = None,
) -> dict[str, RunState]:
    """All runs of the programme now, or some; costs by their number."""
    logs = day.logs(store.steps(day.event)) if logs is None else logs
    wanted = logs.keys() if runs is None else runs
    expected, marks = estimated(wanted, day=day, logs=logs, store=store, at_ms=at_ms)
    numbers = store.numbers(day.event, runs)
    settled = _settled({run: marks[run] for run in wanted}, day=day, store=store, all_runs=runs is None)
    waived = store.waived(day.event, sorted(settled)) if settled else {}
    inside = store.inside(day.event, wanted)
    return {
        run: state_of(
            run,
            _without(numbers.get(run, Numbers()), waived.get(run, 0))._replace(aboard=inside.get(run, 0)),
            day=day,
            log=logs[run],
            marks=marks[run],
            times=expected[run],
            at_ms=at_ms,
        )
        for run in wanted
    }


def estimated(
    runs: Iterable[str], *, day: Day, logs: Mapping[str, Log], store: Store, at_ms: int
) -> tuple[dict[str, Times], dict[str, Marks]]:
    """The times of these runs and of the others that their coaches take, and what the acts on them come to."""
    coaches = {_coach(run, day, logs) for run in runs}
    related = [run for run in logs if _coach(run, day, logs) in coaches]
    marks = marks_of(day, logs, store, related)
    return estimate(day.programme, logs, marks, at_ms, coaches=coaches), marks


def _coach(run: str, day: Day, logs: Mapping[str, Log]) -> str:
    vehicle = logs[run].vehicle
    return vehicle.coach if vehicle else day.programme.run(run).coach


def marks_of(day: Day, logs: Mapping[str, Log], store: Store, runs: Collection[str] | None = None) -> dict[str, Marks]:
    """What the acts come to, on every run or on some."""
    found = store.marks(day.event, runs)
    return {run: acts.counted(found.get(run, NOTHING), logs[run]) for run in (logs if runs is None else runs)}


def _settled(marks: Mapping[str, Marks], *, day: Day, store: Store, all_runs: bool) -> set[tuple[str, str]]:
    """Each (run, person) that nobody waits for: excused and not back since, or where the run leads to by now."""
    excused = {(run, person): one for run, of in marks.items() for person, one in of.excuses.items()}
    held = store.seats(day.event, sorted({person for _, person in excused})) if excused else {}
    seats = {(seat.run, person): seat for (_, person), seat in held.items()}
    back = {key for key, one in excused.items() if (seat := seats.get(key)) is not None and seat.at_ms > one.at_ms}
    there = store.beyond(day.event, _beyond(day)) if all_runs else _there(marks.keys(), day=day, store=store)
    return (excused.keys() - back) | there


def _there(runs: Collection[str], *, day: Day, store: Store) -> set[tuple[str, str]]:
    """Each (run, person) of these runs who is where the run leads to."""
    places, index = _beyond(day), day.programme.index.runs
    return {
        (run, person)
        for run, person, place in store.located_on(day.event, runs)
        if place != run and place in places[index[run].transfer]
    }


def _beyond(day: Day) -> dict[str, set[str]]:
    """The places that each transfer leads to, with their rooms, and later runs."""
    found: dict[str, set[str]] = {}
    for transfer in day.programme.transfers:
        places = missing.beyond(day.programme, transfer)
        rooms = {room.id for place in places if (at := day.programme.index.locations.get(place)) for room in at.rooms}
        found[transfer.id] = {*places, *rooms}
    return found


def _without(numbers: Numbers, excused: int) -> Numbers:
    """Who is excused is not missing at the kerb."""
    return numbers._replace(missing=max(0, numbers.missing - excused))


def passengers(*, day: Day, store: Store, at_ms: int, runs: Collection[str] | None = None) -> dict[str, Passengers]:
    """The passenger lists of all runs, or of some."""
    listed = store.passengers(day.event, runs)
    rev = int(store.get_meta(f"seats.rev.{day.event}") or 0)
    return {
        run.id: Passengers(
            run=run.id, transfer=run.transfer, persons=listed.get(run.id, ()), rev=rev, at=instants.to_text(at_ms)
        )
        for run in day.programme.runs
        if runs is None or run.id in runs
    }
