"""Settings: every problem at once, with its remedy."""

from pathlib import Path

import pytest

from checkin.settings import Settings
from shared.clock import RealClock
from shared.env import SettingsErrors


def test_all_that_is_wrong_is_said_at_once() -> None:
    """One message with a line for each setting; a password in an address is not repeated."""
    wrong = {
        "INLOOP_DATABASE": "mysql://inloop:hushhush@host/db",
        "INLOOP_MQTT": "http://broker:hushhush@host",
        "INLOOP_CLOCK": "noon",
        "INLOOP_LOG_LEVEL": "loud",
        "INLOOP_INSTANCE": "a b",
        "INLOOP_SHARE": "yes",
    }
    with pytest.raises(SettingsErrors) as stopped:
        Settings.from_env(wrong)
    said = str(stopped.value)
    assert [line.split()[0] for line in said.splitlines()] == ["INLOOP_DATA", *wrong]
    assert "hushhush" not in said


def test_what_is_left_out(tmp_path: Path) -> None:
    """SQLite in the data folder, the real clock, one consumer; the password is made here."""
    settings = Settings.from_env({"INLOOP_DATA": str(tmp_path), "INLOOP_MQTT": "mqtt://127.0.0.1"})
    assert settings.database == f"sqlite:///{tmp_path}/checkin.db"
    assert isinstance(settings.clock, RealClock)
    assert (settings.event, settings.instance, settings.share) == (None, "1", False)
    address = settings.address("checkin")
    assert (address.username, address.password) == ("checkin", settings.secrets.mqtt_password("checkin"))
    named = Settings.from_env({"INLOOP_DATA": str(tmp_path), "INLOOP_MQTT": "mqtt://me:pw@127.0.0.1"})
    assert named.address("checkin").username == "me"
