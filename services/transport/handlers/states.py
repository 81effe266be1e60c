"""How runs are, as the retained topics say it."""

from collections.abc import Mapping

from shared import instants
from shared.facts import Passengers, RunState
from transport.domain.day import Day
from transport.domain.run import Log, State
from transport.ports import Numbers, Store

LANDED = frozenset({State.ARRIVED, State.CLOSED})  # nobody comes any more; left behind is the transfer's to say


def run_state(run: str, *, day: Day, logs: Mapping[str, Log], store: Store, at_ms: int) -> RunState:
    """One run now. Raises KeyError when it is not in the programme."""
    numbers = store.numbers(day.event).get(run, Numbers())
    return state_of(run, numbers, day=day, log=logs[run], at_ms=at_ms)


def state_of(run: str, numbers: Numbers, *, day: Day, log: Log, at_ms: int) -> RunState:
    """The fact of a run; planned times until there are real ones."""
    planned = day.programme.run(run)
    departed_ms, arrived_ms = log.departed_ms, log.arrived_ms
    return RunState(
        run=run,
        transfer=planned.transfer,
        coach=planned.coach,
        origin=planned.origin,
        destination=planned.destination,
        state=log.state.value,
        depart_at=instants.to_text(planned.depart_ms if departed_ms is None else departed_ms),
        arrive_at=instants.to_text(planned.arrive_ms if arrived_ms is None else arrived_ms),
        seats=planned.seats or 0,
        listed=numbers.listed,
        aboard=numbers.aboard,
        counted=log.counted,
        missing=0 if log.state in LANDED else numbers.missing,
        carried=numbers.carried,
        at=instants.to_text(at_ms),
    )


def run_states(*, day: Day, store: Store, at_ms: int) -> dict[str, RunState]:
    """All runs of the programme now."""
    logs, numbers = day.logs(store.steps(day.event)), store.numbers(day.event)
    return {run: state_of(run, numbers.get(run, Numbers()), day=day, log=log, at_ms=at_ms) for run, log in logs.items()}


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
