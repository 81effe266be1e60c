"""When a run departs and arrives, as is known now: real, else estimated and never in the past, else as planned."""

from dataclasses import dataclass

from transport.feeds.model import RunFeed


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """A moment in milliseconds, and whether it has been."""

    at_ms: int
    is_real: bool


def departure(run: RunFeed, now_ms: int) -> Expected | None:
    """None where nobody can say: it broke down before it left, and nobody made an estimate."""
    if run.departed_ms is not None:
        return Expected(at_ms=run.departed_ms, is_real=True)
    if run.is_halted and run.estimated_depart_ms is None:
        return None
    planned = run.depart_ms if run.estimated_depart_ms is None else run.estimated_depart_ms
    return Expected(at_ms=max(planned, now_ms), is_real=False)


def arrival(run: RunFeed, now_ms: int) -> Expected | None:
    """None where nobody can say; never before the departure."""
    if run.arrived_ms is not None:
        return Expected(at_ms=run.arrived_ms, is_real=True)
    left = departure(run, now_ms)
    if left is None or (run.is_halted and run.estimated_arrive_ms is None):
        return None
    driving_ms = run.arrive_ms - run.depart_ms
    foretold = left.at_ms + driving_ms if run.estimated_arrive_ms is None else run.estimated_arrive_ms
    return Expected(at_ms=max(foretold, left.at_ms, now_ms), is_real=False)
