"""Check-in with a small day of its own, and hands that scan badges there."""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from checkin.adapters.consumer import Consumer
from checkin.adapters.ticker import Ticker
from checkin.settings import Settings
from checkin.wiring import CheckIn, build
from shared import codec, facts, instants, topics
from shared.ingest import Effects
from shared.mqtt import Message
from shared.people import PersonRow
from shared.sql import outbox
from shared.sql.engine import writing

EVENT = "small-day"
DAY = b"""
event: small-day
title: {nl: Kleine dag, en: Small day}
zone: Europe/Amsterdam
date: 2024-01-11
locations:
  - {id: kerk, name: Kerk, address: Almelo, capacity: 50}
  - id: huis
    name: Stadhuis
    address: Almelo
    capacity: 50
    rooms:
      - {id: zaal, name: Zaal, floor: 1, capacity: 2}
      - {id: hal, name: Hal, floor: 0, capacity: 40}
groups:
  - {id: rood, name: {nl: Rood, en: Red}, kind: pillar}
  - {id: blauw, name: {nl: Blauw, en: Blue}, kind: pillar}
items:
  - {id: plenair, title: {nl: Plenair, en: Plenary}, start: "10:00", end: "11:30", place: kerk}
  - id: ronde-rood
    title: {nl: Ronde rood, en: Round red}
    start: "12:00"
    end: "13:00"
    place: huis.zaal
    groups: [rood]
  - id: ronde-blauw
    title: {nl: Ronde blauw, en: Round blue}
    start: "12:00"
    end: "13:00"
    place: huis.hal
    groups: [blauw]
transfers:
  - id: t1
    title: {nl: Naar het stadhuis, en: To the city hall}
    start: "11:30"
    end: "12:00"
    grace: 10
    legs:
      - {id: t1-huis, origin: kerk, destination: huis, groups: [rood, blauw], minutes: 8}
coaches:
  - {id: b1, name: B1, plate: AA-11-BB, seats: 50, wheelchairs: 1, operator: Bus, phone: "+31 6 00 00 00 01"}
runs:
  - {id: t1-b1, name: B1, coach: b1, leg: t1-huis, open: "11:20", depart: "11:42", arrive: "11:50", kerb: Plein}
checkpoints:
  - {id: kerk-in, place: kerk, direction: in}
  - {id: kerk-out, place: kerk, direction: out}
  - {id: huis-in, place: huis, direction: in}
  - {id: huis-out, place: huis, direction: out, away_from: "13:00"}
  - {id: zaal-in, place: huis.zaal, direction: in}
  - {id: zaal-out, place: huis.zaal, direction: out}
  - {id: zaal-strict, place: huis.zaal, direction: in, policy: strict}
  - {id: zaal-count, place: huis.zaal, direction: in, policy: count}
  - {id: kerk-named, place: kerk, direction: in, show_name: true}
  - {id: coach-b1, coach: b1, direction: in}
scanners:
  - {id: kerk-1, checkpoint: kerk-in}
  - {id: bus-1, checkpoint: coach-b1}
"""
OTHER_DAY = DAY.replace(b"event: small-day", b"event: other-day")


def at(clock: str) -> int:
    """A moment of that day, local time such as `11:30` or `11:30:05.250`."""
    return instants.to_ms(f"2024-01-11T{clock if clock.count(':') == 2 else clock + ':00'}+01:00")


def row(
    name: str,
    *,
    id: str | None = None,  # noqa: A002 # the column's own name
    badge: str | None = None,
    groups: Sequence[str] = ("rood",),
    organisation: str | None = "Almelo",
    **more: Any,
) -> PersonRow:
    """A line of a list of people."""
    given = {"email": None, "phone": None, "needs": None, "line": 2, **more}
    return PersonRow(id=id, name=name, organisation=organisation, groups=frozenset(groups), badge=badge, **given)


PEOPLE = tuple(
    row(f"Persoon {n}", id=f"p{n}", badge=f"badge-{n}", groups=("rood",) if n % 2 else ("blauw",)) for n in range(1, 9)
)


