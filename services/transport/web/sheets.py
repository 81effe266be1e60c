"""`/api/v1/runs/<run>/sheet` and `/last-call`: all of a run for who stands beside it."""

import msgspec
from flask import Blueprint, Response

from shared.web.auth import grant, needs
from shared.web.openapi import operation
from transport.handlers.sheet_shapes import LastCall, Sheet
from transport.web.deps import Deps
from transport.web.parts import RUN, as_json, may_see_names, no_run, sheet_for


def blueprint(deps: Deps) -> Blueprint:
    """The routes."""
    routes = Blueprint("sheets", __name__)

    @routes.get("/api/v1/runs/<run>/sheet")
    @needs("viewer")
    @operation(
        "All of a run (docs/runs.md); people by name for its coordinators and organisers, else numbers.",
        gives=Sheet,
        params=(RUN,),
        refuses=(404,),
    )
    def sheet(run: str) -> Response:
        found = deps.transport.sheet(run)
        if found is None:
            raise no_run(run)
        return as_json(sheet_for(found))

    @routes.get("/api/v1/runs/<run>/last-call")
    @needs("viewer")
    @operation(
        "The wait-or-go card: who is missing, where there is room after this, and what a delay touches.",
        gives=LastCall,
        params=(RUN,),
        refuses=(404,),
    )
    def last_call(run: str) -> Response:
        found = deps.transport.last_call(run)
        if found is None:
            raise no_run(run)
        return as_json(found if may_see_names(grant(), run) else msgspec.structs.replace(found, missing=None))

    return routes
