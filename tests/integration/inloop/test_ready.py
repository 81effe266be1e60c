"""When `up` may say that it is ready."""

import os
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from inloop.errors import Stop
from inloop.up import ready
from inloop.up.supervise import Program, Supervisor


class AlwaysReady(BaseHTTPRequestHandler):
    """Pages that find a sign of life at every look."""

    def do_GET(self) -> None:  # the server's own word
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 # the server's own word
        """Nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    """Where the pages are."""
    with ThreadingHTTPServer(("127.0.0.1", 0), AlwaysReady) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[int]:
    """An open file to hand over."""
    handle = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    yield handle
    os.close(handle)


@pytest.mark.parametrize("lives_s", [0.3, 1.3])
def test_an_answer_between_two_crashes_is_not_ready(address: str, lock: int, tmp_path: Path, lives_s: float) -> None:
    """A child that dies again and again is named with its last words, although the pages say that all is well."""
    (tmp_path / "logs").mkdir()
    words = f"import sys, time; time.sleep({lives_s}); sys.exit('ValueError: a topic with wildcards')"
    supervisor = Supervisor(tmp_path)
    program = Program(name="checkin-ingest", command=[sys.executable, "-c", words], rank=1)
    supervisor.start([program], environ=os.environ, lock=lock)
    try:
        with pytest.raises(Stop, match="checkin-ingest does not start: ValueError: a topic with wildcards"):
            ready.wait(supervisor, address, tmp_path / "logs", threading.Event())
    finally:
        supervisor.stop()


def test_children_that_stay_are_ready(address: str, lock: int, tmp_path: Path) -> None:
    """What runs and answers is ready; a child that is started later is not waited for."""
    (tmp_path / "logs").mkdir()
    sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
    programs = [
        Program(name="web", command=sleep, rank=1),
        Program(name="fleet", command=sleep, rank=2, autostart=False),
    ]
    supervisor = Supervisor(tmp_path)
    supervisor.start(programs, environ=os.environ, lock=lock)
    try:
        ready.wait(supervisor, address, tmp_path / "logs", threading.Event())
        assert {name: status.state for name, status in supervisor.status().items()} == {
            "web": "RUNNING",
            "fleet": "STOPPED",
        }
    finally:
        supervisor.stop()
