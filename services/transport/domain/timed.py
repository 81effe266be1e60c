"""The steps that the programme itself takes, where nobody is there to press a button (a simulated day)."""

from collections.abc import Mapping
from typing import NamedTuple

from shared.programme import Programme, Run
from transport.domain.run import Log, State


class Due(NamedTuple):
    """A step whose time has come; compared by time, then run."""

    at_ms: int
    run: str
    step: str


def next_due(programme: Programme, logs: Mapping[str, Log], now_ms: int) -> Due | None:
    """The earliest step that is due at `now_ms`; take it, and ask again."""
    waiting = (_next(run, logs[run.id]) for run in programme.runs)
    return min((due for due in waiting if due is not None and due.at_ms <= now_ms), default=None)


def _next(run: Run, log: Log) -> Due | None:
    match log.state:
        case State.PLANNED:
            planned, step = run.open_ms, "open"
        case State.BOARDING | State.LAST_CALL:
            planned, step = run.depart_ms, "depart"
        case State.DEPARTED:
            planned, step = run.arrive_ms, "arrive"
        case _:
            return None
    return Due(max(planned, log.last_ms), run.id, step)  # never before a step that somebody took by hand
