"""When everything answers, and the links to sign in with."""

from __future__ import annotations

import http.client
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from inloop.errors import Stop
from inloop.home import UpState
from inloop.up.supervise import Supervisor
from inloop.up.watch import Watch, lives
from shared.web.tokens import Role, make_token

if TYPE_CHECKING:
    from transport.wiring import Transport

READY = ("/readyz", "/transport/readyz")
LIMIT_S = 60.0
LOOK_EVERY_S = 0.05
SEATED_S = 20.0
CALM_S = 1.5  # real seconds that all must answer without a child being started anew: one that crashes does so by then
ROLES: tuple[Role, ...] = ("organiser", "coordinator", "host", "viewer")
LINK_S = 24 * 3600  # how long a link that `up` prints is good


def wait(supervisor: Supervisor, address: str, logs: Path, stop: threading.Event) -> None:
    """Wait until both services say that they are ready, or until `stop`.

    An answer between two crashes of a child is none: the same processes must answer for `CALM_S` seconds. Raises Stop
    with the log to read when a process does not come up, or keeps ending.
    """
    deadline = time.monotonic() + LIMIT_S
    watch, calm, calm_since = Watch(), None, 0.0
    while not stop.wait(LOOK_EVERY_S):
        children = supervisor.status()
        dying, _ = watch.look(children)
        if dying:
            raise Stop(f"{dying[0]} does not start: {last_line(logs / f'{dying[0]}.log')}")
        if not supervisor.running():
            raise Stop(f"the processes do not start: {last_line(logs / 'supervisor.log')}")
        answers = [_answer(address, path) for path in READY]
        running = lives(children) if all(status == 200 for status, _ in answers) else None
        if running != calm:
            calm, calm_since = running, time.monotonic()
        elif calm is not None and time.monotonic() - calm_since >= CALM_S:
            return
        if time.monotonic() > deadline:
            said = "; ".join(
                f"{path} says {text or status}" for path, (status, text) in zip(READY, answers, strict=True)
            )
            raise Stop(f"not ready after {LIMIT_S:.0f} s: {said}; the logs are in {logs}")


def wait_seated(transport: Transport, registered: int, stop: threading.Event) -> None:
    """Wait until transport has heard of everybody and given them seats: simulated guests plan their day by them.

    After `SEATED_S` seconds they start all the same, and those without a seat walk.
    """
    deadline = time.monotonic() + SEATED_S
    while time.monotonic() < deadline and not _seated(transport, registered):
        if stop.wait(LOOK_EVERY_S):
            return


def _seated(transport: Transport, registered: int) -> bool:
    for line in transport.transfers():
        view = transport.transfer(line.transfer)
        if view is None or view.totals.registered < registered:
            return False
        if view.listed + view.without_seat_count < sum(leg.expected for leg in view.legs):
            return False
    return True


def _answer(address: str, path: str) -> tuple[int, str]:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read(300).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException):
        return 0, "nothing"
    finally:
        connection.close()


def last_line(log: Path) -> str:
    """The last line of a log, with where it stands."""
    try:
        lines = log.read_text(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return f"{lines[-1][:300]} ({log})" if lines else f"see {log}"


def links(session_key: str, state: UpState) -> dict[str, str]:
    """A link to sign in with for each role, good for a day."""
    return {role: link(session_key, state, role) for role in ROLES}


def link(session_key: str, state: UpState, role: Role) -> str:
    """A link to sign in with as `role`."""
    token = make_token(session_key, event=state.event, role=role, label="up", now_s=time.time(), lifetime_s=LINK_S)
    return f"{state.http}/sign-in?token={token}"
