"""Pages serve one event: the one that was loaded when they started."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import checkin.settings
import checkin.wiring
import checkin.wsgi
import transport.settings
import transport.wiring
import transport.wsgi

EXAMPLE = Path(__file__).parents[3] / "examples" / "almelo" / "programme.yaml"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A data folder with nothing in it."""
    return {"INLOOP_DATA": str(tmp_path), "INLOOP_MQTT": "mqtt://127.0.0.1:1"}


def _programme(event: str) -> bytes:
    draft: dict[str, Any] = yaml.safe_load(EXAMPLE.read_text())
    return json.dumps({**draft, "event": event}, default=str).encode()


def test_another_event_that_is_loaded_later_is_not_shown_to_who_signed_in_for_this_one(environ: dict[str, str]) -> None:
    """A token of the first event must not open the numbers of the second."""
    door = checkin.wiring.build(checkin.settings.Settings.from_env(environ))
    coach = transport.wiring.build(transport.settings.Settings.from_env(environ))
    for service in (door, coach):
        service.migrate()
        service.load_programme(_programme("first-day"))
    pages = checkin.wsgi.parts(checkin.settings.Settings.from_env(environ)).checkin
    trips = transport.wsgi.parts(transport.settings.Settings.from_env(environ), connected=lambda: True).transport
    for service in (door, coach):
        service.load_programme(_programme("second-day"))
        assert service.event == "second-day"
    assert pages.event == trips.event == "first-day"
    assert pages.programme().event == "first-day"
    for service in (door, coach):
        service.engine.dispose()
