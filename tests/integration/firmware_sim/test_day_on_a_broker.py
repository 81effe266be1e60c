"""A simulated day on real brokers, with every fault, against a service that only answers."""

import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from firmware_sim.fleet import Journal
from shared import instants, topics
from shared.mqtt import Link, Outgoing
from shared.programme import Programme
from tests.support.almelo import almelo, guests, people_json, renamed_scanners, seats_for
from tests.support.brokers import SCANNERS, RunningBroker

SPEED = 3000


@dataclass
class Answers:
    """Check-in and transport as a scanner sees them: every scan gets a verdict, the same for the same id."""

    broker: RunningBroker
    programme: Programme
    content: dict[str, dict[str, Any]] = field(default_factory=dict)
    came: Counter[str] = field(default_factory=Counter)
    conflicts: list[str] = field(default_factory=list)
    deaf: bool = False

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        event = self.programme.event
        self._links = [
            Link(
                self.broker.address(user),
                client_id=f"{user}-stand-in",
                subscriptions=[(f"inloop/1/{event}/scan/{way}/+", 1)],
                clean=True,
            )
            for user, way in (("checkin", "door"), ("transport", "coach"))
        ]
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        """Listen, and publish who sits where."""
        for link in self._links:
            link.start()
            assert link.wait_connected(10)
        seats = seats_for(self.programme, guests(), spare=1)  # everybody has one: nobody is waited for
        self._links[1].send(Outgoing(*self._passengers(run, persons), 1, True) for run, persons in seats.items())
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._stop.set()
        self._thread.join(10)
        for link in self._links:
            link.stop()

    def _passengers(self, run: str, persons: tuple[str, ...]) -> tuple[str, bytes]:
        transfer = self.programme.run(run).transfer
        body = {"run": run, "transfer": transfer, "persons": persons, "rev": 1, "at": "2024-01-11T07:00:00.000Z"}
        return topics.passengers(self.programme.event, run), json.dumps(body).encode()

    def _run(self) -> None:
        while not self._stop.is_set():
            for link in self._links:
                messages = link.take(500, 0.01)
                verdicts = [self._answer(message.topic, json.loads(message.payload)) for message in messages]
                link.send([] if self.deaf else verdicts, acks=messages)

    def _answer(self, topic: str, scan: dict[str, Any]) -> Outgoing:
        self.came[scan["id"]] += 1
        content = {name: value for name, value in scan.items() if name != "age_ms"}
        if self.content.setdefault(scan["id"], content) != content:
            self.conflicts.append(scan["id"])
        verdict = {"scan": scan["id"], "outcome": "admit", "reason": "welcome"}
        scanner = topics.parse(topic).name
        return Outgoing(topics.verdict(self.programme.event, scanner), json.dumps(verdict).encode(), 0)


@pytest.fixture
def answers(broker: RunningBroker) -> Iterator[Answers]:
    """The stand-in service on each broker."""
    service = Answers(broker, almelo(scanners=renamed_scanners(SCANNERS)))
    service.start()
    yield service
    service.stop()


