"""Transport on a whole day at scale: 20,000 people, 400 runs, 40 coordinators at once; with real parts.

    python -m tests.bench.transport_scale [--people 20000] [--seconds 60] [--only SQLite] [--json FILE]

Mosquitto, `transport ingest` and gunicorn as `inloop up` starts them; the load comes from one process more. The first
transfer is under way: its 200 runs are boarding and half the people are aboard. Each second the forty read the transfer
(two of them with everybody's names) and eight of them a run's sheet, ten people board (five by HTTP, five by MQTT), one
by hand; every 1.5 s a run departs or arrives, every 10 s somebody is registered and needs a seat. Beside each time
stands what the machine takes in the same run for a bare Flask route with a body of the same size, and for a bare
committed insert.
"""

import argparse
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import text

import checkin.settings
import checkin.wiring
from shared import codec, ids, instants, logs, topics
from shared.facts import Sighting
from shared.sql.engine import make_engine, writing
from shared.web.tokens import Role, make_token
from tests.bench import big_day
from tests.bench.pipeline import resident_mb, wait_until
from tests.bench.scale_load import COORDINATORS, ORGANISERS, REGISTERED_S, Plan, Took, drive
from tests.support.brokers import SERVICES, RunningBroker, free_ports
from tests.support.databases import running_postgres
from transport.adapters.store import SqlStore
from transport.domain.run import Taken
from transport.handlers import cards
from transport.settings import Settings
from transport.wiring import Transport, build

START = "2024-01-11T11:35:00.000+01:00"
LIMIT_MS = 50.0
WORKERS = 2  # as in inloop.gunicorn_conf
LIMITED = ("transfer, own runs", "transfer, all names", "sheet", "verdict over HTTP", "verdict over MQTT", "by hand")
DEPARTING = tuple(f"t1-c{n}" for n in range(40))  # they depart and arrive while it is measured
Boarding = tuple[str, str, str]


@dataclass(frozen=True)
class Site:
    """What is running: the settings of its processes, where its pages are, and who is still to come."""

    environ: dict[str, str]
    service: Transport
    broker: RunningBroker
    port: int
    boarding: tuple[Boarding, ...]


@contextmanager
def site(folder: Path, *, people: int, database: str | None) -> Iterator[Site]:
    """A day that is under way, with a broker; nothing consumes yet."""
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
        "INLOOP_CLOCK": f"{instants.to_text(instants.to_ms(START))}@1@{time.time():.3f}",
        "INLOOP_EVENT": big_day.EVENT,
        "INLOOP_LOG_LEVEL": "warning",
        **({"INLOOP_DATABASE": database} if database else {}),
    }
    day = big_day.programme(people=people)
    other = checkin.wiring.build(checkin.settings.Settings.from_env(environ))
    other.migrate()
    other.load_programme(day.source)
    service = build(Settings.from_env(environ))
    service.migrate()
    service.load_programme(day.source)
    try:
        boarding = _morning(service, people)
        yield Site(environ, service, broker, free_ports()[0], boarding)
    finally:
        service.engine.dispose()
        broker.stop()


def _morning(service: Transport, people: int) -> tuple[Boarding, ...]:
    """Everybody is registered, has seats and came in; half of them are aboard. Returns who is to come, mixed."""
    event, came_ms, programme = big_day.EVENT, instants.to_ms("2024-01-11T09:30:00.000+01:00"), service.programme()
    made = list(big_day.cards(people, service.settings.secrets.event_keys(event).seal))
    with writing(service.engine) as connection:
        cards.take_cards(made, [], event=event, store=SqlStore(connection))
    planned = service.plan_seats()
    seated = dict(planned[0].changed)
    at_ms = instants.to_ms("2024-01-11T11:22:00.000+01:00")
    boarded = [
        Sighting(
            id=f"in-{card.person}",
            event=event,
            person=card.person,
            place=str(seated[card.person].run),
            at_ms=at_ms + nth,
            how="scanned",
            source="transport",
        )
        for nth, card in enumerate(made[::2])
    ]
    seated |= {one.person: replace(seated[one.person], at_ms=one.at_ms, id=one.id) for one in boarded}
    with writing(service.engine) as connection:
        store = SqlStore(connection)
        store.put_seats(event, planned[0].transfer, seated)
        store.put_seats(event, planned[1].transfer, planned[1].changed)
        store.set_meta(f"seats.stale.{event}", "")
        store.record(big_day.checked_in(people, came_ms), came_ms)
        store.record(boarded, at_ms)
        for run in programme.runs_of_transfer("t1"):
            opened = Taken(letter="B", at_ms=run.open_ms, by="bench", id=ids.new_id())
            store.add_step(event, run.id, 1, opened, taken_ms=run.open_ms)
    waiting = enumerate(made[1::2])
    mixed = [(big_day.code(2 * n + 1), str(seated[card.person].run), card.person) for n, card in waiting]
    random.Random(1).shuffle(mixed)  # noqa: S311 # the same each time
    return tuple(one for one in mixed if one[1] not in DEPARTING)


