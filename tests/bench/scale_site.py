"""The pages as gunicorn serves them, and beside them, in the same processes, the limit: a route that only answers.

gunicorn -c python:inloop.gunicorn_conf 'tests.bench.scale_site:create()'
"""

import os

from flask import Flask, Response
from werkzeug.middleware.dispatcher import DispatcherMiddleware

import inloop.wsgi


def create() -> DispatcherMiddleware:
    """The site, with `/bare/<size>`: that many bytes, made once; `/bare/process` says who answers a connection."""
    return DispatcherMiddleware(inloop.wsgi.create(), {"/bare": _bare()})


def _bare() -> Flask:
    app, made = Flask(__name__), dict[int, bytes]()

    @app.get("/<int:size>")
    def body(size: int) -> Response:
        return Response(made.setdefault(size, b"x" * size), content_type="application/json")

    @app.get("/process")
    def process() -> str:
        return str(os.getpid())

    return app
