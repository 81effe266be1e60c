"""How runs are, as the retained topics say it."""

from collections.abc import Mapping

from shared import instants
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
    excused = [(run, person) for run, of in marks.items() for person in of.excuses]
    waived = store.waived(day.event, excused) if excused else {}
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
