"""Steps of runs: by a coordinator, or at the programme's times when a day is simulated."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from shared.facts import RunState, Sighting
from transport.domain import run as machine
from transport.domain import timed
from transport.domain.day import Day
from transport.domain.run import Log, NotAllowed, Taken
from transport.handlers import follow, states
from transport.ports import AskedStep, Store

AHEAD_MS = 5_000


class Asked(NamedTuple):
    """What is asked of a run; `at_ms` None is now, `key` an Idempotency-Key or empty."""

    run: str
    step: str
    by: str
    counted: int | None = None
    reason: str = ""
    at_ms: int | None = None
    key: str = ""


class UnknownRun(NamedTuple):
    """There is no such run in the programme."""

    run: str


class KeyUsed(NamedTuple):
    """The Idempotency-Key stands for another request."""

    key: str


@dataclass
class Stepped:
    """The run after the step, and the sightings that follow from it."""

    state: RunState
    sightings: list[Sighting] = field(default_factory=list)


Refused = NotAllowed | UnknownRun | KeyUsed


def step(asked: Asked, *, day: Day, store: Store, now_ms: int, new_id: Callable[[], str]) -> Stepped | Refused:
    """Take a step; the same key again gives the same answer and changes nothing."""
    if asked.run not in day.programme.index.runs:
        return UnknownRun(asked.run)
    content = msgspec.json.encode([asked.run, asked.step, asked.counted, asked.reason, asked.at_ms]).decode()
    if asked.key and (before := store.asked_step(day.event, asked.key)) is not None:
        if before.asked != content:
            return KeyUsed(asked.key)
        return Stepped(msgspec.json.decode(before.answer, type=RunState))
    logs = day.logs(store.steps(day.event))
    at_ms = now_ms if asked.at_ms is None else asked.at_ms
    taken = _take(logs[asked.run], asked, at_ms=at_ms, now_ms=now_ms)
    if isinstance(taken, NotAllowed):
        return taken
    sightings = apply(taken, asked.run, logs, day=day, store=store, now_ms=now_ms, new_id=new_id)
    stepped = Stepped(states.run_state(asked.run, day=day, logs=logs, store=store, at_ms=now_ms), sightings)
    if asked.key:
        answer = AskedStep(content, msgspec.json.encode(stepped.state).decode())
        store.put_asked_step(day.event, asked.key, answer, now_ms)
    return stepped


def apply(
    taken: Taken,
    run: str,
    logs: dict[str, Log],
    *,
    day: Day,
    store: Store,
    now_ms: int,
    new_id: Callable[[], str],
) -> list[Sighting]:
    """Keep a step, change `logs` with it, and make what follows; returns the new sightings."""
    store.add_step(day.event, logs[run], taken, identity=new_id(), taken_ms=now_ms)
    logs[run] = Log(run=run, steps=(*logs[run].steps, taken))
    if taken.letter == "G":
        store.set_meta(f"seats.stale.{day.event}", "1")  # its people go back to be allocated
    if taken.letter == "E":
        return follow.arrive(run, day=day, logs=logs, store=store, received_ms=now_ms)
    return []


def take_due(*, day: Day, store: Store, now_ms: int, new_id: Callable[[], str]) -> list[Sighting]:
    """Take every step whose time by the programme has come, in order of time, each at exactly its time."""
    logs = day.logs(store.steps(day.event))
    sightings: list[Sighting] = []
    while (due := timed.next_due(day.programme, logs, now_ms)) is not None:
        taken = machine.take(logs[due.run], due.step, at_ms=due.at_ms, by="programme")
        if isinstance(taken, NotAllowed):  # the table and `timed` disagree: a fault of ours, not of the day
            raise TypeError(f"{due.step} of {due.run} is due and not allowed: {taken.why}")
        sightings += apply(taken, due.run, logs, day=day, store=store, now_ms=now_ms, new_id=new_id)
    return sightings


def _take(log: Log, asked: Asked, *, at_ms: int, now_ms: int) -> Taken | NotAllowed:
    if at_ms > now_ms + AHEAD_MS:
        return machine.not_allowed(log, asked.step, "its time has not come yet: leave `at` out, or correct the clock")
    # pressed just after a step whose clock was a little ahead: it happened after it all the same
    at_ms = max(at_ms, log.last_ms) if asked.at_ms is None and log.last_ms <= now_ms + AHEAD_MS else at_ms
    return machine.take(log, asked.step, at_ms=at_ms, by=asked.by, counted=asked.counted, reason=asked.reason)
