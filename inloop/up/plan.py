"""Which children `up` runs, as plain values."""

import sys
from collections.abc import Sequence
from pathlib import Path

from inloop.ports import in_url
from inloop.up.broker import Broker
from inloop.up.supervise import Program

PYTHON = (sys.executable, "-P")  # the data folder is where they run: nothing is imported from it
FLEET = "fleet"


def children(broker: Broker, broker_command: Sequence[str] | None, *, host: str, port: int) -> list[Program]:
    """The broker when it is ours, the two consumers, and the pages."""
    consumers = [
        Program(name=f"{service}-ingest", command=[*PYTHON, "-m", service, "ingest"], rank=20)
        for service in ("checkin", "transport")
    ]
    own = [] if broker_command is None else [Program(name="broker", command=broker_command, rank=10)]
    return [*own, *consumers, Program(name="web", command=gunicorn(host, port), rank=30)]


def gunicorn(host: str, port: int) -> list[str]:
    """The pages of both services; settings are in `inloop/gunicorn_conf.py`."""
    bind = f"{in_url(host)}:{port}"
    return [*PYTHON, "-m", "gunicorn", "-c", "python:inloop.gunicorn_conf", "--bind", bind, "inloop.wsgi:create()"]


def fleet(broker: Broker, *, sim: Path, passwords: Path, clock: str) -> Program:
    """The simulated scanners with their day; paths absolute. It starts when everything else is ready."""
    files = ["--programme", sim / "programme.yaml", "--people", sim / "people.json", "--state", sim / "state"]
    where = ["--broker-host", broker.near, "--broker-port", str(broker.port), "--passwords", passwords]
    command = [*PYTHON, "-m", "firmware_sim", "day", *map(str, files + where), "--clock", clock, "--stay"]
    return Program(name=FLEET, command=command, rank=40, autostart=False)
