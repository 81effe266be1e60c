"""What needs a human at the kerb (CONTRACT section 4): no name is in any of it, for alerts are on the broker.

Each stands as long as its cause does. How one goes on and off is in `shared.alerts`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial

from shared.alerts import Published, alert, off, switch
from shared.facts import AWAY, UNDERWAY, Alert, Text
from shared.programme import Run
from transport.domain import conflicts, words
from transport.domain.acts import Marks
from transport.domain.day import Day
from transport.domain.riders import WAITED_FOR
from transport.domain.run import Log, State
from transport.domain.times import LATE_MS, Times, estimate, touched
from transport.handlers import loads, states
from transport.handlers.loads import Loaded
from transport.ports import Store

KINDS = (
    "last-call",
    "left-behind",
    "run-late",
    "difference",
    "two-runs",
    "breakdown",
    "no-seat",
    "unconfirmed",
    "stranded",
)
ALERTS = tuple(f"{kind}-" for kind in KINDS)
CONSERVATION = "conservation"
WATCHED = frozenset({State.LAST_CALL, State.DEPARTED, State.ARRIVED, State.CLOSED, State.HALTED, State.CANCELLED})
MOVING = frozenset({State.PLANNED, State.BOARDING, State.LAST_CALL, State.DEPARTED, State.HALTED})


def look(*, day: Day, store: Store, now_ms: int) -> list[Published]:
    """Turn the alerts of an event on and off as its runs are now; returns what that publishes."""
    wanted = {one.alert: one for one in _all(day, store, now_ms)}
    on = store.alerts.on(day.event)
    gone = [name for name in on if name not in wanted and (name.startswith(ALERTS) or name == CONSERVATION)]
    decided = dict.fromkeys(wanted.values(), True) | {off(name): False for name in gone}
    return switch(decided, event=day.event, alerts=store.alerts)


def _all(day: Day, store: Store, now_ms: int) -> Iterable[Alert]:
    logs = day.logs(store.steps(day.event))
    marks = states.marks_of(day, logs, store)
    times = estimate(day.programme, logs, marks, now_ms)
    for run in day.programme.runs:
        if logs[run.id].state in MOVING and times[run.id].late_ms >= LATE_MS:
            yield store.per_run(run.id, "late", partial(_late, run, times[run.id], day, store, now_ms))
        if logs[run.id].state is State.HALTED:
            yield alert(f"breakdown-{run.id}", "urgent", "breakdown", words.broken_down(run.name), run.id, now_ms)
        if logs[run.id].state in WATCHED:
            made = partial(_of_run, run, logs, marks[run.id], day, store, now_ms)
            yield from store.per_run(run.id, "alerts", made)
    for transfer in day.programme.transfers:
        without = len(store.without_seat(day.event, transfer.id))
        if without:
            name = transfer.title
            text = words.no_seat(Text(name.nl, name.en), without)
            yield alert(f"no-seat-{transfer.id}", "warn", "no-seat", text, None, now_ms)
        runs = {run.id for run in day.programme.runs_of_transfer(transfer.id)}
        twice = _twice(runs, day, store)
        if twice:
            yield alert(f"two-runs-{transfer.id}", "warn", "two-runs", words.two_runs(twice), None, now_ms)
    if not _holds(day, store):
        yield alert(CONSERVATION, "urgent", "conservation", words.CONSERVATION, None, now_ms)


def _late(run: Run, times: Times, day: Day, store: Store, now_ms: int) -> Alert:
    listed = store.listed(day.event, run.id)
    groups = [card.groups for card in store.cards(day.event, sorted(listed))]
    items = [Text(one.title.nl, one.title.en) for one in touched(day.programme, run, times, groups)]
    text = words.late(run.name, times.late_ms // 60_000, items)
    return alert(f"run-late-{run.id}", "warn", "run-late", text, run.id, now_ms)


def _of_run(run: Run, logs: Mapping[str, Log], marks: Marks, day: Day, store: Store, now_ms: int) -> tuple[Alert, ...]:
    """Those of a run that is under way, worked out again only when something about it changed."""
    loaded = loads.load(run, day=day, logs=logs, store=store, at_ms=now_ms)
    return tuple(_under_way(run, logs[run.id], loaded, marks, day, now_ms))


def _under_way(run: Run, log: Log, loaded: Loaded, marks: Marks, day: Day, now_ms: int) -> Iterable[Alert]:
    stages = Counter(rider.stage for rider in loaded.riders)
    left = sum(rider.letter == "h" and rider.at_ms is not None for rider in loaded.riders)
    if log.state is State.LAST_CALL:
        yield from _last_call(run, loaded, day, now_ms)
    if log.state is State.CANCELLED and stages["aboard"]:
        text = words.stranded(run.name, stages["aboard"])
        yield alert(f"stranded-{run.id}", "urgent", "stranded", text, run.id, now_ms)
    if left and log.state is not State.CANCELLED:
        yield alert(f"left-behind-{run.id}", "urgent", "left-behind", words.left_behind(run.name, left), run.id, now_ms)
    if stages["unconfirmed"]:
        text = words.unconfirmed(run.name, stages["unconfirmed"])
        yield alert(f"unconfirmed-{run.id}", "warn", "unconfirmed", text, run.destination, now_ms)
    difference = loads.difference(loaded)
    if log.on_the_road and difference and marks.settled is None:
        text = words.difference(run.name, difference)
        yield alert(f"difference-{run.id}", "warn", "difference", text, run.id, now_ms)


def _last_call(run: Run, loaded: Loaded, day: Day, now_ms: int) -> Iterable[Alert]:
    """One for each location where somebody was last seen, for the doors there."""
    places = Counter(_last_location(loaded, rider.person, day) for rider in loaded.riders if rider.letter in WAITED_FOR)
    for place, people in sorted(places.items(), key=lambda pair: pair[0] or ""):
        text = words.last_call(run.name, run.kerb or "", people)
        yield alert(f"last-call-{run.id}-{place or 'nowhere'}", "warn", "last-call", text, place, now_ms)


def _last_location(loaded: Loaded, person: str, day: Day) -> str | None:
    stays = loaded.load.stays.get(person, ())
    located = next((stay.place for stay in reversed(stays) if stay.place not in {UNDERWAY, AWAY}), None)
    location = day.programme.location_of(located) if located else None
    return location.id if location else None


def _twice(runs: set[str], day: Day, store: Store) -> int:
    stays = store.history(day.event, store.visitors_of_two(day.event, runs))
    return len(conflicts.conflicts(stays, runs))


def _holds(day: Day, store: Store) -> bool:
    """Whether everybody is somewhere that the programme knows (CONTRACT section 2)."""
    known = {*day.programme.index.places, UNDERWAY, AWAY}
    return store.in_use(day.event) <= known
