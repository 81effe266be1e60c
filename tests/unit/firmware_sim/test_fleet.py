"""Devices and fleet on pipes without a broker and a clock that only a test moves."""

import json
import random
import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from firmware_sim.device import Device, Pipe, limits_for, provisioned
from firmware_sim.faults import Mangler, Switch
from firmware_sim.fleet import Cursor, Fleet, Journal, timeline_of
from firmware_sim.store import FileStore
from firmware_sim.walk import Step
from shared.mqtt import Message, Outgoing


class Service:
    """The other end of every pipe: keeps what comes, and answers scans while it is not deaf."""

    def __init__(self) -> None:
        self.scans: list[dict[str, Any]] = []
        self.states: dict[str, list[bool]] = {}
        self.deaf = False
        self.up = True

    def receive(self, pipe: "FakePipe", outgoing: Outgoing) -> None:
        """A message came."""
        body = json.loads(outgoing.payload)
        if outgoing.topic.endswith("/state"):
            self.states.setdefault(outgoing.topic.split("/")[-2], []).append(body["online"])
            return
        assert (outgoing.qos, outgoing.retain) == (1, False)
        self.scans.append(body)
        if not self.deaf:
            verdict = {"scan": body["id"], "outcome": "admit", "reason": "welcome"}
            topic = outgoing.topic.replace("scan/door", "verdict").replace("scan/coach", "verdict")
            pipe.inbox.append(Message(topic, json.dumps(verdict).encode()))


