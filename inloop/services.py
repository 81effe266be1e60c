"""The two services as the command line uses them: directly on their databases, also while `inloop up` runs."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from inloop.errors import Stop
from inloop.home import Home, UpState
from inloop.lock import is_held

if TYPE_CHECKING:
    from checkin.wiring import CheckIn
    from transport.wiring import Transport

DEFAULT_MQTT = "mqtt://127.0.0.1:1883"


def environment(
    home: Home, *, database: str, mqtt: str = DEFAULT_MQTT, clock: str = "real", auto_steps: bool = False
) -> dict[str, str]:
    """The `INLOOP_…` variables of the services; an empty `database` is SQLite in the folder."""
    settings = {"INLOOP_DATA": str(home.folder.resolve()), "INLOOP_MQTT": mqtt, "INLOOP_CLOCK": clock}
    if database:
        settings["INLOOP_DATABASE"] = database
    if auto_steps:
        settings["INLOOP_AUTO_STEPS"] = "1"
    for name in ("INLOOP_EVENT", "INLOOP_LOG_LEVEL"):
        if name in os.environ:
            settings[name] = os.environ[name]
    return settings


def database_of(home: Home, given: str | None = None) -> str:
    """Which database a folder's data is in: the one given, else what the last `up` used, else SQLite (empty)."""
    if given is not None:
        return given
    state = home.state()
    return os.environ.get("INLOOP_DATABASE") or (state.database if state else "")


def environment_of(home: Home) -> dict[str, str]:
    """The variables for a command beside `up`, or after it."""
    state = home.state()
    return environment(
        home, database=database_of(home), mqtt=state.mqtt if state else DEFAULT_MQTT, clock=_clock(home, state)
    )


def _clock(home: Home, state: UpState | None) -> str:
    """The clock that `up` runs on; a simulated day that is stopped stands still where it was left."""
    moment = home.moment()
    if state is None or moment is None or state.clock == "real" or is_held(home.folder / "up.lock"):
        return state.clock if state else "real"
    from shared.clock import SimulatedClock

    return SimulatedClock(start_ms=moment.at_ms, speed=1.0, anchor_s=time.time()).spec()


def open_checkin(environ: dict[str, str]) -> CheckIn:
    """Check-in on its database. Raises SettingsErrors."""
    from checkin.settings import Settings
    from checkin.wiring import build

    return build(Settings.from_env(environ))


def open_transport(environ: dict[str, str]) -> Transport:
    """Transport on its database. Raises SettingsErrors."""
    from transport.settings import Settings
    from transport.wiring import build

    return build(Settings.from_env(environ))


def loaded_checkin(home: Home) -> CheckIn:
    """Check-in with an event in it. Raises Stop when nothing was loaded yet."""
    if not home.folder.is_dir():
        raise Stop(f"there is no data folder {home.folder}: run `inloop up` first, or use --data")
    checkin = open_checkin(environment_of(home))
    checkin.migrate()
    if not checkin.event:
        raise Stop("no programme is loaded yet: inloop load programme FILE")
    return checkin