# -- processes -------------------------------------------------------------------------------------


@contextmanager
def processes(place: Site) -> Iterator[list[int]]:
    """The consumer and the pages; gives their process ids."""
    folder = Path(place.environ["INLOOP_DATA"])
    environ = {**os.environ, **place.environ}
    pages = ["gunicorn", "-c", "python:inloop.gunicorn_conf", "--bind", f"127.0.0.1:{place.port}"]
    commands = {"ingest": ["transport", "ingest"], "web": [*pages, "tests.bench.scale_site:create()"]}
    running = [
        subprocess.Popen([sys.executable, "-m", *command], env=environ, stderr=(folder / f"{name}.log").open("ab"))
        for name, command in commands.items()
    ]
    try:
        yield [process.pid for process in running]
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(30)


def warm(plan: Plan) -> float:
    """Ask each worker until it has the day in memory; returns the seconds of the slowest first answer."""
    wait_until(lambda: _answers(plan), "the pages do not come up")
    seen: dict[bytes, float] = {}
    while len(seen) < WORKERS:
        connection = http.client.HTTPConnection(plan.host, plan.port, timeout=60)
        worker = _get(connection, plan, "/bare/process")
        begin = time.perf_counter()
        _get(connection, plan, "/transport/api/v1/transfers/t1")
        seen.setdefault(worker, time.perf_counter() - begin)
        for run in plan.runs[0]:
            _get(connection, plan, f"/transport/api/v1/runs/{run}/sheet")
        connection.close()
    time.sleep(5)  # what was retained is published
    return max(seen.values())


def _answers(plan: Plan) -> bool:
    connection = http.client.HTTPConnection(plan.host, plan.port, timeout=60)
    try:
        _get(connection, plan, "/transport/readyz")
    except OSError:
        return False
    connection.close()
    return True


def _get(connection: http.client.HTTPConnection, plan: Plan, path: str) -> bytes:
    connection.request("GET", path, headers={"Authorization": f"Bearer {plan.tokens[-1]}"})
    return connection.getresponse().read()


def plan_of(place: Site, seconds: float) -> Plan:
    """Who asks what: each coordinator has five runs, in turn."""
    settings = place.service.settings
    runs = [run.id for run in place.service.programme().runs_of_transfer("t1")]
    own = [tuple(runs[n * 5 : n * 5 + 5]) for n in range(COORDINATORS + ORGANISERS)]

    def token(number: int) -> str:
        is_organiser = number >= COORDINATORS
        role: Role = "organiser" if is_organiser else "coordinator"
        scope = () if is_organiser else own[number]
        return make_token(
            settings.secrets.session_key(), event=big_day.EVENT, role=role, scope=scope, label=f"bench-{number}",
            now_s=time.time(), lifetime_s=3600,
        )  # fmt: skip

    return Plan(
        host="127.0.0.1",
        port=place.port,
        broker=place.broker.address("scanner-5"),
        tokens=tuple(token(number) for number in range(COORDINATORS + ORGANISERS)),
        runs=tuple(own),
        boarding=place.boarding,
        departing=DEPARTING,
        newcomers=_newcomers(place, int(seconds / REGISTERED_S)),
        desk=place.broker.address("checkin"),
        start_ms=instants.to_ms(START),
        started_s=float(place.environ["INLOOP_CLOCK"].split("@")[2]),
        seconds=seconds,
    )


def _newcomers(place: Site, count: int) -> tuple[tuple[str, bytes], ...]:
    """Cards of people whom nobody knew."""
    key = place.service.settings.secrets.event_keys(big_day.EVENT).seal
    found = big_day.cards(count, key, first=1_000_000)
    return tuple((topics.person(big_day.EVENT, card.person), codec.encode(card)) for card in found)


