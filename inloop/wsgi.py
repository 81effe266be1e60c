"""Both services' pages in one process: check-in at the root, transport below `/transport` (CONTRACT section 6)."""

from werkzeug.middleware.dispatcher import DispatcherMiddleware

import checkin.wsgi
import transport.wsgi


def create() -> DispatcherMiddleware:
    """The WSGI application for gunicorn; settings come from the environment (`INLOOP_…`)."""
    return DispatcherMiddleware(checkin.wsgi.create(), {"/transport": transport.wsgi.create()})