class Played:
    """The command line, playing the day in a folder."""

    def __init__(self, folder: Path, broker: RunningBroker, programme: Programme, *options: str) -> None:
        self.state = folder / "state"
        self.truth = folder / "truth.json"
        (folder / "programme.yaml").write_bytes(programme.source)
        (folder / "people.json").write_text(people_json(guests()))
        users = {name: account.password for name, account in broker.users.items()}
        (folder / "passwords.json").write_text(json.dumps(users if broker.kind == "mosquitto" else {}))
        self._command = [
            *(sys.executable, "-m", "firmware_sim", "day"),
            *("--programme", str(folder / "programme.yaml"), "--people", str(folder / "people.json")),
            *("--passwords", str(folder / "passwords.json"), "--broker-port", str(broker.port)),
            *("--state", str(self.state), "--truth", str(self.truth), *options),
        ]

    def start(self, local: str, *, speed: float = SPEED, after_s: float = 2.0) -> subprocess.Popen[str]:
        """Start it on a clock that shows `local` (UTC, that day) after some seconds."""
        clock = f"2024-01-11T{local}:00Z@{speed:g}@{time.time() + after_s:.3f}"
        command = [*self._command, "--clock", clock]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def until(happened: Callable[[], bool], what: str, seconds: float = 30) -> None:
    """Wait for a condition, or fail saying what did not come."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"did not happen within {seconds} s: {what}"
        time.sleep(0.01)


def journal_of(played: Played) -> Journal:
    """What the devices read."""
    return Journal(played.state / "journal.jsonl")


def test_every_badge_that_was_read_reaches_the_service(tmp_path: Path, broker: RunningBroker, answers: Answers) -> None:
    """With every fault on, each reading is delivered with one content, all stores drain, and it ends by itself."""
    played = Played(tmp_path, broker, answers.programme, "--faults", "all")
    process = played.start("08:00")
    out, err = process.communicate(timeout=90)
    assert process.returncode == 0, err
    summary = json.loads(out)
    read = {reading.id for reading in journal_of(played).readings()}
    assert set(answers.content) == read
    assert answers.conflicts == []
    assert summary["drained"] is True
    assert summary["verdicts"] == {"admit welcome": len(read)}
    assert len(read) > 3000
    truth = json.loads(played.truth.read_text())
    assert truth["final"] is True
    assert truth["moments"]["16:30"]["registered"] == 312


def test_after_a_kill_the_day_goes_on_and_nothing_read_is_lost(
    tmp_path: Path, broker: RunningBroker, answers: Answers
) -> None:
    """Killed with scans that have no verdict yet, it starts again, delivers them, and passes over what it missed."""
    answers.deaf = True
    played = Played(tmp_path, broker, answers.programme, "--until", "10:30")
    first = played.start("08:30", speed=600)
    until(lambda: len(answers.content) > 50, "scans come in")
    first.kill()
    first.communicate()
    before = {reading.id for reading in journal_of(played).readings()}
    answers.deaf = False
    second = played.start("09:10", speed=600, after_s=0)
    out, err = second.communicate(timeout=90)
    assert second.returncode == 0, err
    after = journal_of(played).readings()
    assert before <= set(answers.content) == {reading.id for reading in after}
    assert json.loads(out)["drained"] is True
    missed = instants.to_ms("2024-01-11T09:05:00Z"), instants.to_ms("2024-01-11T09:10:00Z")
    assert not [reading for reading in after if missed[0] < reading.at_ms < missed[1]]


def test_sigterm_stops_it_cleanly(tmp_path: Path, broker: RunningBroker, answers: Answers) -> None:
    """It ends with 0, says what it sent, and leaves every scanner offline on the broker."""
    played = Played(tmp_path, broker, answers.programme)
    process = played.start("08:30", speed=60)
    until(lambda: len(answers.content) > 3, "scans come in")
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert json.loads(out)["sent"] > 0
    states = Link(
        broker.address("checkin"),
        client_id="states",
        subscriptions=[(f"inloop/1/{answers.programme.event}/scanner/+/state", 1)],
        clean=True,
    )
    states.start()
    online: dict[str, bool] = {}

    def all_offline() -> bool:
        for message in states.take(100, 0.05):
            online[message.topic] = json.loads(message.payload)["online"]
        return len(online) == len(answers.programme.scanners) and not any(online.values())

    with contextlib.closing(_Stopped(states)):
        until(all_offline, "the last state of every scanner is offline")


@dataclass
class _Stopped:
    link: Link

    def close(self) -> None:
        self.link.stop()


def test_one_scan_by_hand(broker: RunningBroker, answers: Answers) -> None:
    """`scan` reads one badge at a scanner and prints the verdict."""
    account = broker.users[SCANNERS[0]] if broker.kind == "mosquitto" else None
    passwords = json.dumps({SCANNERS[0]: account.password} if account else {})
    path = broker.folder / "passwords.json"
    path.write_text(passwords)
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "firmware_sim", "scan", "--event", answers.programme.event),
            *("--scanner", SCANNERS[0], "--badge", "ticket-p001", "--checkpoint", "grote-kerk-in"),
            *("--broker-port", str(broker.port), "--passwords", str(path)),
        ],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ran.returncode == 0, ran.stderr
    verdict = json.loads(ran.stdout)
    assert verdict["outcome"] == "admit"
    assert answers.content[verdict["scan"]]["badge"] == "ticket-p001"
