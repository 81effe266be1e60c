"""A run as a state machine: one table of lettered transitions; the same letters in docs, tests and errors.

| | step | from | to |
| --- | --- | --- | --- |
| A | plan | | planned |
| B | open | planned | boarding |
| C | last-call | boarding | last_call |
| D | depart | boarding, last_call | departed |
| E | arrive | departed | arrived |
| F | close | arrived | closed |
| G | cancel | planned, boarding, last_call | cancelled |
| H | reopen | last_call; departed, within two minutes and with a reason | boarding |
| J | halt (a breakdown) | boarding, last_call, departed | halted |
| K | replace | not available yet: refused in every state | |
| L | resume | halted | the state before J |
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
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
    """A letter of the table; `target` None is the state before the halt."""

    letter: str
    step: str
    sources: frozenset[State]
    target: State | None


def _transition(letter: str, step: str, sources: Iterable[State], target: State | None) -> Transition:
    return Transition(letter=letter, step=step, sources=frozenset(sources), target=target)


TABLE = (
    _transition("A", "plan", (), State.PLANNED),
    _transition("B", "open", (State.PLANNED,), State.BOARDING),
    _transition("C", "last-call", (State.BOARDING,), State.LAST_CALL),
    _transition("D", "depart", (State.BOARDING, State.LAST_CALL), State.DEPARTED),
    _transition("E", "arrive", (State.DEPARTED,), State.ARRIVED),
    _transition("F", "close", (State.ARRIVED,), State.CLOSED),
    _transition("G", "cancel", (State.PLANNED, State.BOARDING, State.LAST_CALL), State.CANCELLED),
    _transition("H", "reopen", (State.LAST_CALL, State.DEPARTED), State.BOARDING),
    _transition("J", "halt", (State.BOARDING, State.LAST_CALL, State.DEPARTED), State.HALTED),
    _transition("L", "resume", (State.HALTED,), None),
)
BY_LETTER: Mapping[str, Transition] = MappingProxyType({transition.letter: transition for transition in TABLE})
BY_STEP: Mapping[str, Transition] = MappingProxyType({t.step: t for t in TABLE if t.sources})
STEPS = tuple(BY_STEP)
LATER: Mapping[str, str] = MappingProxyType({"replace": "K"})  # in the contract, and not available yet


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """A step that a run took; `at_ms` is when it happened, `by` who said so."""

    letter: str
    at_ms: int
    by: str
    counted: int | None = None
    reason: str = ""


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
    """The steps of one run, in the order they were taken; times never go back. Everything about a run follows."""

    run: str
    steps: tuple[Taken, ...] = ()

    @property
    def state(self) -> State:
        """The state after the last step."""
        return _after(self.steps)

    @property
    def last_ms(self) -> int:
        """When the last step was; 0 before the first."""
        return self.steps[-1].at_ms if self.steps else 0

    @property
    def counted(self) -> int | None:
        """The last hand count."""
        return next((step.counted for step in reversed(self.steps) if step.counted is not None), None)

    def until(self, at_ms: int) -> "Log":
        """The run as it was at a moment."""
        return Log(run=self.run, steps=tuple(step for step in self.steps if step.at_ms <= at_ms))

    def for_scan(self, at_ms: int) -> State:
        """The state that a badge read at `at_ms` meets: read at the very moment of departure is still in time."""
        return _after(s for s in self.steps if s.at_ms < at_ms or (s.at_ms == at_ms and s.letter != "D"))

    def first(self, letter: str) -> int | None:
        """When a step was first taken."""
        return next((step.at_ms for step in self.steps if step.letter == letter), None)

    @property
    def departed_ms(self) -> int | None:
        """When it departed; None also after it was opened again."""
        return self._standing("D", undone_by="H")

    @property
    def arrived_ms(self) -> int | None:
        """When it arrived."""
        return self._standing("E", undone_by="")

    def _standing(self, letter: str, *, undone_by: str) -> int | None:
        for step in reversed(self.steps):
            if step.letter == undone_by:
                return None
            if step.letter == letter:
                return step.at_ms
        return None


def allowed(log: Log) -> tuple[str, ...]:
    """The steps that the run's state allows now, in the order of their letters."""
    return tuple(t.step for t in TABLE if log.state in t.sources)


def not_allowed(log: Log, step: str, why: str) -> NotAllowed:
    """A refusal of a step, with its letter and what the run may do instead."""
    letter = LATER.get(step) or BY_STEP[step].letter
    return NotAllowed(letter=letter, step=step, state=log.state, allowed=allowed(log), why=why)


def take(
    log: Log, step: str, *, at_ms: int, by: str, counted: int | None = None, reason: str = ""
) -> Taken | NotAllowed:
    """The step as it will stand in the log, or why not.

    Raises KeyError for a word that is no step.
    """
    if step in LATER:
        later = f"{step} is not available yet: halt and resume it, or cancel it and let its people in elsewhere"
        return not_allowed(log, step, later)
    transition = BY_STEP[step]
    why = _refused(log, transition, at_ms=at_ms, reason=reason)
    if why is not None:
        return not_allowed(log, step, why)
    return Taken(letter=transition.letter, at_ms=at_ms, by=by, counted=counted, reason=reason)


def _refused(log: Log, transition: Transition, *, at_ms: int, reason: str) -> str | None:
    if log.state not in transition.sources:
        names = ", ".join(sorted(transition.sources))
        return f"a run that is {log.state} cannot take it: it needs {names}"
    if at_ms < log.last_ms:
        return "its time is before the last step's: steps are taken in order of time"
    if transition.letter == "H" and log.state is State.DEPARTED:
        if at_ms - (log.departed_ms or 0) > REOPEN_MS:
            return "it departed more than two minutes ago"
        if not reason.strip():
            return "a run that departed is opened again only with a reason"
    return None


def _after(steps: Iterable[Taken]) -> State:
    state = before = State.PLANNED
    for step in steps:
        if step.letter == "J":
            before = state
        state = BY_LETTER[step.letter].target or before
    return state
