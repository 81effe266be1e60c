"""How runs are, as the retained topics say it."""

from collections.abc import Mapping

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
    return run_states(day=day, store=store, at_ms=at_ms, logs=logs)[run]


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


def run_states(*, day: Day, store: Store, at_ms: int, logs: Mapping[str, Log] | None = None) -> dict[str, RunState]:
    """All runs of the programme now."""
    logs = day.logs(store.steps(day.event)) if logs is None else logs
    marks, numbers = marks_of(day, logs, store), store.numbers(day.event)
    expected = estimate(day.programme, logs, marks, at_ms)
    settled = _settled(marks, day=day, store=store)
    waived = store.waived(day.event, sorted(settled)) if settled else {}
    return {
        run: state_of(
            run,
            _without(numbers.get(run, Numbers()), waived.get(run, 0)),
            day=day,
            log=log,
            marks=marks[run],
            times=expected[run],
            at_ms=at_ms,
        )
        for run, log in logs.items()
    }


def marks_of(day: Day, logs: Mapping[str, Log], store: Store) -> dict[str, Marks]:
    """What the acts come to, on every run."""
    found = acts.marks(acts.standing(store.acts(day.event)))
    return {run: acts.counted(found.get(run, NOTHING), log) for run, log in logs.items()}


def _settled(marks: Mapping[str, Marks], *, day: Day, store: Store) -> set[tuple[str, str]]:
    """Each (run, person) that nobody waits for: excused and not back since, or where the run leads to by now."""
    excused = {(run, person): one for run, of in marks.items() for person, one in of.excuses.items()}
    held = store.seats(day.event, sorted({person for _, person in excused})) if excused else {}
    seats = {(seat.run, person): seat for (_, person), seat in held.items()}
    back = {key for key, one in excused.items() if (seat := seats.get(key)) is not None and seat.at_ms > one.at_ms}
    return (excused.keys() - back) | store.beyond(day.event, _beyond(day))


def _beyond(day: Day) -> dict[str, set[str]]:
    """The places that each transfer leads to, with their rooms, and later runs."""
    found: dict[str, set[str]] = {}
    for transfer in day.programme.transfers:
        places = missing.beyond(day.programme, transfer)
        rooms = {room.id for place in places if (at := day.programme.index.locations.get(place)) for room in at.rooms}
        found[transfer.id] = places | rooms
    return found


def _without(numbers: Numbers, excused: int) -> Numbers:
    """Who is excused is not missing at the kerb."""
    return numbers._replace(missing=max(0, numbers.missing - excused))


def passengers(*, day: Day, store: Store, at_ms: int) -> dict[str, Passengers]:
    """The passenger lists of all runs."""
    listed = store.passengers(day.event)
    rev = int(store.get_meta(f"seats.rev.{day.event}") or 0)
    return {
        run.id: Passengers(
            run=run.id, transfer=run.transfer, persons=listed.get(run.id, ()), rev=rev, at=instants.to_text(at_ms)
        )
        for run in day.programme.runs
    }
