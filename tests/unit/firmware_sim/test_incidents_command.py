"""The command that plays the incidents: what it asks for, and what it says when something is missing."""

import argparse
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from firmware_sim import incidents_command
from tests.support.almelo import EXAMPLE, almelo, guests, people_json, seats_for

LISTS = seats_for(almelo(), guests())


@contextmanager
def passenger_lists(*, with_names: bool) -> Iterator[str]:
    """A service that only knows who sits where; gives its origin."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            run = self.path.split("/")[-2]
            persons = [{"person": person} for person in LISTS[run]] if with_names else None
            body = json.dumps({"run": run, "persons": persons}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def options(folder: Path, origin: str) -> argparse.Namespace:
    """The command's options, as its parser reads them; it is only to write the script."""
    (folder / "people.json").write_text(people_json(guests()))
    (folder / "tokens.json").write_text(json.dumps({"*": "a token"}))
    parser = argparse.ArgumentParser()
    incidents_command.add_to(parser.add_subparsers())
    files = ["--programme", str(EXAMPLE / "programme.yaml"), "--people", str(folder / "people.json")]
    where = ["--origin", origin, "--tokens", str(folder / "tokens.json"), "--script", str(folder / "script.json")]
    return parser.parse_args(["incidents", *files, *where])


def test_it_writes_what_would_happen_and_plays_nothing(tmp_path: Path) -> None:
    """From the passenger lists as they are now."""
    with passenger_lists(with_names=True) as origin:
        assert incidents_command.run(options(tmp_path, origin), is_over=lambda: False) == 0
    told = json.loads((tmp_path / "script.json").read_text())
    assert [one["at"] for one in told["deeds"] if one.get("step") == "halt"] == ["2024-01-11T10:41:00.000Z"]


def test_a_token_that_sees_numbers_only_is_not_enough(tmp_path: Path) -> None:
    """It says whose is."""
    with (
        passenger_lists(with_names=False) as origin,
        pytest.raises(ValueError, match="give desk one of an organiser"),
    ):
        incidents_command.run(options(tmp_path, origin), is_over=lambda: False)


def test_nobody_at_the_origin_is_an_oserror(tmp_path: Path) -> None:
    """Which the command line says in one line."""
    with passenger_lists(with_names=True) as origin:
        asked = options(tmp_path, origin)
    with pytest.raises(OSError, match="refused"):
        incidents_command.run(asked, is_over=lambda: False)
