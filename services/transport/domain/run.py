"""A run as a state machine: one table of lettered transitions; the same letters in docs, tests and errors.

| | step | from | to |
| --- | --- | --- | --- |
| A | plan | | planned |
| B | open | planned | boarding |
| C | last-call | boarding | last_call |
| D | depart, through the gate (gate.py) | boarding, last_call | departed |
| E | arrive | departed | arrived |
| F | close, with everybody settled and the coach checked | arrived | closed |
| G | cancel | planned, boarding, last_call | cancelled |
| H | reopen | last_call; departed, within two minutes and with a reason | boarding |
| J | halt (a breakdown) | boarding, last_call, departed | halted |
| K | replace, by another coach | planned; boarding, last_call, departed, halted | planned; boarding |
| L | resume | halted | the state before J |

Steps are facts. A run's state is their fold in the order of `(at_ms, id)`: a step that is not allowed where it stands
has no effect and stays in the record. So phones that were offline give one state, whatever comes in first
(docs/runs.md).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

REOPEN_MS = 120_000


class State(StrEnum):
    """How a run is."""

    PLANNED = "planned"
    BOARDING = "boarding"
    LAST_CALL = "last_call"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    HALTED = "halted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Transition:
    """A letter of the table; `target` None is the state before the halt, or for K the one after it."""

    letter: str
    step: str
    sources: frozenset[State]
    target: State | None


def _transition(letter: str, step: str, sources: Iterable[State], target: State | None) -> Transition:
    return Transition(letter=letter, step=step, sources=frozenset(sources), target=target)


RUNNING = (State.BOARDING, State.LAST_CALL, State.DEPARTED)
TABLE = (
    _transition("A", "plan", (), State.PLANNED),
    _transition("B", "open", (State.PLANNED,), State.BOARDING),
    _transition("C", "last-call", (State.BOARDING,), State.LAST_CALL),
    _transition("D", "depart", (State.BOARDING, State.LAST_CALL), State.DEPARTED),
    _transition("E", "arrive", (State.DEPARTED,), State.ARRIVED),
    _transition("F", "close", (State.ARRIVED,), State.CLOSED),
    _transition("G", "cancel", (State.PLANNED, State.BOARDING, State.LAST_CALL), State.CANCELLED),
    _transition("H", "reopen", (State.LAST_CALL, State.DEPARTED), State.BOARDING),
    _transition("J", "halt", RUNNING, State.HALTED),
    _transition("K", "replace", (State.PLANNED, *RUNNING, State.HALTED), None),
    _transition("L", "resume", (State.HALTED,), None),
)
BY_LETTER: Mapping[str, Transition] = MappingProxyType({transition.letter: transition for transition in TABLE})
BY_STEP: Mapping[str, Transition] = MappingProxyType({t.step: t for t in TABLE if t.sources})
STEPS = tuple(BY_STEP)


@dataclass(frozen=True, kw_only=True, slots=True)
class Vehicle:
    """The coach that takes a run over (K): one of the programme by its id, or one that nobody had planned."""

    coach: str
    name: str
    seats: int | None
    wheelchairs: int = 0
    wheelchair_seats: int = 1
    plate: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A step that was asked of a run; `at_ms` is when it happened, `by` the token that said so, `name` who decided."""

    letter: str
    at_ms: int
    by: str
    id: str = ""
    counted: int | None = None
    reason: str = ""
    name: str = ""
    vehicle: Vehicle | None = None

    @property
    def order(self) -> tuple[int, bytes]:
        """What decides which of two steps is the later."""
        return (self.at_ms, self.id.encode())


@dataclass(frozen=True, kw_only=True, slots=True)
class NotAllowed:
    """Why a run cannot take a step: the letter, its state, and which steps are allowed now."""

    letter: str
    step: str
    state: State
    allowed: tuple[str, ...]
    why: str


