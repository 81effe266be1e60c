"""`/api/v1/runs`: how a run is, who has a seat on it, and its steps."""

from typing import Annotated

import msgspec
from flask import Blueprint, Response, request
from msgspec import Meta

from shared import facts, instants
from shared.facts import RunState
from shared.programme import Programme
from shared.web.auth import grant, needs
from shared.web.openapi import Param, operation
from shared.web.problems import MEDIA_TYPE, Problem, ProblemError, body, here, wrong_parameter
from transport.domain.run import BY_STEP, STEPS, NotAllowed, Vehicle
from transport.handlers.shapes import PassengerList
from transport.handlers.sheet_shapes import LikelyLine
from transport.handlers.steps import Asked, GateClosed, KeyUsed, Refused, UnknownRun
from transport.web.deps import Deps
from transport.web.parts import RUN, as_json, no_run, passengers_for

STEP = Param(name="step", about=f"One of {', '.join(STEPS)}.", where="path")
KEY = Param(
    name="Idempotency-Key",
    about="Up to 200 characters: the same key again gives the same answer and changes nothing.",
    kind=Annotated[str, Meta(max_length=200)],
    where="header",
)


class NewCoach(msgspec.Struct, frozen=True, kw_only=True):
    """A relief coach that is not in the programme."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    seats: Annotated[int, Meta(ge=1, le=1000)]
    wheelchairs: Annotated[int, Meta(ge=0, le=100)] = 0
    wheelchair_seats: Annotated[int, Meta(ge=0, le=20)] = 1
    plate: Annotated[str, Meta(max_length=20)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""


class StepBody(msgspec.Struct, frozen=True, kw_only=True):
    """What goes with a step; `at` is when it happened, now when left out, `by` the name of who decides.

    To depart: `counted`, or to override the gate a `reason`. To close: `empty`, after the check from front to back.
    To replace: `coach`, the id of one of the programme, or one that nobody planned.
    """

    counted: Annotated[int, Meta(ge=0, le=1000)] | None = None
    reason: Annotated[str, Meta(max_length=500)] = ""
    by: Annotated[str, Meta(max_length=200)] = ""
    empty: bool = False
    coach: str | NewCoach | None = None
    at: facts.Moment | None = None


class StepProblem(Problem, frozen=True, kw_only=True):
    """A step that the run's state does not allow: its letter, the state, and the steps that are allowed now."""

    letter: str
    state: str
    allowed: tuple[str, ...]


class GateProblem(StepProblem, frozen=True, kw_only=True):
    """The gate is closed: what was counted and is known, who is to be settled, and who may explain the difference."""

    counted: int | None
    aboard: int
    nameless: int
    difference: int | None
    to_settle: tuple[str, ...]
    likely: tuple[LikelyLine, ...]


def blueprint(deps: Deps) -> Blueprint:
    """The routes."""
    routes = Blueprint("runs", __name__)

    @routes.get("/api/v1/runs/<run>")
    @needs("viewer")
    @operation("How a run is.", gives=RunState, params=(RUN,), refuses=(404,))
    def run(run: str) -> Response:
        state = deps.transport.run(run)
        if state is None:
            raise no_run(run)
        return as_json(state)

    @routes.get("/api/v1/runs/<run>/passengers")
    @needs("viewer")
    @operation(
        "The passenger list; names for coordinators and organisers, else null.",
        gives=PassengerList,
        params=(RUN,),
        refuses=(404,),
    )
    def passengers(run: str) -> Response:
        listed = deps.transport.passengers(run)
        if listed is None:
            raise no_run(run)
        return as_json(passengers_for(listed))

    @routes.post("/api/v1/runs/<run>/<step>")
    @needs("coordinator")
    @operation(
        "Take a step of a run; 409 where its state does not allow it.",
        takes=StepBody,
        gives=RunState,
        params=(RUN, STEP, KEY),
        refuses=(400, 404, 409, 415, 422),
    )
    def take_step(run: str, step: str) -> Response:
        if step not in BY_STEP:
            raise ProblemError(404, "unknown-step", f"There is no step {step!r}: use one of {', '.join(STEPS)}.")
        done = deps.transport.step(_asked(run, step, deps.transport.programme()))
        return _refusal(done) if isinstance(done, Refused) else as_json(done.state)

    return routes


