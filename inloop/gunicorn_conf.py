"""gunicorn's settings for the pages: `gunicorn -c python:inloop.gunicorn_conf --bind HOST:PORT 'inloop.wsgi:create()'`.

Each open board holds one thread for its event stream; threads are made when they are needed.
"""

from pathlib import Path
from typing import Any

worker_class = "gthread"
workers = 2
threads = 600
worker_connections = 1200
timeout = 60
graceful_timeout = 1  # event streams never end by themselves, and every browser opens them again
keepalive = 5
accesslog = None  # a query may hold a name that somebody searched for
errorlog = "-"
loglevel = "warning"
control_socket_disable = True  # supervisord is the one who starts and stops
if Path("/dev/shm").is_dir():  # noqa: S108 # memory instead of a disk for the workers' signs of life
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def on_starting(_: Any) -> None:
    """Import the applications once, before the workers fork."""
    __import__("inloop.wsgi")
