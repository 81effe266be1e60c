"""The data folder of one installation: what is where in it, and what the last `inloop up` wrote down."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from inloop.errors import Stop
from shared.secrets_store import Secrets

T = TypeVar("T")
BrokerKind = Literal["mosquitto", "embedded", "external"]


class UpState(msgspec.Struct, frozen=True, kw_only=True):
    """`up.json`: how `inloop up` runs, or ran last; `database` is empty for SQLite in the folder itself.

    `clock` is an `INLOOP_CLOCK`, `pids` what runs by the name of the child, empty after a clean stop.
    """

    event: str
    database: str
    broker: BrokerKind
    mqtt: str
    mqtt_host: str
    mqtt_port: int
    http: str
    clock: str = "real"
    pids: dict[str, int] = {}


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """`sim/clock.json`: the simulated moment to carry on from, and the speed it ran at."""

    at_ms: int
    speed: float


@dataclass(frozen=True)
class Home:
    """`folder` is the data folder; constructing it touches nothing."""

    folder: Path

    @property
    def secrets(self) -> Secrets:
        """Passwords and keys."""
        return Secrets(self.folder / "secrets")

    @property
    def logs(self) -> Path:
        """What the processes of `up` write."""
        return self.folder / "logs"

    @property
    def mosquitto(self) -> Path:
        """Configuration, accounts and store of the broker that `up` runs."""
        return self.folder / "mosquitto"

    @property
    def sim(self) -> Path:
        """What belongs to a simulated day."""
        return self.folder / "sim"

    def make(self) -> None:
        """Make the folder. Others may pass through it (Mosquitto runs as its own user), and list or read nothing."""
        if not self.folder.exists():
            self.folder.mkdir(parents=True)
            self.folder.chmod(0o711)
        self.logs.mkdir(exist_ok=True, mode=0o700)

    def state(self) -> UpState | None:
        """What the last `up` wrote down. Raises Stop when that cannot be read."""
        return _read(self.folder / "up.json", UpState)

    def keep_state(self, state: UpState) -> None:
        """Write down how `up` runs."""
        _write(self.folder / "up.json", msgspec.json.format(msgspec.json.encode(state)))

    def moment(self) -> Moment | None:
        """Where the simulated day stopped. Raises Stop when that cannot be read."""
        return _read(self.sim / "clock.json", Moment)

    def keep_moment(self, moment: Moment) -> None:
        """Write down where the simulated day is."""
        _write(self.sim / "clock.json", msgspec.json.encode(moment))

    def keep_private(self, path: Path, content: bytes) -> None:
        """Write a file that only its owner reads."""
        _write(path, content)


def _read(path: Path, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise Stop(f"{path} is damaged ({error}): delete it, `inloop up` writes it again") from error


def _write(path: Path, content: bytes) -> None:
    """Replace a file in one step: a reader sees the old one or the new one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