@dataclass
class Site:
    """Check-in on a database, with its clock in the hand of the test."""

    checkin: CheckIn
    now_ms: int = field(default_factory=lambda: at("10:00"))

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self.consumer: Consumer
        self.ticker: Ticker
        self.restart()

    def restart(self) -> None:
        """A new process: nothing in memory."""
        self.consumer, self.ticker = self.checkin.consumer()
        self.ticker.now_ms = lambda: self.now_ms

    def scan(self, badge: str, checkpoint: str, clock: str | int, **more: Any) -> dict[str, Any]:
        """A Scan as a device sends it, with an id of its own."""
        at_ms = at(clock) if isinstance(clock, str) else clock
        return {
            "id": f"scan-{next(self._numbers):06}",
            "badge": badge,
            "checkpoint": checkpoint,
            "at": instants.to_text(at_ms),
            **more,
        }

    def handle(self, *messages: Message) -> Effects:
        """One batch, as the consumer takes it."""
        with writing(self.checkin.engine) as connection:
            return self.consumer.handle(connection, messages)

    def tick(self, *, kept: bool = False) -> dict[str, bytes]:
        """One tick; what it publishes by topic: what is fresh each time, or what it kept in the outbox."""
        with writing(self.checkin.engine) as connection:
            before = {row for row, _, _ in outbox.waiting(connection, limit=1000)}
            fresh = list(self.ticker.tick(connection))
            rows = [messages for row, _, messages in outbox.waiting(connection, limit=1000) if row not in before]
        return {topic: payload for messages in (rows if kept else [fresh]) for topic, payload, _ in messages}

    def handle_scan(
        self,
        *scans: Mapping[str, Any] | bytes,
        scanner: str = "kerk-1",
        event: str = EVENT,
        received: str | int | None = None,
    ) -> Effects:
        """Send scans in one batch, received as late as the latest of them says, or when told."""
        if isinstance(received, str):
            received = at(received)
        when = received if received is not None else max([self.now_ms, *(_said(scan) for scan in scans)])
        payloads = [scan if isinstance(scan, bytes) else json.dumps(scan).encode() for scan in scans]
        return self.handle(*(Message(topics.door_scan(event, scanner), p, False, when) for p in payloads))

    def door(self, *scans: Mapping[str, Any] | bytes, **more: Any) -> list[facts.Verdict]:
        """Send scans in one batch; the verdicts in their order."""
        effects = self.handle_scan(*scans, **more)
        assert all(reply.topic.split("/")[3] == "verdict" and reply.qos == 0 for reply in effects.replies)
        return [codec.decode(reply.payload, facts.Verdict) for reply in effects.replies]

    def pass_door(self, badge: str, checkpoint: str, clock: str, **more: Any) -> facts.Verdict:
        """One scan, one verdict."""
        return self.door(self.scan(badge, checkpoint, clock, **more))[0]

    def hear(self, topic: str, fact: msgspec.Struct | bytes) -> Effects:
        """A message from another service."""
        payload = fact if isinstance(fact, bytes) else codec.encode(fact)
        return self.handle(Message(topic, payload, False, self.now_ms))

    def transport_saw(self, sighting: facts.Sighting) -> Effects:
        """A sighting from transport."""
        return self.hear(topics.sighting(EVENT, "transport"), codec.encode_sighting(sighting))

    def places(self) -> dict[str, str]:
        """Where each person is."""
        return {one.person: one.place for one in self.checkin.persons("", 1000, None).persons}

    def aside(self) -> list[str]:
        """The kinds of what is in quarantine."""
        return sorted(one.kind for one in self.checkin.quarantined())


def _said(scan: Mapping[str, Any] | bytes) -> int:
    if isinstance(scan, bytes):
        return 0
    said = instants.to_ms(scan["at"])
    return said if at("00:00") < said < at("23:59") else 0


def make_site(folder: Path, database_url: str, *, people: Sequence[PersonRow] = PEOPLE, day: bytes = DAY) -> Site:
    """Check-in with tables, the small day and its people."""
    site = new_site(folder, database_url)
    site.checkin.load_programme(day)
    site.checkin.load_people(people)
    return site


def new_site(folder: Path, database_url: str, mqtt: str = "mqtt://127.0.0.1:1883") -> Site:
    """Check-in with tables and nothing in them; its clock stands at 10:00 of the small day."""
    environ = {
        "INLOOP_DATA": str(folder),
        "INLOOP_DATABASE": database_url,
        "INLOOP_MQTT": mqtt,
        "INLOOP_EVENT": EVENT,
        "INLOOP_CLOCK": "2024-01-11T09:00:00Z@0.000001@1704961200",
    }
    site = Site(build(Settings.from_env(environ)))
    site.checkin.migrate()
    return site


def balance(count: facts.Headcount) -> int:
    """0 when everybody registered is in exactly one place (CONTRACT section 2)."""
    locations = sum(place.present for place in count.places if place.kind == "location")
    runs = sum(run.aboard for run in count.runs)
    return count.registered - count.expected - locations - runs - count.underway - count.away
