"""The simulator's command line: `python -m firmware_sim day …` plays a day, `… scan …` reads one badge by hand.

`… incidents …` plays what goes wrong at the kerb (incidents_command.py).
"""

import argparse
import json
import secrets
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from datetime import time as wall_time
from pathlib import Path
from typing import Any

from firmware_sim import incidents_command
from firmware_sim.device import Device, provisioned
from firmware_sim.faults import parse_faults
from firmware_sim.people import PeopleError, load_people
from firmware_sim.play import (
    Broker,
    Day,
    await_seats,
    connect_to,
    kept_seats,
    make_day,
    read_passwords,
    seats_link,
    travellers,
    truth_file,
)
from firmware_sim.store import FileStore
from shared import instants, logs
from shared.clock import RealClock, clock_from
from shared.programme import Programme, ProgrammeErrors, load_programme

MOMENTS = "11:30,12:05,13:30,14:05,15:05,16:30"
SAY_EVERY_S = 5.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code: 0 done, 1 not all of it, 2 asked for something that cannot be."""
    options = _parser().parse_args(arguments)
    logs.configure("firmware-sim", level="warning")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        if options.command == "incidents":
            return incidents_command.run(options, is_over=stop.is_set)
        broker = Broker(host=options.broker_host, port=options.broker_port, passwords=read_passwords(options.passwords))
        return _scan(options, broker, stop) if options.command == "scan" else _Player(options, broker, stop).run()
    except (PeopleError, ProgrammeErrors, ValueError, OSError) as error:
        print(f"firmware_sim: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="firmware_sim", description="Simulated scanners for an Inloop event.")
    commands = parser.add_subparsers(dest="command", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--broker-host", default="127.0.0.1")
    common.add_argument("--broker-port", type=int, default=1883)
    common.add_argument("--passwords", type=Path, help="folder with a file for each MQTT user, or a JSON file")
    day = commands.add_parser("day", parents=[common], help="play a whole day with a fleet of scanners")
    day.add_argument("--programme", type=Path, required=True)
    day.add_argument("--people", type=Path, required=True, help="JSON: person, badge, groups, organisation")
    day.add_argument("--clock", default="real", help="real, or START@SPEED@ANCHOR")
    day.add_argument("--state", type=Path, required=True, help="folder for stores, journal and cursor")
    day.add_argument("--truth", type=Path, help="write where everybody must be to this file")
    day.add_argument("--moments", default=MOMENTS, help=f"local times of the truth ({MOMENTS})")
    day.add_argument("--faults", type=parse_faults, default=parse_faults("none"), help="all, none or a list")
    day.add_argument("--seed", type=int, default=1)
    day.add_argument("--until", help="local time HH:MM at which to end the day")
    day.add_argument("--seats-wait", type=float, default=60, metavar="S", help="real seconds for passenger lists")
    day.add_argument("--drain-limit", type=float, default=120, metavar="S", help="real seconds for the last verdicts")
    day.add_argument("--stay", action="store_true", help="keep the scanners on after the day, until SIGTERM")
    day.add_argument("--json", action="store_true", help="progress as JSON lines")
    scan = commands.add_parser("scan", parents=[common], help="read one badge by hand and print the verdict")
    scan.add_argument("--event", required=True)
    scan.add_argument("--scanner", required=True)
    scan.add_argument("--badge", required=True)
    scan.add_argument("--checkpoint", help="where it stands (else as check-in has it)")
    scan.add_argument("--kind", choices=["door", "coach"], default="door")
    scan.add_argument("--timeout", type=float, default=10, metavar="S")
    incidents_command.add_to(commands)
    return parser


class _Player:
    """Plays a day by the options and says how it goes."""

    def __init__(self, options: argparse.Namespace, broker: Broker, stop: threading.Event) -> None:
        self._options = options
        self._broker = broker
        self._stop = stop
        self._clock = clock_from(options.clock)
        self._said_s = 0.0
        self._programme: Programme = load_programme(options.programme)
        self._moments = [_moment(self._programme, text) for text in options.moments.split(",")]
        self._written = 0
        self._day: Day | None = None

    def run(self) -> int:
        """The whole day; see `main` for the exit code."""
        options, programme = self._options, self._programme
        people = load_people(options.people)
        seats = kept_seats(
            options.state,
            lambda: await_seats(
                seats_link(self._broker, programme.event),
                [run.id for run in programme.runs],
                needed=travellers(programme, people),
                timeout_s=options.seats_wait,
                stop=self._stop,
            ),
        )
        if len(seats) < len(programme.runs) and not self._stop.is_set():
            self._say(f"no passenger list for {len(programme.runs) - len(seats)} runs (is transport up?): people walk")
        day = make_day(
            programme,
            people,
            seats,
            clock=self._clock,
            state=options.state,
            connect=connect_to(self._broker, self._clock.now_ms),
            faults=options.faults,
            seed=options.seed,
            stop=self._stop,
            after_round=self._after_round,
        )
        self._day = day
        try:
            return self._play(day)
        finally:
            day.fleet.close()

    def _play(self, day: Day) -> int:
        options = self._options
        end_ms = _moment(self._programme, options.until) if options.until else 2**53
        day.play(end_ms)
        limit_s = time.monotonic() + options.drain_limit
        drained = day.fleet.drain(lambda: time.monotonic() > limit_s)
        self._write_truth(final=drained)
        if options.stay:
            day.fleet.stay()
        summary = {"scans": len(day.journal), "drained": drained, **day.fleet.summary()}
        print(json.dumps(summary), flush=True)
        if not drained and not self._stop.is_set():
            self._say(f"{summary['waiting']} scans got no verdict in {options.drain_limit:g} s: are the services up?")
        return 0 if drained or self._stop.is_set() else 1

    def _after_round(self, now_ms: int) -> None:
        passed = sum(moment <= now_ms for moment in self._moments)
        if passed > self._written:
            self._written = passed
            self._write_truth(final=False)
        if time.monotonic() - self._said_s >= SAY_EVERY_S and self._day is not None:
            self._said_s = time.monotonic()
            self._progress(self._day, now_ms)

    def _progress(self, day: Day, now_ms: int) -> None:
        devices = day.fleet.devices.values()
        facts = {
            "at": instants.to_text(now_ms),
            "scans": len(day.journal),
            "waiting": day.fleet.queued(),
            "offline": sum(not device.connected for device in devices),
        }
        local = day.programme.local(now_ms).strftime("%H:%M")
        text = f"{local}  {facts['scans']} scans, {facts['waiting']} waiting, {facts['offline']} scanners offline"
        self._say(text, **facts)

    def _write_truth(self, *, final: bool) -> None:
        if self._options.truth is None or self._day is None:
            return
        path: Path = self._options.truth
        fresh = path.with_name(path.name + ".new")
        passed = [moment for moment in self._moments if moment <= self._clock.now_ms()]
        fresh.write_text(json.dumps(truth_file(self._day, passed, final=final), indent=1))
        fresh.replace(path)

    def _say(self, text: str, **facts: Any) -> None:
        line = json.dumps(facts or {"text": text}) if self._options.json else text
        print(line, file=sys.stderr, flush=True)


def _moment(programme: Programme, text: str) -> int:
    """A local time of the programme's day.

    Raises ValueError when it is not HH:MM.
    """
    try:
        at = wall_time.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text} is not a time: write HH:MM, such as 14:05") from None
    return instants.of(datetime.combine(programme.date, at, tzinfo=programme.zone))


def _scan(options: argparse.Namespace, broker: Broker, stop: threading.Event) -> int:
    """One scanner, one badge, one verdict as JSON on standard output."""
    clock = RealClock()
    point = provisioned(options.checkpoint, options.kind, "in") if options.checkpoint else {}
    with tempfile.TemporaryDirectory() as folder:
        device = Device(
            options.scanner,
            event=options.event,
            store=lambda: FileStore(Path(folder) / "store.jsonl"),
            connect=connect_to(broker, clock.now_ms),
            salt=lambda: secrets.token_hex(8),
            provisioned=point,
            on_scan=lambda *_: None,
        )
        device.power_on(clock.now_ms())
        try:
            until_s = time.monotonic() + options.timeout
            _pump(device, stop, until_s, lambda: device.assigned)
            device.read(options.badge, clock.now_ms(), clock.now_ms())
            _pump(device, stop, until_s, lambda: bool(device.last_verdict) or not device.queued)
            print(json.dumps(device.last_verdict or {"face": device.face}, ensure_ascii=False))
            return 0 if device.last_verdict else 1
        finally:
            device.power_off()


def _pump(device: Device, stop: threading.Event, until_s: float, done: Callable[[], bool]) -> None:
    while not stop.is_set() and time.monotonic() < until_s and not done():
        device.pump(RealClock().now_ms())
        stop.wait(0.01)


if __name__ == "__main__":
    sys.exit(main())
