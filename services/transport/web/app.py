"""The web app of transport: the API of CONTRACT section 6 below `/transport`."""

from collections import Counter
from pathlib import Path

from flask import Flask

from shared.web import metrics, openapi
from shared.web.app import Site, new_app
from shared.web.day_metrics import Day, DayMetrics
from transport.web import (
    acts,
    allocations,
    dispatch_page,
    feeds,
    health,
    papers,
    parties,
    party_page,
    quarantine,
    run_page,
    runs,
    scans,
    sheets,
    transfer_page,
    transfers,
)
from transport.web.deps import Deps, Transport

HERE = Path(__file__).parent
VERSION = "1"


def create_app(deps: Deps) -> Flask:
    """Put it together; connects to nothing."""
    site = Site(
        service="transport",
        event=deps.transport.event,
        session_key=deps.session_key,
        zone=lambda: deps.transport.programme().zone,
        clock=deps.clock,
        metrics=deps.metrics,
        explain=deps.explain,
    )
    app = new_app(site, __name__, folder=HERE)
    deps.metrics.add(DayMetrics("transport", lambda: _day(deps.transport), explain=deps.explain))
    for blueprint in (
        dispatch_page.blueprint(deps),
        transfer_page.blueprint(deps),
        party_page.blueprint(deps),
        run_page.blueprint(deps),
        transfers.blueprint(deps),
        runs.blueprint(deps),
        sheets.blueprint(deps),
        acts.blueprint(deps),
        parties.blueprint(deps),
        allocations.blueprint(deps),
        feeds.blueprint(deps),
        papers.blueprint(deps),
        quarantine.blueprint(deps),
        scans.blueprint(deps),
        health.blueprint(deps),
        openapi.blueprint(title="Inloop transport", version=VERSION),
        metrics.blueprint(deps.metrics),
    ):
        app.register_blueprint(blueprint)
    return app


def _day(service: Transport) -> Day:
    return Day(
        programme=service.programme(),
        figures=service.figures(),
        ingest_age_ms=service.health().ingest_age_ms,
        scanners={},  # check-in lets them in and hears them
        runs=Counter(service.run_states().values()),
    )
