"""The web process of transport: `gunicorn 'transport.wsgi:create()'`; settings come from the environment (`INLOOP_…`).

It is to be mounted under `/transport` (CONTRACT section 6).
"""

import os
from collections.abc import Callable
from dataclasses import replace

from flask import Flask

from shared import ids, logs
from shared.mqtt import Link
from shared.sql.unavailable import unavailable
from transport.settings import Settings
from transport.web.app import create_app
from transport.web.deps import Deps
from transport.wiring import build


def create() -> Flask:
    """The application of this process; call it after the fork."""
    settings = Settings.from_env(os.environ)
    logs.configure("transport-web", level=settings.log_level)
    link = Link(settings.address("web"), client_id=f"transport-web-{ids.new_id()[-12:]}", clean=True)
    app = create_app(parts(settings, connected=lambda: link.connected))
    link.start()
    return app


def parts(settings: Settings, *, connected: Callable[[], bool]) -> Deps:
    """What the application is made of. It serves the event that is loaded now, also when another is loaded later."""
    service = build(settings)
    if service.event:
        service = replace(service, settings=replace(settings, event=service.event))
    return Deps(
        transport=service,
        connected=connected,
        clock=settings.clock,
        session_key=settings.secrets.session_key(),
        explain=unavailable,
    )
