"""`/api/v1/headcount`: how many persons are at each place, now or at any moment of the past."""

from flask import Blueprint, Response

from checkin.web.deps import Deps
from checkin.web.parts import as_json
from shared import facts
from shared.web.auth import needs
from shared.web.moments import AT, at_ms
from shared.web.openapi import operation


def blueprint(deps: Deps) -> Blueprint:
    """The route."""
    routes = Blueprint("headcount", __name__)

    @routes.get("/api/v1/headcount")
    @needs("viewer")
    @operation("The headcount, now or at any moment.", gives=facts.Headcount, params=(AT,), refuses=(422,))
    def headcount() -> Response:
        return as_json(deps.checkin.headcount(at_ms()))

    return routes
