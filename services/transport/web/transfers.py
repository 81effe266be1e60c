"""`/api/v1/transfers`: per leg and run who is listed, aboard, missing and arrived, now or at any past moment."""

from flask import Blueprint, Response

from shared import facts
from shared.web.auth import grant, needs
from shared.web.moments import AT, at_ms
from shared.web.openapi import Param, operation
from shared.web.problems import ProblemError, address
from transport.handlers.shapes import TransferLine, TransferView
from transport.web.deps import Deps
from transport.web.parts import as_json, may_see_names, transfer_for

KNOWN = Param(
    name="known", about="By what was known at this moment; by all that is known now when left out.", kind=facts.Moment
)
TRANSFER = Param(name="transfer", about="A transfer, such as t1.", where="path")


def blueprint(deps: Deps) -> Blueprint:
    """The routes."""
    routes = Blueprint("transfers", __name__)

    @routes.get("/api/v1/transfers")
    @needs("viewer")
    @operation("The transfers of the day with their runs.", gives=list[TransferLine])
    def transfers() -> Response:
        return as_json(deps.transport.transfers())

    @routes.get("/api/v1/transfers/<transfer>")
    @needs("viewer")
    @operation(
        "One transfer: per leg and run listed, aboard, missing by name with last place and time, arrived; "
        "per location before, left, arrived. Names for coordinators and organisers, else null.",
        gives=TransferView,
        params=(TRANSFER, AT, KNOWN),
        refuses=(404, 422),
    )
    def transfer(transfer: str) -> Response:
        moment, known = at_ms(), at_ms("known")
        view = _now(transfer) if moment is None and known is None else _then(transfer, moment, known)
        if view is None:
            lists = address("/api/v1/transfers")
            detail = f"There is no transfer {transfer!r} in the programme: {lists} lists them."
            raise ProblemError(404, "unknown-transfer", detail)
        return view

    def _now(transfer: str) -> Response | None:
        given = grant()
        everybody = given.allows("coordinator") and not given.scope
        now = deps.transport.transfer_now(transfer, sees=lambda run: may_see_names(given, run), everybody=everybody)
        return None if now is None else Response(now, content_type="application/json")

    def _then(transfer: str, moment: int | None, known: int | None) -> Response | None:
        view = deps.transport.transfer(transfer, moment, known)
        return None if view is None else as_json(transfer_for(view))

    return routes
