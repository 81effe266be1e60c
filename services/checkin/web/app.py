"""The web app of check-in: the board, roll calls, and the API of CONTRACT section 6."""

from collections import Counter
from pathlib import Path

from flask import Flask

from checkin.web import headcount, health, organiser, pages, persons, places, scans
from checkin.web.deps import Deps, ScannerRow
from shared.web import metrics, openapi, sign_in, sse
from shared.web.app import Site, new_app
from shared.web.day_metrics import Day, DayMetrics

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
    deps.metrics.add(DayMetrics("checkin", lambda: _day(deps), explain=deps.explain))
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


def _day(deps: Deps) -> Day:
    service = deps.checkin
    return Day(
        programme=service.programme(),
        figures=service.figures(),
        ingest_age_ms=service.health().ingest_age_ms,
        scanners=Counter(_heard(one) for one in service.scanners()),
        runs=Counter(run.state for run in deps.board.snapshot().runs),
    )


def _heard(scanner: ScannerRow) -> str:
    if scanner.heard_ms is None:
        return "unheard"
    return "online" if scanner.online else "offline"
