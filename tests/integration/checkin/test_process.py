"""The consumer as a process of its own, on a real broker: a scan gets its verdict, also when it is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from checkin.settings import Settings
from checkin.wiring import CheckIn, build
from shared import codec, facts, instants, topics
from shared.mqtt import Link, Outgoing
from tests.support.brokers import SERVICES, RunningBroker
from tests.support.checkin import DAY, EVENT, PEOPLE

DEADLINE_S = 30.0


@contextmanager
def consuming(environ: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m checkin ingest`."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "checkin", "ingest"], env={**os.environ, **environ}, stderr=out, stdout=out
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(DEADLINE_S)


def service(folder: Path, broker: RunningBroker, database_url: str) -> tuple[CheckIn, dict[str, str]]:
    """Check-in with the small day, its people and the broker's passwords."""
    environ = {
        "INLOOP_DATA": str(folder),
        "INLOOP_DATABASE": database_url,
        "INLOOP_MQTT": f"mqtt://127.0.0.1:{broker.port}",
        "INLOOP_CLOCK": f"2024-01-11T09:00:00Z@1@{time.time():.3f}",
    }
    secrets = folder / "secrets" / "mqtt"
    secrets.mkdir(parents=True)
    for user in SERVICES:
        (secrets / user).write_text(broker.users[user].password)
    made = build(Settings.from_env(environ))
    made.migrate()
    made.load_programme(DAY)
    made.load_people(PEOPLE)
    return made, environ


class Scanner:
    """A device that sends scans and hears verdicts."""

    def __init__(self, broker: RunningBroker) -> None:
        self.verdicts: dict[str, facts.Verdict] = {}
        self._topic = topics.door_scan(EVENT, "scanner-1")
        self._link = Link(
            broker.address("scanner-1"),
            client_id="scanner-1",
            subscriptions=[(topics.verdict(EVENT, "scanner-1"), 1)],
        )
        self._link.start()
        assert self._link.wait_connected(10)

    def send(self, *scans: dict[str, Any]) -> None:
        """Publish scans."""
        self._link.send([Outgoing(self._topic, json.dumps(scan).encode()) for scan in scans])

    def hear(self, *scans: dict[str, Any]) -> list[facts.Verdict]:
        """Wait for the verdicts of these, asking again as a device does; in their order."""
        deadline = time.monotonic() + DEADLINE_S
        ask_again = time.monotonic() + 2
        while missing := [scan for scan in scans if scan["id"] not in self.verdicts]:
            assert time.monotonic() < deadline, f"no verdict for {len(missing)} scans"
            if time.monotonic() > ask_again:
                ask_again = time.monotonic() + 2
                self.send(*missing)
            for message in (taken := self._link.take(1000, 0.1)):
                verdict = codec.decode(message.payload, facts.Verdict)
                self.verdicts[verdict.scan] = verdict
            self._link.send(acks=taken)
        return [self.verdicts[scan["id"]] for scan in scans]

    def close(self) -> None:
        """Disconnect."""
        self._link.stop()


def scans(first: int, count: int) -> list[dict[str, Any]]:
    """Scans of the eight persons, one after another into the church and out of it."""
    start = instants.to_ms("2024-01-11T08:50:00Z")
    return [
        {
            "id": f"scan-{n:06}",
            "badge": f"badge-{n % 8 + 1}",
            "checkpoint": "kerk-in" if (n // 8) % 2 == 0 else "kerk-out",
            "at": instants.to_text(start + n),
        }
        for n in range(first, first + count)
    ]


def test_killed_in_the_middle_nothing_is_lost_and_nothing_counted_twice(
    tmp_path: Path, broker: RunningBroker, database_url: str
) -> None:
    """kill -9 while it works; a new process goes on, every scan has its verdict and is stored once."""
    checkin, environ = service(tmp_path / "data", broker, database_url)
    scanner, log, everything = Scanner(broker), tmp_path / "ingest.log", scans(0, 2000)
    try:
        with consuming(environ, log) as process:
            scanner.send(*everything)
            scanner.hear(*everything[:200])
            process.send_signal(signal.SIGKILL)
            process.wait(DEADLINE_S)
        with consuming(environ, log):
            verdicts = scanner.hear(*everything)
    finally:
        scanner.close()
    assert {v.outcome for v in verdicts} == {"admit"}
    with checkin.engine.connect() as connection:
        counts = [connection.exec_driver_sql(f"SELECT count(*) FROM {t}").scalar() for t in ("scan", "sighting")]
    assert counts == [2000, 2000]
    count = checkin.headcount()
    assert (count.underway, count.expected) == (8, 0)
    checkin.engine.dispose()


def test_it_stops_when_asked_and_says_what_is_wrong_when_it_cannot_start(tmp_path: Path) -> None:
    """Wrong settings: each on a line, exit code 2, no stack trace."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("INLOOP_")}
    done = subprocess.run(
        [sys.executable, "-m", "checkin", "ingest"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "INLOOP_DATA is not set" in done.stderr
    assert "INLOOP_MQTT is not set" in done.stderr
    assert "Traceback" not in done.stderr