@dataclass(frozen=True, kw_only=True)
class Log:
    """The steps of one run that have effect, in order. Everything about a run follows; make it with `fold`."""

    run: str
    steps: tuple[Taken, ...] = ()

    @cached_property
    def state(self) -> State:
        """The state after the last step."""
        return _after(self.steps)

    @property
    def last_ms(self) -> int:
        """When the last step was; 0 before the first."""
        return self.steps[-1].at_ms if self.steps else 0

    @property
    def counted(self) -> int | None:
        """The hand count that went with a step last."""
        return next((step.counted for step in reversed(self.steps) if step.counted is not None), None)

    @cached_property
    def vehicle(self) -> Vehicle | None:
        """The coach that took the run over last; None while it is the planned one."""
        return next((step.vehicle for step in reversed(self.steps) if step.letter == "K"), None)

    @property
    def replaced_ms(self) -> int | None:
        """When another coach took the run over last."""
        return next((step.at_ms for step in reversed(self.steps) if step.letter == "K"), None)

    def until(self, at_ms: int) -> "Log":
        """The run as it was at a moment."""
        if at_ms >= self.last_ms:
            return self
        return Log(run=self.run, steps=tuple(step for step in self.steps if step.at_ms <= at_ms))

    def for_scan(self, at_ms: int) -> State:
        """The state that a badge read at `at_ms` meets: read at the very moment of departure is still in time."""
        return _after(s for s in self.steps if s.at_ms < at_ms or (s.at_ms == at_ms and s.letter != "D"))

    def first(self, letter: str) -> int | None:
        """When a step was first taken."""
        return next((step.at_ms for step in self.steps if step.letter == letter), None)

    @property
    def departed_ms(self) -> int | None:
        """When it departed; None also after it was opened again, and while a relief coach is boarded."""
        return self._standing("D", undone_by="HK")

    @property
    def arrived_ms(self) -> int | None:
        """When it arrived."""
        return self._standing("E", undone_by="")

    @property
    def left_ms(self) -> int | None:
        """When it departed last; a halt or another coach on its way does not undo that."""
        return self._standing("D", undone_by="H")

    @property
    def on_the_road(self) -> bool:
        """Whether it left its origin: who gets off is not there any more."""
        return self.left_ms is not None

    def _standing(self, letter: str, *, undone_by: str) -> int | None:
        for step in reversed(self.steps):
            if step.letter in undone_by:
                return None
            if step.letter == letter:
                return step.at_ms
        return None


def fold(run: str, asked: Iterable[Taken]) -> Log:
    """The log of a run: of all that was asked, in the order of `(at_ms, id)`, what its state allowed."""
    steps: list[Taken] = []
    state = before = State.PLANNED
    departed_ms = 0
    for step in sorted(asked, key=lambda one: one.order):
        if _refusal(state, step, departed_ms=departed_ms) is not None:
            continue
        if step.letter == "J":
            before = state
        if step.letter == "D":
            departed_ms = step.at_ms
        state = _target(state, step.letter, before)
        steps.append(step)
    return Log(run=run, steps=tuple(steps))


def allowed(log: Log) -> tuple[str, ...]:
    """The steps that the run's state allows now, in the order of their letters."""
    return tuple(t.step for t in TABLE if log.state in t.sources)


def not_allowed(log: Log, step: str, why: str) -> NotAllowed:
    """A refusal of a step, with its letter and what the run may do instead."""
    return NotAllowed(letter=BY_STEP[step].letter, step=step, state=log.state, allowed=allowed(log), why=why)


def take(log: Log, asked: Taken) -> Taken | NotAllowed:
    """The step as it will stand at the end of the log, or why not."""
    why = _refusal(log.state, asked, departed_ms=log.departed_ms or 0)
    if why is None and asked.at_ms < log.last_ms:
        why = "its time is before the last step's: steps are taken in order of time"
    return asked if why is None else not_allowed(log, BY_LETTER[asked.letter].step, why)


def _refusal(state: State, step: Taken, *, departed_ms: int) -> str | None:
    transition = BY_LETTER[step.letter]
    if state not in transition.sources:
        names = ", ".join(sorted(transition.sources))
        return f"a run that is {state} cannot take it: it needs {names}"
    if step.letter == "H" and state is State.DEPARTED:
        if step.at_ms - departed_ms > REOPEN_MS:
            return "it departed more than two minutes ago"
        if not step.reason.strip():
            return "a run that departed is opened again only with a reason"
    if step.letter == "K" and step.vehicle is None:
        return "it needs a coach: name one of the programme, or give name, seats and wheelchair places"
    return None


def _target(state: State, letter: str, before: State) -> State:
    if letter == "K":
        return state if state is State.PLANNED else State.BOARDING
    return BY_LETTER[letter].target or before


def _after(steps: Iterable[Taken]) -> State:
    state = before = State.PLANNED
    for step in steps:
        if step.letter == "J":
            before = state
        state = _target(state, step.letter, before)
    return state
