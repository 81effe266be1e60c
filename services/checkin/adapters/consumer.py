"""From MQTT messages to handlers and back: what `shared.ingest.Ingest` calls for each batch."""

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import structlog
from sqlalchemy import Connection

from checkin.adapters.days import Days
from checkin.adapters.hearing import hear
from checkin.adapters.store import SqlScanStore
from checkin.domain import words
from checkin.domain.day import Day
from checkin.handlers.alerting import feedback
from checkin.handlers.scans import SOURCE, Answer, Arrival, Judged, closed, take_scans
from checkin.ports import Aside
from shared import codec, topics
from shared.alerts import Fine
from shared.facts import Verdict
from shared.ingest import Effects
from shared.mqtt import Message, Outgoing
from shared.sql.alerts import SqlAlerts
from shared.sql.outbox import Published

_log = structlog.get_logger(__name__)
DOOR = "scan/door"
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
_NOT_OURS = "its topic is none of the contract (section 4), or has a name not written in letters, digits, . _ and -"
Batch = tuple[topics.Topic, Message]


@dataclass(frozen=True)
class Consumer:
    """Handles batches inside one writing transaction each; safe to run again with the same messages."""

    days: Days
    new_id: Callable[[], str]
    owner: str
    _fine: Fine = field(default_factory=set)

    def handle(self, connection: Connection, messages: Sequence[Message]) -> Effects:
        """Judge scans and take in what other services said; what cannot be used is set aside."""
        days = self.days.now(connection)
        store = SqlScanStore(connection)
        batches: defaultdict[str, list[Batch]] = defaultdict(list)
        for message in messages:
            topic = _parsed(message.topic)
            if topic is None:
                aside = Aside("", message.topic, message.payload, "malformed", _NOT_OURS, message.received_ms)
                store.set_aside([aside])
            else:
                batches[topic.event].append((topic, message))
        effects = Effects([], [])
        for event, batch in batches.items():
            day = days.get(event)
            if day is None:
                replies, publish = self._strange(event, batch, store), list[Published]()
            else:
                replies, publish = self._of_event(connection, day, batch)
            effects = Effects([*effects.replies, *replies], [*effects.publish, *publish])
        return effects

    def _of_event(
        self, connection: Connection, day: Day, batch: Sequence[Batch]
    ) -> tuple[list[Outgoing], list[Published]]:
        scans = [(topic, message) for topic, message in batch if topic.kind == DOOR]
        others = [(topic, message) for topic, message in batch if topic.kind != DOOR]
        publish = hear(connection, day, others, owner=self.owner, new_id=self.new_id) if others else []
        if not scans:
            return [], publish
        arrivals = [Arrival(topic.name, m.topic, m.payload, m.received_ms) for topic, m in scans]
        judged = take_scans(arrivals, day=day, store=SqlScanStore(connection))
        say(day.event, judged.answers)
        publish += published(day.event, judged)
        publish += feedback(
            judged,
            event=day.event,
            alerts=SqlAlerts(connection),
            fine=self._fine,
            now_ms=arrivals[-1].received_ms,
        )
        return replies(day.event, judged.answers), publish

    def _strange(self, event: str, batch: Sequence[Batch], store: SqlScanStore) -> list[Outgoing]:
        """Messages of an event that is not loaded: set aside; a scan is answered, or it would come for ever."""
        reason = f"event {event} is not loaded here"
        store.set_aside([Aside(event, m.topic, m.payload, "unknown-event", reason, m.received_ms) for _, m in batch])
        answers = []
        for topic, message in batch:
            if topic.kind != DOOR:
                continue
            try:
                scan, _ = codec.decode_scan(message.payload)
            except codec.Malformed:
                continue
            verdict = closed(scan.id, words.UNKNOWN_EVENT, message.received_ms)
            arrival = Arrival(topic.name, message.topic, message.payload, message.received_ms)
            answers.append(Answer(arrival, codec.encode(verdict)))
        return replies(event, answers)


def say(event: str, answers: Sequence[Answer]) -> None:
    """Log lines with event, scanner and scan: of every scan when the level is debug, else of what could not be read."""
    for answer in answers:
        if answer.verdict is None:
            _log.warning("scan not read", event_id=event, scanner=answer.arrival.scanner, reason=answer.problem)
        elif _log.is_enabled_for(logging.DEBUG):
            verdict = codec.decode(answer.verdict, Verdict)
            _log.debug(
                "scan judged",
                event_id=event,
                scanner=answer.arrival.scanner,
                scan=verdict.scan,
                outcome=verdict.outcome,
                reason=verdict.reason,
            )


def replies(event: str, answers: Sequence[Answer]) -> list[Outgoing]:
    """The verdicts to publish, in the order of the scans; at QoS 0, as the scanner asks again."""
    return [
        Outgoing(topics.verdict(event, answer.arrival.scanner), answer.verdict, 0)
        for answer in answers
        if answer.verdict is not None
    ]


def published(event: str, judged: Judged) -> list[Published]:
    """The new sightings, for the other services."""
    topic = topics.sighting(event, SOURCE)
    return [(topic, codec.encode_sighting(sighting), False) for sighting in judged.sightings]


@lru_cache(maxsize=4096)
def _parsed(topic: str) -> topics.Topic | None:
    try:
        parsed = topics.parse(topic)
    except ValueError:
        return None
    names = (parsed.event, parsed.name or "-")
    return parsed if all(_NAME.fullmatch(name) for name in names) else None
