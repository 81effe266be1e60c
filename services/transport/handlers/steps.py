"""Steps of runs: by a coordinator, or at the programme's times when a day is simulated."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from shared.facts import RunState, Sighting
from transport.domain import gate as gates
from transport.domain import run as machine
from transport.domain import timed
from transport.domain.day import Day
from transport.domain.gate import Gate, Likely
from transport.domain.run import Log, NotAllowed, State, Taken, Vehicle, fold
from transport.handlers import follow, loads, states
from transport.ports import AskedStep, Store

AHEAD_MS = 5_000


class Asked(NamedTuple):
    """What is asked of a run; `at_ms` None is now, `key` an Idempotency-Key or empty.

    `name` is who decides, `empty` says that the coach was checked from front to back, `vehicle` takes the run over (K).
    """

    run: str
    step: str
    by: str
    counted: int | None = None
    reason: str = ""
    at_ms: int | None = None
    key: str = ""
    name: str = ""
    empty: bool = False
    vehicle: Vehicle | None = None


class UnknownRun(NamedTuple):
    """There is no such run in the programme."""

    run: str


class KeyUsed(NamedTuple):
    """The Idempotency-Key stands for another request."""

    key: str


class GateClosed(NamedTuple):
    """D or F, while somebody is not settled: what is in the way, and the remedy in words."""

    refused: NotAllowed
    gate: Gate
    likely: tuple[Likely, ...] = ()


@dataclass
class Stepped:
    """The run after the step, and the sightings that follow from it."""

    state: RunState
    sightings: list[Sighting] = field(default_factory=list)


Refused = NotAllowed | UnknownRun | KeyUsed | GateClosed


def step(asked: Asked, *, day: Day, store: Store, now_ms: int, new_id: Callable[[], str]) -> Stepped | Refused:
    """Take a step; the same key again gives the same answer and changes nothing."""
    if asked.run not in day.programme.index.runs:
        return UnknownRun(asked.run)
    content = msgspec.json.encode([*asked[:2], *asked[3:6], *asked[7:]]).decode()  # all but who asked, and the key
    if asked.key and (before := store.asked_step(day.event, asked.key)) is not None:
        if before.asked != content:
            return KeyUsed(asked.key)
        return Stepped(msgspec.json.decode(before.answer, type=RunState))
    steps = store.steps(day.event)
    logs = day.logs(steps)
    taken = _take(logs[asked.run], asked, now_ms=now_ms, identity=new_id())
    if isinstance(taken, NotAllowed):
        return taken
    if taken.letter == "K" and (why := _not_free(asked, logs, day)):
        return machine.not_allowed(logs[asked.run], asked.step, why)
    closed = _gate(asked, taken, day=day, logs=logs, store=store)
    if closed is not None:
        return closed
    sightings = apply(taken, asked.run, steps.get(asked.run, ()), logs, day=day, store=store, now_ms=now_ms)
    stepped = Stepped(states.run_state(asked.run, day=day, logs=logs, store=store, at_ms=now_ms), sightings)
    if asked.key:
        answer = AskedStep(content, msgspec.json.encode(stepped.state).decode())
        store.put_asked_step(day.event, asked.key, answer, now_ms)
    return stepped


def apply(
    taken: Taken,
    run: str,
    asked: Sequence[Taken],
    logs: dict[str, Log],
    *,
    day: Day,
    store: Store,
    now_ms: int,
) -> list[Sighting]:
    """Keep a step, change `logs` with it, and make what follows; returns the new sightings.

    `asked` is all that was asked of this run before. A step may come late: then others lose or gain their effect.
    """
    store.add_step(day.event, run, len(asked) + 1, taken, taken_ms=now_ms)
    before, after = logs[run], fold(run, (*asked, taken))
    logs[run] = after
    if (before.state is State.CANCELLED) != (after.state is State.CANCELLED) or before.vehicle != after.vehicle:
        store.set_meta(f"seats.stale.{day.event}", "1")  # its people go back to be allocated, or its seats are others
    if before == after:
        return []
    return follow.stepped(run, before, taken.at_ms, day=day, logs=logs, store=store, received_ms=now_ms)


def take_due(*, day: Day, store: Store, now_ms: int, new_id: Callable[[], str]) -> list[Sighting]:
    """Take every step whose time by the programme has come, in order of time, each at exactly its time.

    Nobody stands at the kerb of a simulated day: the programme does not wait at the gate.
    """
    steps = {run: list(of) for run, of in store.steps(day.event).items()}
    logs = day.logs(steps)
    sightings: list[Sighting] = []
    while (due := timed.next_due(day.programme, logs, now_ms)) is not None:
        asked = steps.setdefault(due.run, [])
        letter = machine.BY_STEP[due.step].letter
        taken = machine.take(logs[due.run], Taken(letter=letter, at_ms=due.at_ms, by="programme", id=new_id()))
        if isinstance(taken, NotAllowed):  # the table and `timed` disagree: a fault of ours, not of the day
            raise TypeError(f"{due.step} of {due.run} is due and not allowed: {taken.why}")
        sightings += apply(taken, due.run, asked, logs, day=day, store=store, now_ms=now_ms)
        asked.append(taken)
    return sightings


def _take(log: Log, asked: Asked, *, now_ms: int, identity: str) -> Taken | NotAllowed:
    at_ms = now_ms if asked.at_ms is None else asked.at_ms
    if at_ms > now_ms + AHEAD_MS:
        return machine.not_allowed(log, asked.step, "its time has not come yet: leave `at` out, or correct the clock")
    # pressed just after a step whose clock was a little ahead: it happened after it all the same
    at_ms = max(at_ms, log.last_ms) if asked.at_ms is None and log.last_ms <= now_ms + AHEAD_MS else at_ms
    taken = Taken(
        letter=machine.BY_STEP[asked.step].letter,
        at_ms=at_ms,
        by=asked.by,
        id=identity,
        counted=asked.counted,
        reason=asked.reason,
        name=asked.name,
        vehicle=asked.vehicle,
    )
    return machine.take(log, taken)


def _not_free(asked: Asked, logs: Mapping[str, Log], day: Day) -> str:
    """Why a coach cannot take the run over: it has it already, or has people on another run now."""
    coach = asked.vehicle.coach if asked.vehicle else ""
    for run in day.programme.runs:
        log = logs[run.id]
        drives = log.vehicle.coach if log.vehicle else run.coach
        if drives == coach and run.id == asked.run:
            return f"coach {coach} is the one that has it: name another"
        if drives == coach and log.state in {State.BOARDING, State.LAST_CALL, State.DEPARTED}:
            return f"coach {coach} is on run {run.id} now: name another, or wait until that has arrived"
    return ""


def _gate(asked: Asked, taken: Taken, *, day: Day, logs: Mapping[str, Log], store: Store) -> GateClosed | None:
    """What keeps a run from departing or closing, None when nothing does (docs/runs.md)."""
    if taken.letter not in "DF" or (taken.letter == "D" and asked.reason.strip()):
        return None
    loaded = loads.load(day.programme.run(asked.run), day=day, logs=logs, store=store, at_ms=taken.at_ms)
    found = gates.gate(loaded.riders, loaded.marks, asked.counted)
    if taken.letter == "F":
        difference = None if loaded.marks.settled else loads.difference(loaded)
        ways = gates.unsettled(loaded.riders, loaded.marks, difference)
        if not asked.empty:
            ways = ("the coach was not checked from front to back: do that, and send empty: true", *ways)
    else:
        ways = () if found.is_open else _in_the_way(found)
    if not ways:
        return None
    refused = machine.not_allowed(logs[asked.run], asked.step, "; ".join(ways))
    return GateClosed(refused, found, loads.likely(loaded, found, day=day, store=store))


def _in_the_way(gate: Gate) -> tuple[str, ...]:
    ways: list[str] = []
    if gate.difference is None:
        ways.append("nobody counted by hand: send counted")
    elif gate.difference:
        ways.append(
            f"counted {gate.counted}, known {gate.aboard + gate.nameless}: a difference of {gate.difference:+d}"
        )
    if gate.to_settle:
        ways.append(f"{len(gate.to_settle)} still to come: settle each as other run, own travel, away or stays here")
    return (*ways, "or override with reason, and by who decides")
