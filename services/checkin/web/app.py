"""The web app of check-in: the board, roll calls, and the API of CONTRACT section 6."""

from pathlib import Path

from flask import Flask

from checkin.web import headcount, health, organiser, pages, persons, places, scans
from checkin.web.deps import Deps
from shared.web import metrics, openapi, sign_in, sse
from shared.web.app import Site, new_app

HERE = Path(__file__).parent
VERSION = "1"


def create_app(deps: Deps) -> Flask:
    """Put it together; connects to nothing (`deps.board.start()` does, once in each process)."""
    event = deps.checkin.event
    site = Site(
        service="checkin",
        event=event,
        session_key=deps.session_key,
        zone=lambda: deps.checkin.programme().zone,
        clock=deps.clock,
        metrics=deps.metrics,
        explain=deps.explain,
    )
    app = new_app(site, __name__, folder=HERE)
    deps.metrics.gauge("inloop_board_live", "1 when the board shows live numbers.", lambda: float(deps.board.live))
    for blueprint in (
        pages.blueprint(deps),
        headcount.blueprint(deps),
        sse.blueprint(deps.board, deps.metrics, most=deps.most_streams, heartbeat_s=deps.heartbeat_s),
        places.blueprint(deps),
        persons.blueprint(deps),
        scans.blueprint(deps),
        organiser.blueprint(deps),
        health.blueprint(deps),
        sign_in.blueprint(session_key=deps.session_key, event=event),
        openapi.blueprint(title="Inloop check-in", version=VERSION),
        metrics.blueprint(deps.metrics),
    ):
        app.register_blueprint(blueprint)
    return app
