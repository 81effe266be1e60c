"""Alive, and ready: database and broker reachable, consumer not behind."""

import msgspec
from flask import Blueprint, Response

from checkin.web.deps import Deps
from checkin.web.parts import as_json
from checkin.web.shapes import Liveness, Readiness
from shared.web.auth import public
from shared.web.openapi import operation

INGEST_SEEN_MS = 5_000  # real milliseconds


def blueprint(deps: Deps) -> Blueprint:
    """The routes `/healthz` and `/readyz`."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    @public
    @operation("The process answers.", gives=Liveness, database=False)
    def alive() -> Response:
        return as_json(Liveness())

    @routes.get("/readyz")
    @public
    @operation("Database and broker reachable, consumer seen in the last 5 s.", gives=Readiness, refuses=(503,))
    def ready() -> Response:
        parts = readiness(deps)
        status = 200 if parts.status == "ready" else 503
        return Response(msgspec.json.encode(parts), status, content_type="application/json")

    return routes


def readiness(deps: Deps) -> Readiness:
    """How each part is."""
    health = deps.checkin.health()
    ingest = health.ingest_age_ms is not None and health.ingest_age_ms <= INGEST_SEEN_MS
    broker = deps.board.connected
    good = health.database and broker and ingest
    return Readiness(status="ready" if good else "not-ready", database=health.database, broker=broker, ingest=ingest)
