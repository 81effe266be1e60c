"""What the whole pipeline carries: decide, store, sighting, outbox, verdict, acknowledge; with real parts.

    python -m tests.bench.pipeline [--scans 20000] [--rounds 3] [--only SQLite] [--json FILE]

Each figure that depends on the machine stands beside a limit measured in the same run: scans a second beside a bare
paho receiver that stores nothing, and the cost of a scan with 100,000 people beside that with 300. Numbers are
medians of `--rounds`. Measured is the steady state: when everything that was loaded is published, and nothing waits.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, text

from checkin import wiring
from checkin.settings import Settings
from shared import ids, instants, logs, topics
from shared.mqtt import BrokerAddress, Link, Outgoing
from shared.people import PersonRow
from shared.sql.engine import make_engine, reading
from tests.support.brokers import SERVICES, RunningBroker
from tests.support.databases import running_postgres

ALMELO = Path(__file__).parents[2] / "examples" / "almelo" / "programme.yaml"
EVENT = "g40-almelo-2024"
PUBLISHERS = 4
LIMIT_S = 300
QUIET_S = 2.0  # without anything to publish, after which all that was loaded is published
WIDTH = 120  # of the table where there is no terminal
STRIDE = 7919  # a prime: scans follow each other in no order of the list, and reach everybody
CLOCK_START = "2024-01-11T08:40:00Z"


@dataclass
class Site:
    """A broker, a data folder and the badges of the people loaded in it."""

    broker: RunningBroker
    environ: dict[str, str]
    engine: Engine
    badges: list[str] = field(default_factory=list)


@contextmanager
def site(folder: Path, *, people: int, database: str | None) -> Iterator[Site]:
    """Everything that an ingest process needs, with `people` persons registered."""
    folder.mkdir(parents=True)
    broker = RunningBroker("mosquitto", folder / "broker")
    for user in SERVICES:
        secret = folder / "data" / "secrets" / "mqtt" / user
        secret.parent.mkdir(parents=True, exist_ok=True)
        secret.write_text(broker.users[user].password)
    broker.start()
    environ = {
        "INLOOP_DATA": str(folder / "data"),
        "INLOOP_MQTT": f"mqtt://127.0.0.1:{broker.port}",
        "INLOOP_CLOCK": f"{CLOCK_START}@1@{time.time():.3f}",
        "INLOOP_EVENT": EVENT,
        **({"INLOOP_DATABASE": database} if database else {}),
    }
    service = wiring.build(Settings.from_env(environ))
    service.migrate()
    service.load_programme(ALMELO.read_bytes())
    service.load_people([_person(number) for number in range(people)])
    badges = [line.code for line in service.badges()]
    engine = make_engine(database or f"sqlite:///{folder / 'data' / 'checkin.db'}", schema="checkin")
    try:
        yield Site(broker=broker, environ=environ, engine=engine, badges=badges)
    finally:
        engine.dispose()
        broker.stop()


def _person(number: int) -> PersonRow:
    return PersonRow(
        id=f"p{number:06}",
        name=f"Deelnemer {number}",
        organisation=f"Gemeente {number % 41}",
        email=None,
        phone=None,
        groups=frozenset({"pijler-sociaal"}),
        needs=None,
        badge=None,
        line=number + 2,
    )


@contextmanager
def ingest(place: Site) -> Iterator[int]:
    """`checkin ingest` as a process of its own, subscribed; gives its process id."""
    log = Path(place.environ["INLOOP_DATA"]) / "ingest.log"
    process = subprocess.Popen(
        [sys.executable, "-m", "checkin", "ingest"],
        env={**os.environ, **place.environ},
        stderr=log.open("ab"),
    )
    try:
        wait_until(lambda: "mqtt.connected" in log.read_text(), "the consumer does not connect")
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def publish(address: dict[str, Any], topic: str, number: int, badges: list[str], count: int, start_ms: int) -> None:
    """Publish `count` scans of a scanner as fast as the broker takes them, and wait for the acknowledgements.

    Each is of the moment it is made at, and each door has its own people: nobody is at four doors in one second.
    """
    link = Link(BrokerAddress(**address), client_id=f"scanner-{number}", clean=True)
    link.start()
    link.wait_connected(10)
    began = time.monotonic()
    own = badges[number % PUBLISHERS :: PUBLISHERS]
    for first in range(0, count, 500):
        at_ms = start_ms + int((time.monotonic() - began) * 1000)
        link.send(
            [Outgoing(topic, scan(own[n * STRIDE % len(own)], at_ms, n)) for n in range(first, min(first + 500, count))]
        )
        while link.unsent() > 2000:
            time.sleep(0.001)
    while link.unsent():
        time.sleep(0.001)
    link.stop()


def scan(badge: str, at_ms: int, seq: int) -> bytes:
    """A Scan as a device sends it; every other one goes out, so that people keep moving."""
    return scan_at(badge, "grote-kerk-in" if (seq // 50) % 2 == 0 else "grote-kerk-out", at_ms, seq)


def scan_at(badge: str, checkpoint: str, at_ms: int, seq: int = 1) -> bytes:
    """A Scan at a checkpoint."""
    return msgspec.json.encode(
        {
            "id": ids.new_id(),
            "badge": badge,
            "checkpoint": checkpoint,
            "at": instants.to_text(at_ms),
            "synced": True,
            "age_ms": 0,
            "seq": seq,
        }
    )


def rate(
    place: Site, scans: int, done: Callable[[], int], topic: Callable[[str, str], str] = topics.door_scan
) -> float:
    """Messages a second from the first publication until `done()` says all were handled."""
    each = scans // PUBLISHERS
    before = done()
    jobs = [
        multiprocessing.Process(
            target=publish, args=(_address(place, name), topic(EVENT, name), n, place.badges, each, _now(place))
        )
        for n in range(1, PUBLISHERS + 1)
        for name in [f"scanner-{n}"]
    ]
    begin = time.perf_counter()
    for job in jobs:
        job.start()
    wait_until(lambda: done() - before >= each * PUBLISHERS, "not all scans arrive")
    took = time.perf_counter() - begin
    for job in jobs:
        job.join()
    return each * PUBLISHERS / took


def wait_until(condition: Callable[[], bool], otherwise: str) -> None:
    """Wait for a condition, for five minutes at the most."""
    limit = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > limit:
            raise TimeoutError(otherwise)
        time.sleep(0.02)


def bare(place: Site, scans: int) -> float:
    """A stock paho client that receives and acknowledges, and does nothing else.

    It has coach scans, which nobody else hears: so it can be measured in turn with the consumer, which rests meanwhile.
    """
    received = 0

    def came(_client: Client, _data: object, _message: object) -> None:
        nonlocal received
        received += 1

    address = place.broker.address("transport")
    client = Client(CallbackAPIVersion.VERSION2, client_id="bare")
    client.username_pw_set(address.username, address.password)
    client.on_message = came
    ready = multiprocessing.Event()
    client.on_subscribe = lambda *_: ready.set()
    client.connect(address.host, address.port)
    client.subscribe(topics.COACH_SCANS, 1)
    client.loop_start()
    ready.wait(10)
    try:
        return rate(place, scans, lambda: received, topics.coach_scan)
    finally:
        client.disconnect()
        client.loop_stop()


def stored(place: Site) -> int:
    """How many scans are in the database with nothing left to publish; each of them made a sighting."""
    with reading(place.engine) as connection:
        row = connection.execute(
            text("SELECT (SELECT max(sequence) FROM sighting), (SELECT count(*) FROM outbox)")
        ).one()
    return int(row[0] or 0) - (1 if row[1] else 0)


def latencies(place: Site, *, per_second: int, count: int) -> list[float]:
    """Milliseconds from a scan's publication to its verdict, at a steady rate."""
    link = Link(
        place.broker.address("scanner-5"),
        client_id="scanner-5",
        clean=True,
        subscriptions=[(topics.verdict(EVENT, "scanner-5"), 0)],
    )
    link.start()
    link.wait_connected(10)
    topic, took = topics.door_scan(EVENT, "scanner-5"), []
    next_at = time.perf_counter()
    for number in range(count):
        payload = scan(place.badges[number * STRIDE % len(place.badges)], _now(place), number)
        sent = time.perf_counter()
        link.send([Outgoing(topic, payload)])
        if link.take(1, 5):
            took.append((time.perf_counter() - sent) * 1000)
        next_at += 1 / per_second
        time.sleep(max(0, next_at - time.perf_counter()))
    link.stop()
    return sorted(took)