def vehicle(said: str | NewCoach | None, programme: Programme) -> Vehicle | None:
    """The coach that is to take a run over. Raises ProblemError for one that is not in the programme."""
    if isinstance(said, NewCoach):
        return Vehicle(
            coach=f"relief-{said.plate or said.name}".casefold().replace(" ", "-")[:64],
            name=said.name,
            seats=said.seats,
            wheelchairs=said.wheelchairs,
            wheelchair_seats=said.wheelchair_seats,
            plate=said.plate,
            phone=said.phone,
        )
    if said is None:
        return None
    coach = programme.index.coaches.get(said)
    if coach is None:
        known = ", ".join(programme.index.coaches)
        raise wrong_parameter("coach", f"{said!r} is not in the programme: use one of {known}, or name and seats.")
    return Vehicle(
        coach=coach.id,
        name=coach.name,
        seats=coach.seats,
        wheelchairs=coach.wheelchairs,
        wheelchair_seats=coach.wheelchair_seats,
        plate=coach.plate or "",
        phone=coach.phone or "",
    )


def _asked(run: str, step: str, programme: Programme) -> Asked:
    given, key = grant(), request.headers.get("Idempotency-Key", "")
    if not given.covers(run):
        raise ProblemError(403, "scope", f"The token is for {', '.join(given.scope)}: ask for one for {run}.")
    if len(key) > 200:
        raise wrong_parameter("Idempotency-Key", "is longer than 200 characters: send a UUID.")
    said = body(StepBody) if request.get_data() else StepBody()
    try:
        at_ms = None if said.at is None else instants.to_ms(said.at)
    except ValueError as error:
        raise wrong_parameter("at", str(error)) from None
    return Asked(
        run,
        step,
        given.id,
        counted=said.counted,
        reason=said.reason,
        at_ms=at_ms,
        key=key,
        name=said.by,
        empty=said.empty,
        vehicle=vehicle(said.coach, programme),
    )


def _refusal(refused: Refused) -> Response:
    match refused:
        case UnknownRun():
            raise no_run(refused.run)
        case KeyUsed():
            raise ProblemError(
                422, "idempotency-key", "This Idempotency-Key came with another request before: send a new one."
            )
        case NotAllowed():
            return _not_allowed(refused)
        case GateClosed():
            return _gate_closed(refused)


def _gate_closed(refused: GateClosed) -> Response:
    gate = refused.gate
    step = refused.refused
    problem = GateProblem(
        type=f"urn:inloop:problem:{'depart-gate' if step.letter == 'D' else 'close-gate'}",
        title="Conflict",
        status=409,
        detail=f"Step {step.letter} ({step.step}): {step.why}.",
        instance=here(),
        letter=step.letter,
        state=step.state.value,
        allowed=step.allowed,
        counted=gate.counted,
        aboard=gate.aboard,
        nameless=gate.nameless,
        difference=gate.difference,
        to_settle=gate.to_settle,
        likely=tuple(LikelyLine(person=one.person, why=one.why) for one in refused.likely),
    )
    return Response(msgspec.json.encode(problem), 409, content_type=MEDIA_TYPE)


def _not_allowed(refused: NotAllowed) -> Response:
    now = ", ".join(refused.allowed) or "none"
    problem = StepProblem(
        type="urn:inloop:problem:step-not-allowed",
        title="Conflict",
        status=409,
        detail=f"Step {refused.letter} ({refused.step}): {refused.why}. Allowed now: {now}.",
        instance=here(),
        letter=refused.letter,
        state=refused.state.value,
        allowed=refused.allowed,
    )
    return Response(msgspec.json.encode(problem), 409, content_type=MEDIA_TYPE)
