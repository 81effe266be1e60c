"""`/api/v1/runs`: how a run is, who has a seat on it, and its steps."""

from typing import Annotated

import msgspec
from flask import Blueprint, Response, request
from msgspec import Meta

from shared import facts, instants
from shared.facts import RunState
from shared.web.auth import grant, needs
from shared.web.openapi import Param, operation
from shared.web.problems import MEDIA_TYPE, Problem, ProblemError, body, here, wrong_parameter
from transport.domain.run import BY_STEP, LATER, STEPS, NotAllowed
from transport.handlers.shapes import PassengerList
from transport.handlers.steps import Asked, KeyUsed, Refused, UnknownRun
from transport.web.deps import Deps
from transport.web.parts import RUN, as_json, no_run, passengers_for

STEP = Param(name="step", about=f"One of {', '.join(STEPS)}; replace is always refused yet.", where="path")
KEY = Param(
    name="Idempotency-Key",
    about="Up to 200 characters: the same key again gives the same answer and changes nothing.",
    kind=Annotated[str, Meta(max_length=200)],
    where="header",
)


class StepBody(msgspec.Struct, frozen=True, kw_only=True):
    """What goes with a step; all of it may be left out. `at` is when it happened, now when left out."""

    counted: Annotated[int, Meta(ge=0, le=1000)] | None = None
    reason: Annotated[str, Meta(max_length=500)] = ""
    at: facts.Moment | None = None


class StepProblem(Problem, frozen=True, kw_only=True):
    """A step that the run's state does not allow: its letter, the state, and the steps that are allowed now."""

    letter: str
    state: str
    allowed: tuple[str, ...]


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
        if step not in BY_STEP and step not in LATER:
            raise ProblemError(404, "unknown-step", f"There is no step {step!r}: use one of {', '.join(STEPS)}.")
        done = deps.transport.step(_asked(run, step))
        return _refusal(done) if isinstance(done, Refused) else as_json(done.state)

    return routes


def _asked(run: str, step: str) -> Asked:
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
    return Asked(run, step, given.id, counted=said.counted, reason=said.reason, at_ms=at_ms, key=key)


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
