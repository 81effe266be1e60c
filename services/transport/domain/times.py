"""Times of runs: planned, estimated, real; what a late run shifts, and which items it touches. Pure.

A coach's next run cannot open before the coach is there and has turned round; a run that should have gone by now goes
next minute at the earliest. A correction by hand, or of a tracker, stands before what is worked out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from shared.facts import Text
from shared.programme import Programme, Run
from shared.timetable import next_item
from transport.domain.acts import NOTHING, Marks
from transport.domain.run import Log, State

MINUTE_MS = 60_000
LATE_MS = 3 * MINUTE_MS  # later than this is late


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """One moment of a run, each in milliseconds; `real_ms` None until it happened."""

    planned_ms: int
    estimated_ms: int
    real_ms: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """The three moments of a run; `late_ms` is how much later than planned it arrives, 0 when it does not."""

    open: Moment
    depart: Moment
    arrive: Moment

    @property
    def late_ms(self) -> int:
        """How much later than planned it arrives."""
        return max(0, self.arrive.estimated_ms - self.arrive.planned_ms)


@dataclass(frozen=True, kw_only=True, slots=True)
class Touched:
    """An item that some of a late run's people come too late for."""

    item: str
    title: Text
    start_ms: int
    late_ms: int
    people: int


def estimate(
    programme: Programme,
    logs: Mapping[str, Log],
    marks: Mapping[str, Marks],
    now_ms: int,
    trackers: Mapping[str, int] | None = None,
    *,
    coaches: Set[str] | None = None,
) -> dict[str, Times]:
    """The times of every run, or of all that these coaches take; `trackers` has arrivals in ms by run, foretold."""
    found: dict[str, Times] = {}
    ready: dict[str, int] = {}  # coach: when it can open its next run
    for run in sorted(programme.runs, key=lambda run: (run.open_ms, run.depart_ms, run.id)):
        log = logs[run.id]
        coach = log.vehicle.coach if log.vehicle else run.coach
        if coaches is not None and coach not in coaches:
            continue
        times = _times(run, log, marks.get(run.id, NOTHING), now_ms, ready.get(coach, 0), (trackers or {}).get(run.id))
        found[run.id] = times
        if log.state is not State.CANCELLED:
            planned = programme.index.coaches.get(coach)
            ready[coach] = times.arrive.estimated_ms + (planned.turn_round_ms if planned else 0)
    return found


def _times(run: Run, log: Log, marks: Marks, now_ms: int, ready_ms: int, tracked_ms: int | None) -> Times:
    opened_ms, departed_ms, arrived_ms = log.first("B"), log.departed_ms, log.arrived_ms
    soon_ms = -(-now_ms // MINUTE_MS) * MINUTE_MS
    open_ms = opened_ms if opened_ms is not None else max(run.open_ms, ready_ms)
    waits = log.state in {State.PLANNED, State.BOARDING, State.LAST_CALL, State.HALTED}
    lag_ms = open_ms - run.open_ms if opened_ms is None else 0
    depart_ms = _first(departed_ms, marks.depart_ms, run.depart_ms + max(0, lag_ms))
    if departed_ms is None and waits:
        depart_ms = max(depart_ms, soon_ms if now_ms > depart_ms else 0)
    arrive_ms = _first(arrived_ms, marks.arrive_ms, tracked_ms, depart_ms + run.arrive_ms - run.depart_ms)
    if arrived_ms is None and departed_ms is not None and now_ms > arrive_ms:
        arrive_ms = soon_ms
    return Times(
        open=Moment(planned_ms=run.open_ms, estimated_ms=open_ms, real_ms=opened_ms),
        depart=Moment(planned_ms=run.depart_ms, estimated_ms=depart_ms, real_ms=departed_ms),
        arrive=Moment(planned_ms=run.arrive_ms, estimated_ms=arrive_ms, real_ms=arrived_ms),
    )


def _first(*candidates: int | None) -> int:
    return next(value for value in candidates if value is not None)


def touched(programme: Programme, run: Run, times: Times, groups: Iterable[frozenset[str]]) -> tuple[Touched, ...]:
    """The items that people of a run come too late for; `groups` are those of each of its people."""
    waiting = Counter(next_item(programme, of, run.depart_ms) for of in groups)
    late = [
        Touched(
            item=item.id,
            title=Text(item.title.nl, item.title.en),
            start_ms=item.start_ms,
            late_ms=times.arrive.estimated_ms - item.start_ms,
            people=people,
        )
        for item, people in waiting.items()
        if item is not None
        and item.start_ms < times.arrive.estimated_ms
        and item.place.partition(".")[0] == run.destination
    ]
    return tuple(sorted(late, key=lambda one: (one.start_ms, one.item)))
