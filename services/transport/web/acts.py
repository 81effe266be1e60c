"""`POST /api/v1/acts`: what coordinators' hands say, from pages that were perhaps offline; and what a desk settles."""

from collections.abc import Callable, Sequence, Set
from typing import Annotated

import msgspec
from flask import Blueprint, Response
from msgspec import Meta

from shared import facts, ids, instants
from shared.believed import believed
from shared.facts import Text
from shared.programme import Programme
from shared.web.auth import grant, needs
from shared.web.openapi import ListOf, operation
from shared.web.problems import MemberError, ProblemError, body, wrong_parameter
from shared.web.tokens import Grant
from transport.domain import words
from transport.domain.acts import Act, Kind, Why
from transport.domain.run import BY_STEP
from transport.handlers.sheet_shapes import ActAnswer, Sheet
from transport.web.deps import Deps
from transport.web.parts import RUN, as_json, no_run, sheet_for
from transport.web.runs import NewCoach, vehicle

MOST = 500
DAY_MS = 24 * 3600 * 1000
OF_THE_RUN = frozenset({"off", "away", "excuse", "here"})  # about people who are on the list of the run
Name = Annotated[str, Meta(max_length=200)]
Person = Annotated[str, Meta(min_length=1, max_length=100)]


class AskedAct(msgspec.Struct, frozen=True, kw_only=True):
    """One act as a page sends it (docs/runs.md); `by` is the name of who decides, `at` the moment on the phone."""

    id: facts.ScanId
    run: str
    kind: Kind
    at: facts.Moment
    age_ms: facts.Whole | None = 0
    by: Name = ""
    person: Person | None = None
    badge: facts.BadgeCode | None = None
    persons: Annotated[tuple[Person, ...], Meta(max_length=500)] = ()
    place: str | None = None
    why: Why | None = None
    to: str | None = None
    undoes: Annotated[str, Meta(max_length=100)] | None = None
    counted: Annotated[int, Meta(ge=0, le=1000)] | None = None
    change: Annotated[int, Meta(ge=-1000, le=1000)] = 0
    leader: Name = ""
    reason: Annotated[str, Meta(max_length=500)] = ""
    depart_at: facts.Moment | None = None
    arrive_at: facts.Moment | None = None
    step: str | None = None
    empty: bool = False
    coach: str | NewCoach | None = None


# what each kind cannot be without: one of these members
NEEDED: dict[str, tuple[str, ...]] = {
    "aboard": ("person", "badge"),
    "off": ("person",),
    "here": ("person",),
    "away": ("person",),
    "excuse": ("person",),
    "undo": ("undoes",),
    "count": ("counted",),
    "nameless": ("change",),
    "settle": ("reason",),
    "estimate": ("depart_at", "arrive_at"),
    "step": ("step",),
    "vouch": ("persons",),
}
ALSO: dict[str, str] = {"here": "place", "excuse": "why"}
Pieces = Annotated[list[msgspec.Raw], Meta(min_length=1, max_length=MOST)]  # as read: each is judged on its own


class Excused(msgspec.Struct, frozen=True, kw_only=True):
    """Why somebody is not waited for."""

    why: Why
    to: str | None = None


class SettleBody(msgspec.Struct, frozen=True, kw_only=True):
    """Persons that are settled, and the difference of the run; `by` is who decides."""

    persons: dict[str, Excused] = {}
    difference: Annotated[str, Meta(max_length=500)] = ""
    by: Name = ""


def blueprint(deps: Deps) -> Blueprint:
    """The routes."""
    routes = Blueprint("acts", __name__)

    @routes.post("/api/v1/acts")
    @needs("coordinator")
    @operation(
        "Hand in 1–500 acts of coordinators' hands; the answers in the same order. An act's own id makes sending it "
        "again safe; one that was made without network counts from its own moment.",
        takes=Annotated[list[AskedAct], Meta(min_length=1, max_length=MOST)],
        gives=ListOf((ActAnswer,)),
        refuses=(400, 413, 415, 422),
    )
    def take_acts() -> Response:
        pieces = [bytes(piece) for piece in body(Pieces)]
        read = [_read(piece, grant(), deps.transport.programme(), deps.clock.now_ms()) for piece in pieces]
        batch = {one.id for one in read if isinstance(one, Act)}
        read = [_own(one, deps, batch) if isinstance(one, Act) else one for one in read]
        taken = iter(deps.transport.act([one for one in read if isinstance(one, Act)]))
        return as_json([next(taken) if isinstance(one, Act) else one for one in read])

    @routes.post("/api/v1/runs/<run>/settle")
    @needs("coordinator")
    @operation(
        "Settle who is missing from a run, and its difference.",
        takes=SettleBody,
        gives=Sheet,
        params=(RUN,),
        refuses=(400, 403, 404, 415, 422),
    )
    def settle(run: str) -> Response:
        covered(run)
        said = body(SettleBody)
        if deps.transport.run(run) is None:
            raise no_run(run)
        answers = deps.transport.act(_settled(run, said, grant(), deps.clock.now_ms))
        _all_done(said, answers)
        found = deps.transport.sheet(run)
        if found is None:
            raise no_run(run)
        return as_json(sheet_for(found))

    return routes


def _all_done(said: SettleBody, answers: Sequence[ActAnswer]) -> None:
    """Raise ProblemError 422 naming everybody who could not be settled, and why; the others are."""
    persons = [*said.persons, ""]
    errors = tuple(
        MemberError(f"persons.{person}" if person else "difference", answer.why.en if answer.why else "")
        for person, answer in zip(persons, answers, strict=False)
        if answer.outcome == "refused"
    )
    if errors:
        raise ProblemError(422, "not-settled", f"{len(errors)} could not be settled; the others are.", errors=errors)


