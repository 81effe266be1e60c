"""Check-in's settings, from the environment (`INLOOP_…`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from shared.clock import Clock, clock_from
from shared.env import Reader, existing_folder, switch
from shared.mqtt import BrokerAddress
from shared.secrets_store import Secrets

LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`event` None is the one that was loaded; `share`: this is one of several consumers; `database` is a URL."""

    data: Path
    database: str = field(repr=False)
    mqtt: BrokerAddress
    event: str | None
    clock: Clock
    log_level: str
    instance: str
    share: bool

    @property
    def secrets(self) -> Secrets:
        """The secrets of this installation."""
        return Secrets(self.data / "secrets")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read all settings; raises SettingsErrors with every problem at once."""
        read = Reader(environ)
        data = read.get("INLOOP_DATA", existing_folder, hint="the folder for database and secrets")
        database = read.get(
            "INLOOP_DATABASE",
            _database,
            default="",
            hint="leave it out for SQLite, or write postgresql+psycopg://user@host/database",
        )
        mqtt = read.get("INLOOP_MQTT", BrokerAddress.parse, hint="the broker, such as mqtt://127.0.0.1:1883")
        event = read.get("INLOOP_EVENT", str, default="", hint="the event, such as g40-almelo-2024")
        clock = read.get("INLOOP_CLOCK", clock_from, default=clock_from(None), hint="leave it out for the real clock")
        level = read.get("INLOOP_LOG_LEVEL", _level, default="info", hint=f"one of {', '.join(LEVELS)}")
        instance = read.get("INLOOP_INSTANCE", _instance, default="1", hint="a short name of this consumer")
        share = read.get("INLOOP_SHARE", switch, default=False, hint="1 when several consumers share the scans")
        read.done()
        return cls(
            data=data,
            database=database or f"sqlite:///{data / 'checkin.db'}",
            mqtt=mqtt,
            event=event or None,
            clock=clock,
            log_level=level,
            instance=instance,
            share=share,
        )

    def address(self, user: str) -> BrokerAddress:
        """The broker, signed in to as `user`, unless the address names a user itself."""
        if self.mqtt.username is not None:
            return self.mqtt
        return replace(self.mqtt, username=user, password=self.secrets.mqtt_password(user))


def _database(text: str) -> str:
    scheme = text.partition("://")[0]
    if scheme not in {"sqlite", "postgresql+psycopg"}:
        raise ValueError("is neither a postgresql+psycopg:// nor a sqlite:// URL")
    return text


def _level(text: str) -> str:
    if text.lower() not in LEVELS:
        raise ValueError(f"is {text!r}")
    return text.lower()


def _instance(text: str) -> str:
    if not (text.isascii() and text.isalnum() and len(text) <= 20):
        raise ValueError("is not 1 to 20 letters and digits")
    return text
