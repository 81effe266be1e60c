"""Real brokers for the tests, on free loopback ports, each with its files in a folder of its own."""

import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from shared import broker as brokers
from shared.broker import Account
from shared.mqtt import BrokerAddress

Kind = Literal["mosquitto", "embedded"]
Protocol = Literal["3.1.1", "5"]
SERVICES: tuple[brokers.Role, ...] = ("checkin", "transport", "web", "sim")
SCANNERS = tuple(f"scanner-{number}" for number in range(1, 61))


class RunningBroker:
    """A broker process that a test may kill and start again; it keeps its ports and its files."""

    def __init__(self, kind: Kind, folder: Path) -> None:
        self.kind = kind
        self.folder = folder
        self.port, self.port_v5 = free_ports()
        self.users: dict[str, Account] = {name: Account(name, secrets.token_urlsafe(16)) for name in SERVICES}
        self.users |= {name: Account("scanner", secrets.token_urlsafe(16)) for name in SCANNERS}
        self._process: subprocess.Popen[bytes] | None = None
        if kind == "mosquitto":
            self.port_v5 = self.port
            brokers.write_mosquitto(folder, host="127.0.0.1", port=self.port, users=self.users)

    def address(self, user: str | None = None, *, protocol: Protocol = "3.1.1") -> BrokerAddress:
        """Where to connect, as one of `users`; the embedded broker has no users and a second port for MQTT 5."""
        port = self.port_v5 if protocol == "5" else self.port
        if self.kind == "embedded" or user is None:
            return BrokerAddress("127.0.0.1", port)
        return BrokerAddress("127.0.0.1", port, username=user, password=self.users[user].password)

    def start(self) -> None:
        """Start it, and wait until it listens."""
        if self.kind == "mosquitto":
            command = brokers.mosquitto_command(self.folder)
        else:
            command = brokers.embedded_command(port=self.port, port_v5=self.port_v5)
        with (self.folder / "broker.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        for port in {self.port, self.port_v5}:
            if not brokers.wait_listening("127.0.0.1", port, 15):
                self.kill9()
                raise RuntimeError(f"{self.kind} does not listen: {(self.folder / 'broker.log').read_text()[-2000:]}")

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        return self._end(signal.SIGTERM)

    def save(self) -> None:
        """Let Mosquitto write its snapshot now, as it does by itself every few seconds; the embedded one has none."""
        if self.kind == "embedded" or self._process is None:
            return
        path = self.folder / "mosquitto.db"
        before = path.stat().st_mtime_ns if path.exists() else 0
        self._process.send_signal(signal.SIGUSR1)
        deadline = time.monotonic() + 10
        while not path.exists() or path.stat().st_mtime_ns == before:
            if time.monotonic() > deadline:
                raise RuntimeError("mosquitto saved nothing")
            time.sleep(0.005)

    def kill9(self) -> None:
        """As when the power goes: no last words, nothing saved."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(number)
        return process.wait(15)


def free_ports() -> tuple[int, int]:
    """Two loopback ports that nobody listens on."""
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def require_mosquitto() -> None:
    """Skip where Mosquitto is not installed; on CI it must be."""
    if brokers.find_mosquitto() is not None:
        return
    if os.environ.get("CI") == "true":
        pytest.fail("mosquitto is not installed on CI: apt install mosquitto")
    pytest.skip("mosquitto is not installed (apt install mosquitto)")


def _running(kind: Kind, folder: Path) -> Iterator[RunningBroker]:
    if kind == "mosquitto":
        require_mosquitto()
    running = RunningBroker(kind, folder)
    running.start()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBroker]:
    """One Mosquitto for all tests of this worker: choose client ids and events that are yours alone."""
    yield from _running("mosquitto", tmp_path_factory.mktemp("mosquitto"))


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBroker]:
    """One embedded broker for all tests of this worker: choose client ids and events that are yours alone."""
    yield from _running("embedded", tmp_path_factory.mktemp("embedded"))


@pytest.fixture(params=["mosquitto", "embedded"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningBroker]:
    """Each broker in turn, new for this test, which may kill it."""
    yield from _running(request.param, tmp_path)
