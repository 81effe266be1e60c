"""What a coordinator's hand says about a run (docs/runs.md): facts with their own moment, never changed.

What holds follows from all of them in the order of `(at_ms, id)`, whatever came in first: two phones that were offline
give one answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from transport.domain.run import Log, Vehicle

Kind = Literal[
    "aboard",
    "off",
    "here",
    "away",
    "excuse",
    "undo",
    "count",
    "nameless",
    "alight",
    "settle",
    "estimate",
    "step",
    "vouch",
]
Why = Literal["own-travel", "stays", "other-run", "away", "not-here"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One thing that somebody did; `by` is the token, `name` who decided. Only the members of its kind are set."""

    id: str
    run: str
    kind: Kind
    at_ms: int
    by: str = ""
    name: str = ""
    person: str | None = None
    badge: str | None = None
    persons: tuple[str, ...] = ()
    place: str | None = None
    why: Why | None = None
    to: str | None = None
    undoes: str | None = None
    counted: int | None = None
    change: int = 0
    leader: str = ""
    reason: str = ""
    depart_ms: int | None = None
    arrive_ms: int | None = None
    step: str | None = None
    empty: bool = False
    vehicle: Vehicle | None = None

    @property
    def order(self) -> tuple[int, bytes]:
        """What decides which of two acts is the later."""
        return (self.at_ms, self.id.encode())


@dataclass(frozen=True, kw_only=True, slots=True)
class Excuse:
    """Why somebody is not waited for; with `other-run`, `to` is the run that takes them."""

    run: str
    why: Why
    to: str | None
    by: str
    at_ms: int
    id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """What the acts on one run come to. `counted_ms` is when it was counted, `settled_ms` when settled; -1 never."""

    counted: int | None = None
    counted_ms: int = -1
    nameless: int = 0
    settled: str | None = None
    settled_ms: int = -1
    depart_ms: int | None = None
    arrive_ms: int | None = None
    excuses: Mapping[str, Excuse] = field(default_factory=dict)

    def difference(self, named: int) -> int | None:
        """How many more were counted than are known, None while nobody counted."""
        return None if self.counted is None else self.counted - named - self.nameless


NOTHING = Marks()


def counted(marks: Marks, log: Log) -> Marks:
    """The same with the hand count that came with a step, where that is the later one.

    A count from before another coach took the run over (K) is none: everybody is to be counted again.
    """
    step = next((one for one in reversed(log.steps) if one.counted is not None), None)
    if step is not None and step.at_ms >= marks.counted_ms:
        marks = replace(marks, counted=step.counted, counted_ms=step.at_ms)
    replaced_ms = -1 if log.replaced_ms is None else log.replaced_ms
    if marks.counted is not None and marks.counted_ms <= replaced_ms:
        marks = replace(marks, counted=None)
    # a count after it was settled opens the question again, and so does another coach
    is_settled = marks.settled is None or marks.settled_ms > max(marks.counted_ms, replaced_ms)
    return marks if is_settled else replace(marks, settled=None)


def standing(acts: Iterable[Act], *, until_ms: int | None = None) -> list[Act]:
    """The acts up to a moment that nobody took back by then, in order; what is taken back is on the same run."""
    known = sorted((a for a in acts if until_ms is None or a.at_ms <= until_ms), key=lambda act: act.order)
    gone = {(act.run, act.undoes) for act in known if act.kind == "undo"}
    return [act for act in known if act.kind != "undo" and (act.run, act.id) not in gone]


def marks(acts: Iterable[Act]) -> dict[str, Marks]:
    """What the acts come to, by run; `acts` stand and are in order (`standing`)."""
    by_run: dict[str, list[Act]] = {}
    for act in acts:
        by_run.setdefault(act.run, []).append(act)
    return {run: _marks(of) for run, of in by_run.items()}


def _marks(acts: list[Act]) -> Marks:
    counts = [act for act in acts if act.kind == "count" and act.counted is not None]  # those of steps: in the log
    settled = [act for act in acts if act.kind == "settle"]
    departs = [act.depart_ms for act in acts if act.depart_ms is not None]
    arrives = [act.arrive_ms for act in acts if act.arrive_ms is not None]
    count = counts[-1] if counts else None
    return Marks(
        counted=count.counted if count else None,
        counted_ms=count.at_ms if count else -1,
        nameless=max(0, sum(act.change for act in acts if act.kind == "nameless")),
        settled=settled[-1].reason if settled else None,
        settled_ms=settled[-1].at_ms if settled else -1,
        depart_ms=departs[-1] if departs else None,
        arrive_ms=arrives[-1] if arrives else None,
        excuses=_excuses(acts),
    )


def _excuses(acts: list[Act]) -> dict[str, Excuse]:
    found: dict[str, Excuse] = {}
    for act in acts:
        if act.person is None:
            continue
        if act.kind == "excuse" and act.why is not None:
            found[act.person] = Excuse(run=act.run, why=act.why, to=act.to, by=act.name, at_ms=act.at_ms, id=act.id)
        elif act.kind == "aboard":
            found.pop(act.person, None)
    return found
