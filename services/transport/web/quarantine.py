"""`/api/v1/quarantine`: what came from coaches and could not be used."""

from flask import Blueprint, Response

from shared.web.auth import needs
from shared.web.openapi import Param, operation
from shared.web.problems import whole
from transport.handlers.shapes import AsideList
from transport.web.deps import Deps
from transport.web.parts import as_json

MOST = 1000
LIMIT = Param(name="limit", about=f"How many at most: 1–{MOST}, 200 when left out.", kind=int)


def blueprint(deps: Deps) -> Blueprint:
    """The route."""
    routes = Blueprint("quarantine", __name__)

    @routes.get("/api/v1/quarantine")
    @needs("organiser")
    @operation("Messages that could not be used, newest first.", gives=AsideList, params=(LIMIT,), refuses=(422,))
    def quarantine() -> Response:
        return as_json(deps.transport.quarantined(whole("limit", default=200, least=1, most=MOST)))

    return routes