def resident_mb(pid: int) -> float:
    """Highest resident memory of a process so far."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _address(place: Site, user: str) -> dict[str, Any]:
    address = place.broker.address(user)
    return {"host": address.host, "port": address.port, "username": address.username, "password": address.password}


def _now(place: Site) -> int:
    start, _, anchor = place.environ["INLOOP_CLOCK"].split("@")
    return instants.to_ms(start) + int((time.time() - float(anchor)) * 1000)


def measure(folder: Path, *, people: int, database: str | None, scans: int, rounds: int) -> dict[str, float]:
    """Rates, latencies and memory of one ingest process."""
    rates: list[float] = []
    limits: list[float] = []
    took: list[list[float]] = []
    with site(folder, people=people, database=database) as place, ingest(place) as pid:
        _warm(place)
        for _ in range(rounds):
            rates.append(rate(place, scans, lambda: stored(place)))
            limits.append(bare(place, scans))
            took.append(latencies(place, per_second=100, count=1000))
        memory = resident_mb(pid)
    return {
        "scans_per_s": statistics.median(rates),
        "bare_per_s": statistics.median(limits),
        "ratio": statistics.median(one / limit for one, limit in zip(rates, limits, strict=True)),
        "p50_ms": statistics.median(one[len(one) // 2] for one in took),
        "p99_ms": statistics.median(one[int(len(one) * 0.99)] for one in took),
        "resident_mb": memory,
    }


def _warm(place: Site) -> None:
    """Wait until the consumer has published all that was loaded, then let it import and cache what it needs."""
    quiet_since = time.monotonic()

    def quiet() -> bool:
        nonlocal quiet_since
        with reading(place.engine) as connection:
            if connection.execute(text("SELECT count(*) FROM outbox")).scalar():
                quiet_since = time.monotonic()
        return time.monotonic() - quiet_since > QUIET_S

    wait_until(quiet, "the consumer does not come to rest")
    rate(place, 2000, lambda: stored(place))


def main() -> None:
    """Measure everything and print it beside its limit."""
    parser = argparse.ArgumentParser(description="What the whole pipeline carries.")
    parser.add_argument("--scans", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, default=None, help="also write the figures here")
    parser.add_argument("--only", default="", help="only the cases with this in their name, such as SQLite")
    given = parser.parse_args()
    logs.configure("bench", level="warning")
    found: dict[str, dict[str, float]] = {}
    # 128 MB is what PostgreSQL has where nobody says otherwise
    with tempfile.TemporaryDirectory() as name, running_postgres(Path(name) / "postgres", buffers="128MB") as server:
        cases = [
            ("SQLite, 300 people", 300, None),
            ("SQLite, 100,000 people", 100_000, None),
            ("PostgreSQL, 300 people", 300, server.new_database()),
            ("PostgreSQL, 100,000 people", 100_000, server.new_database()),
        ]
        wanted = [case for case in cases if given.only in case[0]]
        for number, (title, people, database) in enumerate(wanted):
            folder = Path(name) / f"case-{number}"
            found[title] = measure(folder, people=people, database=database, scans=given.scans, rounds=given.rounds)
            _console().print(f"{title}: {json.dumps({k: round(v, 2) for k, v in found[title].items()})}")
    show(found)
    if given.json:
        rounded = {title: {k: round(v, 2) for k, v in figures.items()} for title, figures in found.items()}
        given.json.write_text(json.dumps(rounded, indent=1) + "\n")


def _console() -> Console:
    """As wide as the terminal; elsewhere wide enough for the table."""
    console = Console()
    return console if console.is_terminal else Console(width=max(console.width, WIDTH))


def show(found: dict[str, dict[str, float]]) -> None:
    """The table, with the limit of each column in its head."""
    table = Table("", "scans/s", "bare paho/s", "ratio ≥ 0.35", "p50 ms ≤ 5", "p99 ms ≤ 25", "resident MB < 150")
    for title, figures in found.items():
        table.add_row(title, *(f"{figures[k]:,.2f}" for k in figures))
    console = _console()
    console.print(table)
    for name in ("SQLite", "PostgreSQL"):
        rates = [
            found[f"{name}, {n} people"]["scans_per_s"] for n in ("300", "100,000") if f"{name}, {n} people" in found
        ]
        if len(rates) < 2:
            continue
        small, large = rates
        console.print(f"{name}: a scan costs {small / large:.2f}× with 100,000 people (at most 1.5×)")


if __name__ == "__main__":
    main()
