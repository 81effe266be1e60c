"""The whole of Inloop as separate processes on this machine: broker, both services, pages, fleet; any may be killed."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import checkin.settings
import checkin.wiring
import transport.settings
import transport.wiring
from shared import broker as brokers
from shared import instants
from shared.clock import SimulatedClock
from shared.people import read_people
from shared.programme import load_programme
from shared.secrets_store import Secrets
from shared.web.tokens import Role, make_token
from tests.support.brokers import Kind, RunningBroker, free_ports, require_mosquitto

EXAMPLE = Path(__file__).parents[2] / "examples" / "almelo"
LEAD_S = 8.0  # real seconds for all processes to come up, in which the clock stands before the first guest


class Site:
    """One installation in `folder`: migrated, loaded with a day (that in Almelo), nothing started yet.

    `day` is a folder with `programme.yaml` and `people.csv`. `auto_steps` off: coordinators drive the runs.
    """

    def __init__(
        self,
        folder: Path,
        *,
        kind: Kind,
        database: str | None,
        speed: float,
        day: Path = EXAMPLE,
        auto_steps: bool = True,
    ) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.data.mkdir(parents=True)
        self._day = day
        self.programme = load_programme(day / "programme.yaml")
        self.secrets = Secrets(self.data / "secrets")
        self.port, _ = free_ports()
        start_ms = self.programme.first_item_ms - 10 * 60_000
        self.clock = SimulatedClock(start_ms=start_ms, speed=speed, anchor_s=time.time() + LEAD_S)
        self.broker = self._broker(kind)
        self.environ = {
            **os.environ,
            "INLOOP_DATA": str(self.data),
            "INLOOP_MQTT": f"mqtt://127.0.0.1:{self.broker.port}",
            "INLOOP_CLOCK": self.clock.spec(),
            "INLOOP_AUTO_STEPS": "1" if auto_steps else "0",
            **({"INLOOP_DATABASE": database} if database else {}),
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._load()

    def _broker(self, kind: Kind) -> RunningBroker:
        if kind == "mosquitto":
            require_mosquitto()
        (self.folder / "broker").mkdir()
        broker = RunningBroker(kind, self.folder / "broker")
        for name in broker.users:
            broker.users[name] = brokers.Account(broker.users[name].role, self.secrets.mqtt_password(name))
        for scanner in self.programme.scanners:
            broker.users[scanner.id] = brokers.Account("scanner", self.secrets.mqtt_password(scanner.id))
        if kind == "mosquitto":
            brokers.write_mosquitto(broker.folder, host="127.0.0.1", port=broker.port, users=broker.users)
        return broker

    def _load(self) -> None:
        service = self._checkin()
        service.migrate()
        service.load_programme(self.programme.source)
        service.load_people(read_people(self._day / "people.csv"))
        other = transport.wiring.build(transport.settings.Settings.from_env(self.environ))
        other.migrate()
        other.load_programme(self.programme.source)
        people = [
            {"person": b.person, "badge": b.code, "groups": sorted(b.groups), "organisation": b.organisation}
            for b in service.badges()
        ]
        self.names = {b.person: b.name for b in service.badges()}
        for engine in (service.engine, other.engine):
            engine.dispose()
        (self.folder / "people.json").write_text(json.dumps(people))

    def _checkin(self) -> checkin.wiring.CheckIn:
        return checkin.wiring.build(checkin.settings.Settings.from_env(self.environ))

    # -- processes -----------------------------------------------------------------------------------

    def start(self, *, faults: str = "all", seed: int = 1) -> None:
        """Start everything, the fleet when the pages say that they are ready."""
        self.start_services()
        where = ["--broker-port", str(self.broker.port), "--passwords", str(self.data / "secrets" / "mqtt")]
        files = ["--programme", str(self._day / "programme.yaml"), "--people", str(self.folder / "people.json")]
        keep = ["--state", str(self.folder / "fleet"), "--truth", str(self.folder / "truth.json")]
        play = ["--clock", self.clock.spec(), "--faults", faults, "--seed", str(seed)]
        self._run("fleet", ["-m", "firmware_sim", "day", *files, *where, *keep, *play])

    def start_incidents(self, *, weather: str, seed: int) -> None:
        """Play what goes wrong at the kerb; needs `auto_steps` off, and seats."""
        (self.folder / "tokens.json").write_text(json.dumps({"*": self.token("organiser")}))
        files = ["--programme", str(self._day / "programme.yaml"), "--people", str(self.folder / "people.json")]
        where = ["--origin", self.origin, "--tokens", str(self.folder / "tokens.json")]
        play = ["--clock", self.clock.spec(), "--weather", weather, "--seed", str(seed)]
        self._run("incidents", ["-m", "firmware_sim", "incidents", *files, *where, *play])

    def start_services(self) -> None:
        """Start everything but the fleet; returns when the pages say that they are ready."""
        self.broker.start()
        self.start_one("checkin")
        self.start_one("transport")
        gunicorn = ["-m", "gunicorn", "-c", "python:inloop.gunicorn_conf", "--bind", f"127.0.0.1:{self.port}"]
        self._run("web", [*gunicorn, "inloop.wsgi:create()"])
        wait_for(lambda: self.status("/readyz") == self.status("/transport/readyz") == 200, 30, "not ready")

    def start_one(self, service: str) -> None:
        """Start the consumer of a service."""
        self._run(service, ["-m", service, "ingest"])

    def add_scanner(self, scanner: str, checkpoint: str) -> None:
        """Let another scanner in while everything runs."""
        service = self._checkin()
        service.add_scanner(scanner, checkpoint)
        service.engine.dispose()
        brokers.add_scanner(self.broker.folder, scanner, self.secrets.mqtt_password(scanner))

    def kill9(self, name: str) -> None:
        """As when the power goes."""
        process = self._processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait(10)

    def fleet_ended(self) -> int | None:
        """The exit code of the fleet, None while it plays."""
        return self._processes["fleet"].poll()

    def incidents_ended(self) -> int | None:
        """The exit code of what plays the incidents, None while it plays."""
        return self._processes["incidents"].poll()

    def stop(self) -> None:
        """Stop everything that still runs."""
        for process in reversed(self._processes.values()):
            process.terminate()
        for process in self._processes.values():
            process.wait(20)
        self.broker.stop()

    def log(self, name: str) -> str:
        """What a process wrote."""
        return (self.folder / f"{name}.log").read_text()

    def _run(self, name: str, arguments: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, *arguments], env=self.environ, stdout=log, stderr=log, cwd=self.folder
            )

    # -- asking ----------------------------------------------------------------------------------------

    def truth(self) -> dict[str, Any]:
        """Where everybody must be at the moments that the fleet was asked for, by local time."""
        truth: dict[str, Any] = json.loads((self.folder / "truth.json").read_text())
        assert truth["final"], "the fleet did not get a verdict for every scan"
        moments: dict[str, Any] = truth["moments"]
        return moments

    def at(self, local: str) -> int:
        """The moment of a local time HH:MM on the day, in milliseconds."""
        hours, minutes = map(int, local.split(":"))
        midnight = self.programme.local(self.programme.first_item_ms).replace(hour=0, minute=0, second=0)
        return instants.of(midnight.replace(hour=hours, minute=minutes))

    def get(self, path: str, *, role: Role = "organiser") -> Any:
        """A JSON answer of the API, with a token."""
        return json.loads(self._open(path, {"Authorization": f"Bearer {self.token(role)}"}))

    def token(self, role: Role, *scope: str) -> str:
        """A token that is good for an hour."""
        return make_token(
            self.secrets.session_key(),
            event=self.programme.event,
            role=role,
            scope=scope,
            label="test",
            now_s=time.time(),
            lifetime_s=3600,
        )

    @property
    def origin(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.port}"

    def status(self, path: str) -> int:
        """The HTTP status of a path without a token; 0 when nobody answers."""
        try:
            self._open(path, {})
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0
        return 200

    def _open(self, path: str, headers: Mapping[str, str]) -> bytes:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=dict(headers))
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 # http, as put together above
            body: bytes = answer.read()
            return body


def wait_for(condition: Callable[[], bool], seconds: float, otherwise: str) -> None:
    """Wait until a condition holds; fails with `otherwise` after `seconds`."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, otherwise
        time.sleep(0.05)