# -- measuring -------------------------------------------------------------------------------------


def committer(folder: Path, database: str | None) -> Callable[[], None]:
    """A bare committed insert, as durable as the service's."""
    engine = make_engine(database or f"sqlite:///{folder / 'bare.db'}", schema="bare")
    with writing(engine) as connection:
        if database:
            connection.execute(text("CREATE SCHEMA IF NOT EXISTS bare"))
        connection.execute(text("CREATE TABLE bare (id text PRIMARY KEY, body text)"))

    def commit() -> None:
        with writing(engine) as connection:
            connection.execute(text("INSERT INTO bare VALUES (:id, :body)"), {"id": ids.new_id(), "body": "x" * 300})

    return commit


def measure(folder: Path, *, people: int, database: str | None, seconds: float) -> tuple[Took, dict[str, float]]:
    """The times of everything asked, and how long a first answer takes and how much memory a process has."""
    with site(folder, people=people, database=database) as place, processes(place) as pids:
        plan = plan_of(place, seconds)
        first_s = warm(plan)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            took, failed = pool.submit(run_load, plan, folder, database).result()
        if failed:
            raise RuntimeError(f"{len(failed)} answers were not as they must be: {failed[:3]}")
        return took, {"first_s": first_s, "ingest_mb": resident_mb(pids[0]), "worker_mb": _worker_mb(pids[1])}


def run_load(plan: Plan, folder: Path, database: str | None) -> tuple[Took, list[str]]:
    """In a process of its own."""
    return drive(plan, committer(folder, database))


def _worker_mb(master: int) -> float:
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return max((resident_mb(int(child)) for child in children), default=0.0)


def figures(took: Took) -> dict[str, dict[str, float]]:
    """Of each kind the number, p50 and p99 in ms, and p99 as a multiple of its limit's."""
    found = {name: _of(sorted(times)) for name, times in sorted(took.items())}
    for name, of in found.items():
        limit = found.get(f"bare: {name}") or (
            found["bare: commit"] if "verdict" in name or name == "by hand" else None
        )
        if limit is not None:
            of["times_bare"] = of["p99_ms"] / limit["p99_ms"]
    return found


def _of(times: Sequence[float]) -> dict[str, float]:
    return {"count": len(times), "p50_ms": times[len(times) // 2], "p99_ms": times[int(len(times) * 0.99)]}


def main() -> None:
    """Measure on both databases and print it beside its limit."""
    parser = argparse.ArgumentParser(description="Transport on a whole day at scale.")
    parser.add_argument("--people", type=int, default=big_day.PEOPLE)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", default="", help="only the database with this in its name, such as SQLite")
    parser.add_argument("--json", type=Path, default=None, help="add the figures to those in this file")
    given = parser.parse_args()
    logs.configure("bench", level="warning")
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as name, running_postgres(Path(name) / "postgres", buffers="128MB") as server:
        for title, database in (("SQLite", None), ("PostgreSQL", server.new_database())):
            if given.only in title:
                took, more = measure(Path(name) / title, people=given.people, database=database, seconds=given.seconds)
                found[title] = {**figures(took), "memory": more}
                show(title, found[title])
    if given.json:
        whole = json.loads(given.json.read_text()) if given.json.exists() else {}
        whole["transport_scale"] = _rounded(found)
        given.json.write_text(json.dumps(whole, indent=1) + "\n")


def _rounded(found: Any) -> Any:
    return {k: _rounded(v) for k, v in found.items()} if isinstance(found, dict) else round(found, 2)


def show(title: str, found: Mapping[str, Mapping[str, float]]) -> None:
    """The table of one database."""
    table = Table(title, "count", "p50 ms", f"p99 ms ≤ {LIMIT_MS:.0f}", "p99 / bare")
    for name, of in found.items():
        if name != "memory":
            times = f"{of['times_bare']:.1f}" if "times_bare" in of else ""
            table.add_row(name, f"{of['count']:.0f}", f"{of['p50_ms']:.1f}", f"{of['p99_ms']:.1f}", times)
    memory = found["memory"]
    console = Console(width=100)
    console.print(table)
    console.print(
        f"first answer of a new worker {memory['first_s']:.1f} s; resident: ingest {memory['ingest_mb']:.0f} MB, "
        f"a web worker {memory['worker_mb']:.0f} MB"
    )


if __name__ == "__main__":
    main()
