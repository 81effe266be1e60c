"""`/api/v1/transfers/<transfer>/allocations`, `/api/v1/dispatch`, `/api/v1/coaches`: what a dispatcher decides on."""

from typing import Annotated, Literal

import msgspec
from flask import Blueprint, Response
from msgspec import Meta

from shared.web.auth import grant, needs
from shared.web.openapi import Param, operation
from shared.web.problems import ProblemError, address, body
from transport.handlers.allocation_shapes import Proposal
from transport.handlers.allocations import Impossible, Wish
from transport.handlers.dispatch_shapes import Dispatch, DispatchCoach
from transport.web.deps import Deps
from transport.web.parts import as_json
from transport.web.transfers import TRANSFER

ALLOCATION = Param(name="allocation", about="A proposed allocation.", where="path")
Ids = Annotated[tuple[str, ...], Meta(max_length=5000)]
STATUS = {
    "unknown-allocation": 404,
    "unknown-run": 422,
    "nobody": 422,
    "run-left": 409,
    "stale": 409,
    "not-proposed": 409,
}


class MoveBody(msgspec.Struct, frozen=True, kw_only=True, rename={"from_run": "from"}):
    """These people to run `to`: by id, or all of an organisation or a group, with `from` only those on that run."""

    to: str
    persons: Ids = ()
    organisation: str = ""
    group: str = ""
    from_run: str | None = None


class ProposeBody(msgspec.Struct, frozen=True, kw_only=True):
    """A new plan; or `without` coaches or runs that do not come; or people moved by hand."""

    prefer: Literal["fewest", "evenest"] = "evenest"
    without: Ids = ()
    move: MoveBody | None = None


def blueprint(deps: Deps) -> Blueprint:
    """The routes."""
    routes = Blueprint("allocations", __name__)
    service = deps.transport

    @routes.post("/api/v1/transfers/<transfer>/allocations")
    @needs("organiser")
    @operation(
        "Propose an allocation: a plan, what if a coach does not come, or a move; nothing is changed yet.",
        takes=ProposeBody,
        gives=Proposal,
        params=(TRANSFER,),
        refuses=(400, 404, 409, 415, 422),
        status=201,
    )
    def propose(transfer: str) -> Response:
        _known(deps, transfer)
        said = body(ProposeBody)
        move = said.move or MoveBody(to="")
        wish = Wish(
            transfer=transfer,
            prefer=said.prefer,
            without=said.without,
            persons=move.persons,
            organisation=move.organisation,
            group=move.group,
            from_run=move.from_run or "",
            to=move.to,
        )
        return _answer(service.propose(wish), 201)

    @routes.get("/api/v1/transfers/<transfer>/allocations")
    @needs("organiser")
    @operation(
        "The allocations that were proposed, newest first.", gives=list[Proposal], params=(TRANSFER,), refuses=(404,)
    )
    def proposals(transfer: str) -> Response:
        _known(deps, transfer)
        return as_json(service.proposals(transfer))

    @routes.get("/api/v1/allocations/<allocation>")
    @needs("organiser")
    @operation("One proposed allocation.", gives=Proposal, params=(ALLOCATION,), refuses=(404,))
    def proposal(allocation: str) -> Response:
        return _answer(service.proposal(allocation))

    @routes.post("/api/v1/allocations/<allocation>/apply")
    @needs("organiser")
    @operation(
        "Make the seats as proposed; again changes nothing. 409 `stale` when seats changed since: propose it again.",
        gives=Proposal,
        params=(ALLOCATION,),
        refuses=(404, 409),
    )
    def apply(allocation: str) -> Response:
        return _answer(service.apply_allocation(allocation))

    @routes.post("/api/v1/allocations/<allocation>/undo")
    @needs("organiser")
    @operation(
        "Make the seats as they were; again changes nothing.", gives=Proposal, params=(ALLOCATION,), refuses=(404, 409)
    )
    def undo(allocation: str) -> Response:
        return _answer(service.undo_allocation(allocation))

    @routes.get("/api/v1/dispatch")
    @needs("viewer")
    @operation("All runs, coaches and free seats, and what needs a decision; names for organisers.", gives=Dispatch)
    def dispatch() -> Response:
        found = service.dispatch()
        given = grant()
        if given.allows("coordinator") and not given.scope:
            return as_json(found)
        coaches = tuple(map(_without_phone, found.coaches))
        return as_json(msgspec.structs.replace(found, coaches=coaches, conflicts=None, without_seat=None))

    @routes.get("/api/v1/coaches")
    @needs("viewer")
    @operation("Every coach with its next run and where it is.", gives=list[DispatchCoach])
    def coaches() -> Response:
        found = service.coaches()
        return as_json(found if grant().allows("coordinator") else tuple(map(_without_phone, found)))

    return routes


def _without_phone(coach: DispatchCoach) -> DispatchCoach:
    """A driver's number is for who has to call."""
    return msgspec.structs.replace(coach, phone="")


def _known(deps: Deps, transfer: str) -> None:
    if transfer not in deps.transport.programme().index.transfers:
        lists = address("/api/v1/transfers")
        detail = f"There is no transfer {transfer!r} in the programme: {lists} lists them."
        raise ProblemError(404, "unknown-transfer", detail)


def _answer(done: Proposal | Impossible, status: int = 200) -> Response:
    if isinstance(done, Impossible):
        raise ProblemError(STATUS[done.kind], done.kind, done.why)
    return as_json(done, status)
