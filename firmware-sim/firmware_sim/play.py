"""Puts a simulated day together: the only place of the simulator that opens connections and owns clock and chance."""

import json
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware_sim.day import plan_day
from firmware_sim.device import Connect, Device, Pipe, limits_for, provisioned
from firmware_sim.faults import FaultKind, FaultPlan, Mangler, plan_faults
from firmware_sim.fleet import Cursor, Fleet, Journal, timeline_of
from firmware_sim.people import Guest, chance
from firmware_sim.store import FileStore
from firmware_sim.truth import Truth
from shared import codec, topics
from shared.clock import Clock
from shared.facts import Passengers
from shared.mqtt import BrokerAddress, Link, Outgoing
from shared.programme import Programme

SETTLED_S = 1.0  # real seconds without a new passenger list, after which everybody who travels has a seat
RESTED_S = 5.0  # the same where some have none: perhaps there is none for them, perhaps their cards are still to come
SIMULATOR = "sim"  # the MQTT user that may read passenger lists
Seats = dict[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Broker:
    """Where the broker is; `passwords` by MQTT user, none for a broker that asks for none."""

    host: str
    port: int
    passwords: dict[str, str]

    def address(self, user: str) -> BrokerAddress:
        """The address for one user."""
        known = user in self.passwords
        return BrokerAddress(self.host, self.port, user if known else None, self.passwords.get(user))


def read_passwords(source: Path | None) -> dict[str, str]:
    """Passwords by user, from a folder with a file for each or from one JSON object."""
    if source is None:
        return {}
    if source.is_dir():
        return {path.name: path.read_text().strip() for path in source.iterdir() if path.is_file()}
    read = json.loads(source.read_text())
    return {str(user): str(password) for user, password in read.items()}


def connect_to(broker: Broker, now_ms: Callable[[], int]) -> Connect:
    """Pipes that are real MQTT links; a scanner's MQTT user is its id."""

    def connect(name: str, subscriptions: Sequence[tuple[str, int]], will: Outgoing) -> Pipe:
        return Link(
            broker.address(name), client_id=name, subscriptions=subscriptions, will=will, clean=True, now_ms=now_ms
        )

    return connect


def make_devices(
    programme: Programme,
    *,
    state: Path,
    journal: Journal,
    connect: Connect,
    speed: float,
    faults: FaultPlan,
    seed: int,
) -> dict[str, Device]:
    """One device for each scanner of the programme; what their stores still hold is in the journal too."""
    devices: dict[str, Device] = {}
    for spec in programme.scanners:
        point = programme.checkpoint(spec.checkpoint)
        path = state / "scanners" / f"{spec.id}.jsonl"
        # a kill between store and journal leaves a scan in the store alone; it was not sent yet
        for record in FileStore(path).records():
            journal.add(spec.id, record["kind"], record["scan"])
        devices[spec.id] = Device(
            spec.id,
            event=programme.event,
            store=lambda path=path: FileStore(path),  # type: ignore[misc] # mypy knows no types of lambda defaults
            connect=connect,
            salt=lambda: secrets.token_hex(8),
            provisioned=provisioned(point.id, point.kind, point.direction),
            on_scan=journal.add,
            limits=limits_for(speed),
            lag_ms=faults.lag_ms.get(spec.id, 0),
            mangler=Mangler(chance(seed, spec.id, "mangler")) if spec.id in faults.mangled else None,
            chance=chance(seed, spec.id, "health"),
        )
    return devices


def travellers(programme: Programme, people: Sequence[Guest]) -> int:
    """How many seats the day needs: everybody on every transfer that takes them by coach."""
    legs = [transfer.leg_for(guest.groups) for transfer in programme.transfers for guest in people]
    return sum(leg is not None and leg.mode == "coach" for leg in legs)


def await_seats(link: Pipe, runs: Sequence[str], *, needed: int = 0, timeout_s: float, stop: threading.Event) -> Seats:
    """Who has a seat on each run, from the retained passenger lists; those that came within `timeout_s` seconds.

    Lists are empty until the coaches were filled, so it waits for one that is not, and for them to settle; longer while
    fewer than `needed` have a seat.
    """
    seats: Seats = {}
    link.start()
    deadline = time.monotonic() + timeout_s
    try:
        quiet_since = time.monotonic()
        while not stop.is_set() and time.monotonic() < deadline:
            whole = seats.keys() >= set(runs) and any(seats.values())
            rest_s = SETTLED_S if sum(map(len, seats.values())) >= needed else RESTED_S
            if whole and time.monotonic() - quiet_since > rest_s:
                break
            messages = link.take(1000, 0.1)
            quiet_since = time.monotonic() if messages else quiet_since
            for message in messages:
                try:
                    passengers = codec.decode(message.payload, Passengers)
                except codec.Malformed:
                    continue
                seats[passengers.run] = passengers.persons
            link.send(acks=messages)
    finally:
        link.stop()
    return seats


def kept_seats(state: Path, fetch: Callable[[], Seats]) -> Seats:
    """The seats that the day was planned with: fetched once, then the same after every restart."""
    path = state / "seats.json"
    if path.exists():
        return {run: tuple(persons) for run, persons in json.loads(path.read_text()).items()}
    seats = fetch()
    if seats:
        state.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")  # never half a file: the next start could not read it
        fresh.write_text(json.dumps(seats))
        fresh.replace(path)
    return seats


def seats_link(broker: Broker, event: str) -> Link:
    """The simulator's own link, that hears the passenger lists."""
    return Link(
        broker.address(SIMULATOR),
        client_id=f"{SIMULATOR}-{secrets.token_hex(4)}",
        subscriptions=[(topics.passengers(event, "+"), 1)],
        clean=True,
    )


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day that is ready to be played."""

    programme: Programme
    people: tuple[Guest, ...]
    seats: Seats
    journal: Journal
    fleet: Fleet
    faults: FaultPlan
    seed: int

    def play(self, until_ms: int) -> None:
        """Play the plan from now up to `until_ms`."""
        steps = plan_day(self.programme, self.people, self.seats, self.seed)
        self.fleet.play(timeline_of(steps, self.faults.switches), until_ms)

    def truth(self) -> Truth:
        """What the services must say about what was read so far."""
        return Truth(self.programme, self.people, self.journal.readings(), self.seats)


def make_day(
    programme: Programme,
    people: tuple[Guest, ...],
    seats: Seats,
    *,
    clock: Clock,
    state: Path,
    connect: Connect,
    faults: frozenset[FaultKind],
    seed: int,
    stop: threading.Event,
    after_round: Callable[[int], None],
) -> Day:
    """Put a day together; nothing is connected yet."""
    plan = plan_faults(programme, faults)
    journal = Journal(state / "journal.jsonl")
    devices = make_devices(
        programme, state=state, journal=journal, connect=connect, speed=clock.speed, faults=plan, seed=seed
    )
    cursor = Cursor(state / "cursor.json")
    fleet = Fleet(devices, clock=clock, cursor=cursor, stop=stop, after_round=after_round)
    return Day(programme=programme, people=people, seats=seats, journal=journal, fleet=fleet, faults=plan, seed=seed)


def truth_file(day: Day, moments_ms: Sequence[int], *, final: bool) -> dict[str, Any]:
    """The truth at chosen moments, keyed by their local time."""
    truth = day.truth()
    refused = list(truth.refused.values())
    return {
        "event": day.programme.event,
        "seed": day.seed,
        "final": final,
        "readings": len(day.journal),
        "refused": {reason: refused.count(reason) for reason in sorted(set(refused))},
        "moments": {
            day.programme.local(moment_ms).strftime("%H:%M"): truth.as_json(moment_ms) for moment_ms in moments_ms
        },
    }
