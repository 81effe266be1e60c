"""A small day with two coaches, and a transport service on a real database without a broker."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec
from sqlalchemy import text

from shared import badge, codec, instants, seal, topics
from shared.facts import Personal, PersonCard, RunState, Scan, Sighting, Verdict
from shared.ingest import Effects
from shared.mqtt import Message
from shared.sql import outbox
from shared.sql.engine import reading, writing
from transport.adapters.consumer import Consumer
from transport.handlers.steps import Asked, Refused, Stepped
from transport.wiring import Transport

EVENT = "small-2024"
PROGRAMME = b"""
event: small-2024
title: {nl: Kleine dag, en: Small day}
zone: Europe/Amsterdam
date: 2024-01-11
locations:
  - {id: church, name: Church, capacity: 100}
  - {id: mill, name: The Mill, capacity: 100}
  - {id: hall, name: Town Hall, capacity: 100, rooms: [{id: attic, name: Attic, floor: 2, capacity: 20}]}
groups:
  - {id: north, name: {nl: Noord, en: North}, kind: pillar}
  - {id: south, name: {nl: Zuid, en: South}, kind: pillar}
items:
  - {id: coffee, title: {nl: Koffie, en: Coffee}, start: "10:00", end: "11:30", place: church}
  - {id: visit-mill, title: {nl: Molen, en: Mill}, start: "12:00", end: "13:00", place: mill, groups: [north]}
  - {id: visit-hall, title: {nl: Stadhuis, en: Hall}, start: "12:00", end: "13:00", place: hall, groups: [south]}
  - {id: drinks, title: {nl: Borrel, en: Drinks}, start: "14:00", end: "16:00", place: hall}
transfers:
  - id: t1
    title: {nl: Heen, en: Out}
    start: "11:30"
    end: "12:00"
    grace: 10
    legs:
      - {id: t1-mill, origin: church, destination: mill, groups: [north], minutes: 8}
      - {id: t1-hall, origin: church, destination: hall, groups: [south], minutes: 8}
  - id: t2
    title: {nl: Door, en: Onwards}
    start: "13:30"
    end: "14:00"
    grace: 10
    legs:
      - {id: t2-hall, origin: mill, destination: hall, groups: [north], minutes: 8}
coaches:
  - {id: b1, name: B1, seats: 4, wheelchairs: 1}
  - {id: b2, name: B2, seats: 3, wheelchairs: 0}
  - {id: b3, name: B3, seats: 4, wheelchairs: 0}
runs:
  - {id: t1-b1, name: B1, coach: b1, leg: t1-mill, open: "11:20", depart: "11:40", arrive: "11:50", kerb: Stop A}
  - {id: t1-b2, name: B2, coach: b2, leg: t1-mill, open: "11:20", depart: "11:44", arrive: "11:54", kerb: Stop B}
  - {id: t1-b3, name: B3, coach: b3, leg: t1-hall, open: "11:20", depart: "11:42", arrive: "11:52"}
  - {id: t2-b1, name: B1, coach: b1, leg: t2-hall, open: "13:20", depart: "13:40", arrive: "13:50"}
  - {id: t2-b2, name: B2, coach: b2, leg: t2-hall, open: "13:20", depart: "13:44", arrive: "13:54"}
checkpoints:
  - {id: church-in, place: church, direction: in}
  - {id: church-out, place: church, direction: out}
  - {id: mill-in, place: mill, direction: in}
  - {id: coach-b1, coach: b1, direction: in, show_name: true}
  - {id: coach-b1-out, coach: b1, direction: out}
  - {id: coach-b2, coach: b2, direction: in}
  - {id: coach-b3, coach: b3, direction: in, policy: strict}
scanners:
  - {id: b1, checkpoint: coach-b1}
  - {id: b2, checkpoint: coach-b2}
  - {id: b3, checkpoint: coach-b3}
