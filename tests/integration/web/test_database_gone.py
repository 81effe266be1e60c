"""The database is gone, full, or still empty: every call says so, and nobody thinks that something was stored."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from structlog.testing import capture_logs

import checkin.settings
import checkin.wsgi
import transport.settings
import transport.wsgi
from checkin.web.app import create_app as checkin_app
from checkin.wiring import CheckIn
from shared.secrets_store import Secrets
from shared.web.tokens import make_token
from tests.support.brokers import free_ports
from tests.support.pages import EVENT, EXAMPLE
from transport.web.app import create_app as transport_app
from transport.wiring import Transport

SCAN = {"id": "gone-0001", "badge": "IL1:X", "checkpoint": "grote-kerk-in", "at": "2024-01-11T09:41:07.120+01:00"}
CALLS = [
    ("checkin", "GET", "/api/v1/headcount"),
    ("checkin", "GET", "/api/v1/places/grote-kerk/roll-call"),
    ("checkin", "GET", "/api/v1/persons?q=zoe"),
    ("checkin", "POST", "/api/v1/scans"),
    ("transport", "GET", "/api/v1/transfers/t1"),
    ("transport", "GET", "/api/v1/runs/t1-b1/passengers"),
    ("transport", "POST", "/api/v1/runs/t1-b1/open"),
    ("transport", "POST", "/api/v1/scans"),
]
Apps = dict[str, Flask]


class Made:
    """Both web apps as their processes put them together, and a token for them."""

    def __init__(self, folder: Path, database: str) -> None:
        environ = {
            "INLOOP_DATA": str(folder),
            "INLOOP_DATABASE": database,
            "INLOOP_MQTT": "mqtt://127.0.0.1:1883",
            "INLOOP_EVENT": EVENT,
        }
        mine = checkin.wsgi.parts(checkin.settings.Settings.from_env(environ))
        other = transport.wsgi.parts(transport.settings.Settings.from_env(environ), connected=lambda: False)
        assert isinstance(mine.checkin, CheckIn)
        assert isinstance(other.transport, Transport)
        self.services: dict[str, CheckIn | Transport] = {"checkin": mine.checkin, "transport": other.transport}
        self.apps: Apps = {"checkin": checkin_app(mine), "transport": transport_app(other)}
        key = Secrets(folder / "secrets").session_key()
        token = make_token(key, event=EVENT, role="organiser", label="test", now_s=time.time(), lifetime_s=600)
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(self, service: str, method: str, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Status, headers and text."""
        content = [SCAN] if path.endswith("scans") else {}
        answer = (
            self.apps[service]
            .test_client()
            .open(path, method=method, json=content if method == "POST" else None, headers=self.headers | headers)
        )
        return answer.status_code, dict(answer.headers), answer.text


def nowhere(folder: Path, kind: str) -> str:
    """The URL of a database that cannot be reached."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'gone' / 'inloop.db'}"
    return f"postgresql+psycopg://nobody@127.0.0.1:{free_ports()[0]}/inloop"


@pytest.fixture(params=["sqlite", "postgresql"])
def gone(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    """Apps whose database is not there."""
    return Made(tmp_path, nowhere(tmp_path, request.param))


@pytest.mark.parametrize(("service", "method", "path"), CALLS)
def test_a_call_without_its_database_is_a_503_that_says_so(gone: Made, service: str, method: str, path: str) -> None:
    """A problem with Retry-After and the remedy; one line in the log, without a traceback."""
    with capture_logs() as logs:
        status, headers, text = gone.ask(service, method, path)
    problem = json.loads(text)
    assert (status, headers["Content-Type"]) == (503, "application/problem+json")
    assert int(headers["Retry-After"]) > 0
    assert problem["type"] == "urn:inloop:problem:database-unreachable"
    assert "The database is not reachable" in problem["detail"]
    assert ("nothing of this request" in problem["detail"]) is (method == "POST")
    assert ("send it again" in problem["detail"]) is (method == "POST")
    assert [(line["event"], "exc_info" in line) for line in logs] == [("cannot answer now", False)]


def test_a_page_without_its_database_is_a_page(gone: Made) -> None:
    """HTML in the reader's language, not a problem in JSON."""
    for path in ("/", "/places/grote-kerk"):
        status, headers, dutch = gone.ask("checkin", "GET", path, Accept="text/html", **{"Accept-Language": "nl"})
        assert (status, headers["Content-Type"]) == (503, "text/html; charset=utf-8")
        assert int(headers["Retry-After"]) > 0
        assert "De database is niet bereikbaar" in dutch
        assert "The database is not reachable" in gone.ask("checkin", "GET", f"{path}?lang=en", Accept="text/html")[2]


def _full(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA max_page_count = 1")  # SQLite then takes what is there now as the most
    cursor.close()


@pytest.fixture
def loaded(tmp_path: Path) -> Callable[[bool], Made]:
    """Apps on SQLite files of their own, migrated; with the Almelo day or without."""

    def make(with_programme: bool) -> Made:
        made = Made(tmp_path, "")
        for service in made.services.values():
            service.migrate()
            if with_programme:
                service.load_programme(EXAMPLE.read_bytes())
        return made

    return make


@pytest.mark.parametrize("service", ["checkin", "transport"])
def test_a_full_disk_is_said_to_be_full(loaded: Callable[[bool], Made], service: str) -> None:
    """What is read still works; a write says that nothing was confirmed, and that there is no room."""
    made = loaded(True)
    engine = made.services[service].engine
    engine.dispose()
    event.listen(engine, "connect", _full)
    scans = [SCAN | {"id": f"full-{number:04}", "checkpoint": "coach-b1"} for number in range(500)]
    client = made.apps[service].test_client()
    answer = client.post("/api/v1/scans", json=scans, headers=made.headers)
    problem = json.loads(answer.text)
    assert (answer.status_code, problem["type"]) == (503, "urn:inloop:problem:database-full")
    assert "nothing of this request" in problem["detail"]
    assert "make room" in problem["detail"]
    assert made.ask(service, "GET", "/api/v1/headcount" if service == "checkin" else "/api/v1/transfers")[0] == 200
    engine.dispose()


@pytest.mark.parametrize(("service", "method", "path"), [call for call in CALLS if "persons" not in call[2]])
def test_without_a_programme_the_remedy_is_to_load_one(
    loaded: Callable[[bool], Made], service: str, method: str, path: str
) -> None:
    """503, not a surprise."""
    status, headers, text = loaded(False).ask(service, method, path)
    problem = json.loads(text)
    assert (status, problem["type"]) == (503, "urn:inloop:problem:nothing-loaded")
    assert "inloop load programme FILE" in problem["detail"]
    assert int(headers["Retry-After"]) > 0


def test_the_board_without_a_programme_says_how_to_load_one(loaded: Callable[[bool], Made]) -> None:
    """A page, in the reader's language."""
    status, _, page = loaded(False).ask("checkin", "GET", "/", Accept="text/html", **{"Accept-Language": "nl"})
    assert status == 503
    assert "Er is nog geen programma" in page
    assert "inloop load programme" in page


def test_the_document_names_503_for_every_call_that_uses_the_database(loaded: Callable[[bool], Made]) -> None:
    """And not for those that do not."""
    made = loaded(True)
    for service in made.apps:
        document = json.loads(made.ask(service, "GET", "/api/v1/openapi.json")[2])
        without = {
            path
            for path, methods in document["paths"].items()
            if any("503" not in one["responses"] for one in methods.values())
        }
        assert without == {"/healthz", "/metrics", "/api/v1/openapi.json"}
