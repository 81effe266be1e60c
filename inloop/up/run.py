"""`inloop up`: everything on one machine, from an empty folder to a page that counts."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from inloop import ports, services
from inloop.errors import Stop, explain
from inloop.home import Home, UpState
from inloop.lock import Lock
from inloop.up import broker as brokers
from inloop.up import clock as clocks
from inloop.up import plan, ready
from inloop.up.care import Care
from inloop.up.load import load
from inloop.up.options import Options
from inloop.up.screen import Screen
from inloop.up.supervise import Program, Supervisor
from shared.clock import SimulatedClock

if TYPE_CHECKING:
    from checkin.wiring import CheckIn
    from transport.wiring import Transport

LOOK_EVERY_S = 1.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, kw_only=True)
class _Day:
    """What is up: the settings of its processes and what there is to say about it."""

    checkin: CheckIn
    transport: Transport
    clock: SimulatedClock | None
    environ: dict[str, str]
    programs: list[Program]
    state: UpState


def up(home: Home, options: Options, screen: Screen) -> None:
    """Run everything until Ctrl-C or SIGTERM. Raises Stop when it cannot be, after all that was started has ended."""
    stop = threading.Event()
    for number in SIGNALS:
        signal.signal(number, lambda *_: stop.set())
    home.make()
    lock = Lock(home.folder / "up.lock")
    lock.take()
    try:
        brokers.end_leftover(home)
        ports.need_free(options.host, options.port, option="--port")
        day = _prepare(home, options, screen.step)
        supervisor = Supervisor(home.folder)
        care = Care(home=home, state=day.state, clock=day.clock, logs=home.logs, say=screen.note)
        try:
            _run(home, day, supervisor, lock, stop, screen, care)
        finally:
            screen.stopping()
            supervisor.stop()
            care.keep_last()
            screen.stopped()
    finally:
        lock.release()


def _prepare(home: Home, options: Options, say: Callable[[str], None]) -> _Day:
    """Everything that must be there before a process starts: tables, data, passwords, the broker's files."""
    database = services.database_of(home, options.database)
    broker = brokers.choose(options.broker, host=options.host, port=options.mqtt_port)
    settings = services.environment(home, database=database, mqtt=broker.url)
    say("opening PostgreSQL" if database else f"opening SQLite in {home.folder}")
    checkin, transport = services.open_checkin(settings), services.open_transport(settings)
    checkin.migrate()
    transport.migrate()
    load(options, checkin, transport, say)
    programme = checkin.programme()
    clock = None
    if options.simulate is not None:
        clock = clocks.start_clock(home, programme, speed=options.simulate)
        settings = services.environment(home, database=database, mqtt=broker.url, clock=clock.spec(), auto_steps=True)
    command = brokers.prepare(home, broker, [scanner.id for scanner in checkin.scanners()])
    programs = plan.children(broker, command, host=options.host, port=options.port)
    if clock is not None:
        programs.append(_fleet(home, checkin, broker, clock))
    state = UpState(
        event=checkin.event,
        database=database,
        broker=broker.kind,
        mqtt=broker.url,
        mqtt_host=ports.known_as(broker.host),
        mqtt_port=broker.port,
        http=f"http://{ports.in_url(ports.known_as(options.host))}:{options.port}",
        clock=settings["INLOOP_CLOCK"],
    )
    environ = {**os.environ, **settings}
    return _Day(checkin=checkin, transport=transport, clock=clock, environ=environ, programs=programs, state=state)


def _fleet(home: Home, checkin: CheckIn, broker: brokers.Broker, clock: SimulatedClock) -> Program:
    """The simulated scanners, with the files that they read: real badge codes, so only their owner reads them."""
    people = [
        {"person": line.person, "badge": line.code, "groups": sorted(line.groups), "organisation": line.organisation}
        for line in checkin.badges()
    ]
    home.keep_private(home.sim / "people.json", msgspec.json.encode(people))
    home.keep_private(home.sim / "programme.yaml", checkin.programme().source)
    sim = home.sim.resolve()
    (sim / "state").mkdir(exist_ok=True, mode=0o700)
    return plan.fleet(broker, sim=sim, passwords=(home.secrets.folder / "mqtt").resolve(), clock=clock.spec())


def _run(
    home: Home, day: _Day, supervisor: Supervisor, lock: Lock, stop: threading.Event, screen: Screen, care: Care
) -> None:
    """Start the processes, say when they are ready, and look after them until it is time to stop."""
    screen.step(f"starting {', '.join(program.name for program in day.programs if program.autostart)}")
    lock.name(os.getpid(), supervisor.start(day.programs, environ=day.environ, lock=lock.handle))
    ready.wait(supervisor, day.state.http, home.logs, stop)
    if stop.is_set():
        return
    care.keep_pids(supervisor.status())
    screen.ready(day.state.http, ready.links(home.secrets.session_key(), day.state))
    if day.clock is not None:
        ready.wait_seated(day.transport, day.checkin.headcount().registered, stop)
        supervisor.start_child(plan.FLEET)
        care.keep_pids(supervisor.status())
    while not stop.wait(LOOK_EVERY_S):
        if not supervisor.running():
            raise Stop(f"the processes were stopped from outside: see {home.logs / 'supervisor.log'}")
        care.look(supervisor.status(), ahead_s=LOOK_EVERY_S)
        if day.clock is not None:
            _show(day, screen, day.clock)


def _show(day: _Day, screen: Screen, clock: SimulatedClock) -> None:
    """The line that changes; while the database does not answer it stays as it is."""
    try:
        screen.status(day.checkin, clock)
    except Exception as error:
        if explain(error) is None:
            raise
        # an expected one: the services say it in their logs, and go on when the database is back