class FakePipe:
    """A link of which the other end is a `Service`; what is sent while it is down is lost."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._started = False
        self.inbox: list[Message] = []

    @property
    def connected(self) -> bool:
        return self._started and self._service.up

    def start(self) -> None:
        self._started = True

    def stop(self) -> None:
        self._started = False

    def take(self, limit: int = 1000, timeout: float = 0) -> list[Message]:
        assert timeout == 0, "the pump never waits for one device"
        taken, self.inbox = self.inbox[:limit], self.inbox[limit:]
        return taken

    def send(self, outgoing: Iterable[Outgoing] = (), *, acks: Iterable[Message] = ()) -> list[int]:
        for message in outgoing if self.connected else ():
            self._service.receive(self, message)
        return []


class HandClock:
    """A clock that goes on by `step_ms` each time it is looked at."""

    speed = 1000.0

    def __init__(self, now_ms: int, step_ms: int = 500) -> None:
        self.now = now_ms
        self.step_ms = step_ms

    def now_ms(self) -> int:
        self.now += self.step_ms
        return self.now

    def sleep_until(self, at_ms: int) -> None:
        self.now = max(self.now, at_ms)


MakeDevice = Callable[..., Device]


@pytest.fixture
def service() -> Service:
    """The other end."""
    return Service()


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """Where readings are noted."""
    return Journal(tmp_path / "journal.jsonl")


@pytest.fixture
def device(tmp_path: Path, service: Service, journal: Journal) -> MakeDevice:
    """Make a device with a store on disk."""

    def make(name: str = "kerk-1", **options: Any) -> Device:
        boots = iter(range(1000))

        def connect(_name: str, _subscriptions: Sequence[tuple[str, int]], _will: Outgoing) -> Pipe:
            return FakePipe(service)

        return Device(
            name,
            event="test",
            store=lambda: FileStore(tmp_path / f"{name}.jsonl"),
            connect=connect,
            salt=lambda: f"{name}-{next(boots):08d}",
            provisioned=provisioned(f"{name}-in", "door", "in"),
            on_scan=journal.add,
            **options,
        )

    return make


def step(at_ms: int, badge: str, scanner: str = "kerk-1") -> Step:
    """A reading that is planned."""
    return Step(at_ms=at_ms, scanner=scanner, badge=badge, person="p", kind="in")


def test_a_power_cut_loses_no_reading(device: MakeDevice, service: Service, journal: Journal) -> None:
    """Read, sent, not answered, cut: after the restart the same scan goes again, without an age."""
    service.deaf = True
    one = device()
    one.power_on(0)
    one.pump(0)
    one.read("A", 100, 100)
    one.pump(110)
    one.power_off()
    one.read("B", 200, 200)
    service.deaf = False
    one.power_on(300)
    one.pump(300)
    one.pump(310)
    assert [(scan["badge"], scan.get("age_ms")) for scan in service.scans] == [("A", 0), ("A", None)]
    assert len({scan["id"] for scan in service.scans}) == 1
    assert (one.queued, len(journal), one.verdicts) == (0, 1, {("admit", "welcome"): 1})
    assert [online for online, _ in groupby(service.states["kerk-1"])] == [True, False, True]


def test_a_slow_clock_shows_in_the_time_and_not_in_the_age(device: MakeDevice, service: Service) -> None:
    """`at` is 90 s behind, `age_ms` is measured by the monotonic clock; a late handling of the reading counts in it."""
    one = device(lag_ms=90_000)
    one.power_on(1_000_000)
    one.pump(1_000_000)
    one.read("A", 1_000_000, 1_000_700)
    one.pump(1_000_700)
    assert (service.scans[0]["at"], service.scans[0]["age_ms"]) == ("1970-01-01T00:15:10.000Z", 700)


def test_offline_scans_come_later_with_their_age(device: MakeDevice, service: Service) -> None:
    """Read in a car park, sent 20 minutes later, in order."""
    one = device()
    one.power_on(0)
    one.pump(0)
    one.go_offline()
    for number in range(3):
        one.read(f"badge-{number}", number * 1000, number * 1000)
        one.pump(number * 1000)
    assert one.face == "stored"
    one.go_online()
    one.pump(1_200_000)
    one.pump(1_200_010)
    assert [(scan["seq"], scan["age_ms"]) for scan in service.scans] == [(1, 1_200_000), (2, 1_199_000), (3, 1_198_000)]
    assert one.queued == 0


def test_what_makes_no_sense_is_let_go(device: MakeDevice) -> None:
    """Bytes that are not JSON, not an object, or on a topic of nobody do not stop a device."""
    one = device()
    one.power_on(0)
    pipe = one._pipe
    assert isinstance(pipe, FakePipe)
    for topic, payload in (
        ("x", b"{}"),
        ("inloop/1/test/verdict/kerk-1", b"\xff"),
        ("inloop/1/test/verdict/kerk-1", b"[]"),
    ):
        pipe.inbox.append(Message(topic, payload))
    one.pump(10)
    assert pipe.inbox == []


def run_fleet(
    tmp_path: Path, devices: list[Device], events: Sequence[Step | Switch], clock: HandClock, until_ms: int
) -> Fleet:
    """Play events, then drain."""
    fleet = Fleet(
        {one.name: one for one in devices},
        clock=clock,
        cursor=Cursor(tmp_path / "cursor.json"),
        stop=threading.Event(),
    )
    fleet._pause_s = 0
    fleet.play(events, until_ms)
    assert fleet.drain(lambda: False)
    fleet.close()
    return fleet


def test_a_fleet_plays_a_day_with_faults_and_drains(
    tmp_path: Path, device: MakeDevice, service: Service, journal: Journal
) -> None:
    """Doubled, reordered, offline and cut: each reading that was kept arrives; without power nothing is read."""
    names = ("kerk-1", "kerk-2")
    devices = [device(name, mangler=Mangler(random.Random(7)), limits=limits_for(1)) for name in names]  # noqa: S311
    steps = [step(10_000 + number * 4_000, f"badge-{number}", names[number % 2]) for number in range(60)]
    switches = [
        Switch(at_ms=30_001, scanner="kerk-1", to="offline"),
        Switch(at_ms=120_001, scanner="kerk-1", to="online"),
        Switch(at_ms=50_001, scanner="kerk-2", to="off"),
        Switch(at_ms=90_001, scanner="kerk-2", to="on"),
    ]
    fleet = run_fleet(tmp_path, devices, timeline_of(steps, switches), HandClock(0), 600_000)
    unread = [one for one in steps if one.scanner == "kerk-2" and 50_001 < one.at_ms < 90_001]
    assert len(journal) == len(steps) - len(unread) == 55
    assert {scan["id"] for scan in service.scans} == {reading.id for reading in journal.readings()}
    assert fleet.summary()["sent"] + fleet.summary()["resent"] <= len(service.scans)
    assert fleet.summary()["verdicts"] == {"admit welcome": 55}
    assert fleet.played == len(steps) + len(switches)


def test_steps_are_read_at_their_own_moment_however_late_they_are_played(
    tmp_path: Path, device: MakeDevice, journal: Journal
) -> None:
    """A fast clock makes many due at once: each keeps its planned time."""
    steps = [step(10_000 + number * 100, f"badge-{number}") for number in range(50)]
    run_fleet(tmp_path, [device()], steps, HandClock(0, step_ms=6_000), 600_000)
    assert [reading.at_ms for reading in journal.readings()] == [one.at_ms for one in steps]


def test_a_restart_passes_over_what_fell_due_meanwhile(tmp_path: Path, device: MakeDevice, journal: Journal) -> None:
    """It happened without being read; what was played is not played again though the clock stands before it."""
    steps = [step(number * 10_000, f"badge-{number}") for number in range(1, 11)]
    run_fleet(tmp_path, [device()], steps, HandClock(0), 35_000)
    run_fleet(tmp_path, [device()], steps, HandClock(61_000), 90_000)
    run_fleet(tmp_path, [device()], steps, HandClock(40_000), 100_000)
    assert [reading.badge for reading in journal.readings()] == [f"badge-{number}" for number in (1, 2, 3, 7, 8, 9, 10)]


def test_a_restart_in_the_middle_of_a_fault_is_in_that_fault(
    tmp_path: Path, device: MakeDevice, journal: Journal
) -> None:
    """A device whose power was off before the restart is still off."""
    switches = [Switch(at_ms=10, scanner="kerk-1", to="off"), Switch(at_ms=50_000, scanner="kerk-1", to="on")]
    events = timeline_of([step(40_000, "A"), step(60_000, "B")], switches)
    run_fleet(tmp_path, [device()], events, HandClock(30_000), 70_000)
    assert [reading.badge for reading in journal.readings()] == ["B"]


def test_waits_are_polite_in_real_time_on_a_fast_clock() -> None:
    """At 1000 times, a resend after 2 s of that clock would be after 2 ms."""
    assert limits_for(1).first_wait_ms == 2_000
    assert limits_for(1000).first_wait_ms == 500_000