def covered(run: str) -> None:
    """Raise ProblemError 403 for a run outside the token's scope."""
    given = grant()
    if not given.covers(run):
        raise ProblemError(403, "scope", f"The token is for {', '.join(given.scope)}: ask for one for {run}.")


def _settled(run: str, said: SettleBody, given: Grant, now_ms: Callable[[], int]) -> Sequence[Act]:
    at_ms = now_ms()
    for person, excused in said.persons.items():
        if excused.why == "other-run" and not excused.to:
            raise wrong_parameter(f"persons.{person}.to", "is missing: send the run that takes them.")
    acts = [
        Act(
            id=ids.new_id(),
            run=run,
            kind="excuse",
            at_ms=at_ms,
            by=given.id,
            name=said.by,
            person=person,
            why=excused.why,
            to=excused.to,
        )
        for person, excused in said.persons.items()
    ]
    if said.difference:
        acts.append(
            Act(
                id=ids.new_id(),
                run=run,
                kind="settle",
                at_ms=at_ms,
                by=given.id,
                name=said.by,
                reason=said.difference,
            )
        )
    return acts


def _own(act: Act, deps: Deps, batch: Set[str]) -> Act | ActAnswer:
    """The act, or its refusal where a token of some runs speaks of somebody who is on none of them.

    It takes back what the run's sheet shows, or what comes with it (`batch`), and nothing of other runs.
    """
    if not grant().scope or act.kind not in {*OF_THE_RUN, "undo"}:
        return act
    found = deps.transport.sheet(act.run)
    lines = (found.persons if found else None) or ()
    if act.kind == "undo":
        shown = {line.act for line in lines} | {line.excuse.act for line in lines if line.excuse}
        known = shown | {one.id for one in (found.acts if found else ())} | batch
        return act if act.undoes in known else _refused(act.id, words.NOT_YOURS)
    return act if act.person in {line.person for line in lines} else _refused(act.id, words.NOT_ON_IT)


class _Head(msgspec.Struct, frozen=True):
    id: str = ""


def _read(piece: bytes, given: Grant, programme: Programme, now_ms: int) -> Act | ActAnswer:
    """An act, or why it is none; what cannot be understood is answered, so that a phone can stop asking."""
    try:
        asked = msgspec.json.decode(piece, type=AskedAct)
        trouble = _trouble(asked)
        at_ms = _moment(asked, programme, now_ms)
        depart_ms, arrive_ms = (_expected(at, asked.run, programme) for at in (asked.depart_at, asked.arrive_at))
    except (msgspec.DecodeError, ValueError, UnicodeDecodeError) as error:
        return _refused(_id_of(piece), Text(f"niet te lezen: {error}", f"cannot be read: {error}"))
    if trouble:
        return _refused(asked.id, Text(f"{trouble} ontbreekt", f"{trouble} is missing"))
    if not given.covers(asked.run):
        return _refused(asked.id, words.NOT_YOURS)
    try:
        taken_by = vehicle(asked.coach, programme)
    except ProblemError as error:
        return _refused(asked.id, Text(str(error), str(error)))
    return Act(
        id=asked.id,
        run=asked.run,
        kind=asked.kind,
        at_ms=at_ms,
        by=given.id,
        name=asked.by,
        person=asked.person,
        badge=asked.badge,
        persons=asked.persons,
        place=asked.place,
        why=asked.why,
        to=asked.to,
        undoes=asked.undoes,
        counted=asked.counted,
        change=asked.change,
        leader=asked.leader,
        reason=asked.reason,
        depart_ms=depart_ms,
        arrive_ms=arrive_ms,
        step=asked.step,
        empty=asked.empty,
        vehicle=taken_by,
    )


def _expected(at: str | None, run: str, programme: Programme) -> int | None:
    """A time by hand. Raises ValueError when it is not of that day."""
    if at is None:
        return None
    at_ms, planned = instants.to_ms(at), programme.index.runs.get(run)
    if planned is not None and abs(at_ms - planned.depart_ms) > DAY_MS:
        raise ValueError("a time by hand is within a day of the planned departure")
    return at_ms


def _moment(asked: AskedAct, programme: Programme, now_ms: int) -> int:
    """The moment it counts from, by the rule that scans have (CONTRACT section 3)."""
    at_ms, _, _ = believed(
        instants.to_ms(asked.at),
        synced=True,
        age_ms=asked.age_ms,
        received_ms=now_ms,
        first_item_ms=programme.first_item_ms,
    )
    return at_ms


def _trouble(asked: AskedAct) -> str:
    """The member that its kind cannot be without; empty when all is there."""
    needed = NEEDED.get(asked.kind, ())
    if needed and not any(_has(asked, name) for name in needed):
        return " / ".join(needed)
    also = ALSO.get(asked.kind)
    if also and not getattr(asked, also):
        return also
    if asked.kind == "step" and asked.step not in BY_STEP:
        return f"step ({', '.join(BY_STEP)})"
    return "to" if asked.why == "other-run" and not asked.to else ""


def _has(asked: AskedAct, name: str) -> bool:
    value = getattr(asked, name)
    return value is not None if name == "counted" else bool(value)


def _refused(identity: str, why: Text) -> ActAnswer:
    return ActAnswer(id=identity, outcome="refused", why=why)


def _id_of(piece: bytes) -> str:
    try:
        return msgspec.json.decode(piece, type=_Head).id
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
