"""The web process of check-in: `gunicorn 'checkin.wsgi:create()'`; settings come from the environment (`INLOOP_…`)."""

import os
from dataclasses import replace

from flask import Flask

from checkin.settings import Settings
from checkin.web.app import create_app
from checkin.web.deps import Deps
from checkin.wiring import CheckIn, build
from shared import ids, logs
from shared.mqtt import Link
from shared.sql.unavailable import unavailable
from shared.web.board import SUBSCRIPTIONS, Board

PULSE_MS = 5_000  # a consumer that gave no sign of life for so long does not make numbers any more


def create() -> Flask:
    """The application of this process, following the board; call it after the fork."""
    settings = Settings.from_env(os.environ)
    logs.configure("checkin-web", level=settings.log_level)
    deps = parts(settings)
    app = create_app(deps)
    deps.board.start()
    deps.board.close_at_sigterm()
    return app


def parts(settings: Settings) -> Deps:
    """What the application is made of. It serves the event that is loaded now, also when another is loaded later."""
    service = build(settings)
    if service.event:
        service = replace(service, settings=replace(settings, event=service.event))
    return Deps(
        checkin=service,
        board=_board(settings, service),
        clock=settings.clock,
        session_key=settings.secrets.session_key(),
        explain=unavailable,
    )


def _board(settings: Settings, service: CheckIn) -> Board:
    link = Link(
        settings.address("web"),
        client_id=f"checkin-web-{ids.new_id()[-12:]}",
        subscriptions=SUBSCRIPTIONS,
        clean=True,
        now_ms=settings.clock.now_ms,
    )

    def pulse() -> bool:
        age = service.health().ingest_age_ms
        return age is not None and age <= PULSE_MS

    return Board(link, event=service.event, now_ms=settings.clock.now_ms, pulse=pulse)
