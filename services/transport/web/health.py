"""Alive, and ready: database and broker reachable, consumer not behind."""

from typing import Literal

import msgspec
from flask import Blueprint, Response

from shared.web.auth import public
from shared.web.openapi import operation
from transport.web.deps import Deps
from transport.web.parts import as_json

INGEST_SEEN_MS = 5_000  # real milliseconds


class Liveness(msgspec.Struct, frozen=True, kw_only=True):
    """The process answers."""

    status: Literal["alive"] = "alive"


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """How each part is."""

    status: Literal["ready", "not-ready"]
    database: bool
    broker: bool
    ingest: bool


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
        return as_json(parts, 200 if parts.status == "ready" else 503)

    return routes


def readiness(deps: Deps) -> Readiness:
    """How each part is."""
    health = deps.transport.health()
    ingest = health.ingest_age_ms is not None and health.ingest_age_ms <= INGEST_SEEN_MS
    broker = deps.connected()
    good = health.database and broker and ingest
    return Readiness(status="ready" if good else "not-ready", database=health.database, broker=broker, ingest=ingest)