"""


def at(clock: str) -> int:
    """A moment of the day, local time `HH:MM` or `HH:MM:SS`."""
    return instants.to_ms(f"2024-01-11T{clock if clock.count(':') == 2 else clock + ':00'}.000+01:00")


class HandClock:
    """A clock that the test sets."""

    speed = 1.0

    def __init__(self) -> None:
        self.now = at("09:00")

    def now_ms(self) -> int:
        """What the test set."""
        return self.now

    def sleep_until(self, at_ms: int) -> None:
        """Nobody waits in a test."""
        self.now = max(self.now, at_ms)


@dataclass
class World:
    """A transport service, and what a broker would carry to and from it."""

    transport: Transport
    clock: HandClock
    consumer: Consumer
    published: list[tuple[str, bytes, bool]] = field(default_factory=list)
    replies: list[Verdict] = field(default_factory=list)
    _count: int = 0

    # -- towards the service -----------------------------------------------------------------------

    def give(self, *messages: tuple[str, bytes]) -> Effects:
        """Hand the consumer one batch."""
        batch = [Message(topic, payload, False, self.clock.now, n) for n, (topic, payload) in enumerate(messages, 1)]
        with writing(self.transport.engine) as connection:
            effects = self.consumer.handle(connection, batch)
        self.published += effects.publish
        self.replies += [codec.decode(reply.payload, Verdict) for reply in effects.replies]
        return effects

    def tick(self) -> None:
        """Let time pass for the consumer; what it puts in the outbox is published, too."""
        with writing(self.transport.engine) as connection:
            self.published += self.consumer.tick(connection)
            for row, _, messages in outbox.waiting(connection):
                self.published += messages
                outbox.drop(connection, [row])

    def settle(self) -> None:
        """Tick as if no card had come for a while, so that seats are filled."""
        self.consumer._last_card_ms = 0
        self.tick()

    def cards(self, *cards: tuple[str, str, str, str], rev: int = 1) -> None:
        """Cards of (person, group, organisation, needs); the badge of `p1` is `badge-p1`."""
        self.give(*[(topics.person(EVENT, c[0]), codec.encode(self.card(*c, rev=rev))) for c in cards])

    def card(self, person: str, group: str, organisation: str, needs: str = "", *, rev: int = 1) -> PersonCard:
        """One card."""
        keys = self.transport.settings.secrets.event_keys(EVENT)
        personal = Personal(name=f"Name of {person}", organisation=organisation, phone="+31 6 00", needs=needs)
        return PersonCard(
            person=person,
            rev=rev,
            groups=(group,) if group else (),
            badges=(badge.digest(f"badge-{person}"),),
            revoked=(badge.digest(f"old-{person}"),),
            sealed=seal.seal(personal, person=person, key=keys.seal),
        )

    def scan(self, code: str, checkpoint: str, clock: str, *, identity: str = "", **more: Any) -> Verdict:
        """One scan on the topic of scanner `b1`; its verdict."""
        self.clock.now = max(self.clock.now, at(clock))
        topic, payload = self.scan_message(code, checkpoint, clock, identity=identity, **more)
        self.give((topic, payload))
        return self.replies[-1]

    def scan_message(
        self, code: str, checkpoint: str, clock: str, *, identity: str = "", **more: Any
    ) -> tuple[str, bytes]:
        """Topic and payload of a scan."""
        self._count += 1
        fact = Scan(
            id=identity or f"scan-{self._count:08}",
            badge=code,
            checkpoint=checkpoint,
            at=instants.to_text(at(clock)),
            **more,
        )
        return topics.coach_scan(EVENT, "b1"), codec.encode(fact)

    def seen(self, person: str, place: str, clock: str, *, void: str | None = None, sequence: int = 0) -> str:
        """A sighting of check-in; returns its id."""
        self._count += 1
        identity = f"door-{self._count:08}"
        fact = Sighting(
            id=identity,
            event=EVENT,
            person=person,
            place=place,
            at_ms=at(clock),
            how="scanned",
            source="checkin",
            void=void,
            sequence=sequence or self._count,
        )
        self.give((topics.sighting(EVENT, "checkin"), codec.encode_sighting(fact)))
        return identity

    def step(self, run: str, step: str, clock: str, **more: Any) -> Stepped | Refused:
        """A step of a run, at its moment; the gate is overridden with a reason, unless one is given (perhaps empty)."""
        self.clock.now = max(self.clock.now, at(clock))
        more = {"reason": "a test"} | more
        return self.transport.step(Asked(run, step, "coordinator", at_ms=at(clock), **more))

    # -- from the service --------------------------------------------------------------------------

    def places(self) -> dict[str, str]:
        """Where everybody is."""
        with reading(self.transport.engine) as connection:
            return {row.person: row.place for row in connection.execute(text("SELECT person, place FROM presence"))}

    def aside(self) -> list[str]:
        """The kinds of what was set aside."""
        with reading(self.transport.engine) as connection:
            return [row.kind for row in connection.execute(text("SELECT kind FROM quarantine ORDER BY received_ms"))]

    def sightings(self) -> list[Sighting]:
        """The sightings that were published."""
        return [codec.decode_sighting(payload) for topic, payload, _ in self.published if "/sighting/" in topic]

    def run_state(self, run: str) -> RunState:
        """What the retained topic of a run says now."""
        said = [payload for topic, payload, retain in self.published if topic == topics.run(EVENT, run) and retain]
        return msgspec.json.decode(said[-1], type=RunState)

    def listed(self, run: str) -> list[str]:
        """Who has a seat on a run, as the retained topic says."""
        said = [payload for topic, payload, _ in self.published if topic == topics.passengers(EVENT, run)]
        return list(msgspec.json.decode(said[-1])["persons"])


class Make(Protocol):
    """Makes a migrated service with the small day loaded."""

    def __call__(self, *, auto_steps: bool = False) -> World: ...
