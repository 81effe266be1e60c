"""The consumer of both services: take what is queued, one transaction, answers, acknowledgements.

A message is acknowledged only after what it means is committed (CONTRACT section 4), and in the order of arrival.
So a message can come twice, and never not at all; the handlers are safe to run twice.
"""

import gc
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from shared import topics
from shared.mqtt import Message, Outgoing
from shared.sql import outbox
from shared.sql.damaged import is_damaged
from shared.sql.engine import writing

BATCH = 1000  # messages in one transaction at the most
TICK_S = 0.2  # real seconds between two ticks
TAKE_S = 0.05  # how long to wait for a first message, so that ticks come in time
MOST_UNACKNOWLEDGED = 10_000  # publications on their way to the broker before we stop taking
LONGEST_WAIT_S = 5.0  # between two attempts to reach a database that is gone
COLLECT_AFTER = 20_000  # objects: some batches; a batch of scans makes hardly any cycles
STRAYS = 50  # outbox rows that one tick publishes for others, such as who loaded a list of people
STRAYS_BUSY = 5  # the same while messages come: they wait for it
ORPHANED_S = 5  # after which another consumer's outbox row is ours to publish

T = TypeVar("T")
_log = structlog.get_logger(__name__)


class Wire(Protocol):
    """What the consumer needs of a `shared.mqtt.Link`."""

    def take(self, limit: int = ..., timeout: float = ...) -> list[Message]: ...
    def send(self, outgoing: Sequence[Outgoing], *, acks: Sequence[Message] = ...) -> list[int]: ...
    def acknowledged(self) -> set[int]: ...
    def unsent(self) -> int: ...
    @property
    def connected(self) -> bool: ...


@dataclass(frozen=True)
class Effects:
    """What follows from a batch: `replies` go out at QoS 0, `publish` goes through the outbox at QoS 1."""

    replies: Sequence[Outgoing] = ()
    publish: Sequence[outbox.Published] = ()


Handle = Callable[[Connection, Sequence[Message]], Effects]
Tick = Callable[[Connection], Sequence[outbox.Published]]


def settle() -> None:
    """Keep the garbage collector from walking through all modules again and again, for a process that only consumes.

    A full collection takes tens of milliseconds, in which scans wait. To be called once, when everything is imported.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)


@dataclass
class Ingest:
    """One consumer: its `run` is the writer thread of the process.

    `handle` and `tick` run inside the one writing transaction; `owner` is this process's name in the outbox and must
    stay the same over restarts; `new_id` makes UUIDv7; `now_ms` is the service's clock.
    """

    link: Wire
    engine: Engine
    handle: Handle
    tick: Tick
    owner: str
    new_id: Callable[[], str]
    now_ms: Callable[[], int]
    family: str = ""  # what the owners of all consumers of this service begin with
    recover: Callable[[], None] = lambda: None  # a transaction was taken back: what was remembered of it is not true
    _flying: dict[str, set[int]] = field(default_factory=dict)  # outbox row: tickets not yet acknowledged
    _landed: set[str] = field(default_factory=set)  # rows to drop at the next tick
    _unsendable: set[str] = field(default_factory=set)  # topics of fresh messages that were set aside
    _next_tick: float = 0.0
    _busy: bool = False  # messages came since the last tick

    def run(self, stop: threading.Event) -> None:
        """Consume until `stop` is set; what was taken by then is finished first."""
        while not stop.is_set():
            self.turn(stop)

    def turn(self, stop: threading.Event) -> None:
        """One round: a batch if there is one, a tick if it is time."""
        self._land()
        if self.link.unsent() > MOST_UNACKNOWLEDGED:
            stop.wait(TAKE_S)
        elif messages := self.link.take(BATCH, TAKE_S):
            self._busy = True
            self._batch(messages, stop)
        if time.monotonic() >= self._next_tick:
            self._next_tick = time.monotonic() + TICK_S
            self._tick(stop)
            self._busy = False

    def _batch(self, messages: Sequence[Message], stop: threading.Event) -> None:
        try:
            row, effects = self._patiently(lambda: self._commit(messages), stop)
        except _StoppedError:
            return
        except Exception as error:
            if len(messages) > 1:  # find the one that does it; the others must not wait for it
                for message in messages:
                    self._batch([message], stop)
                return
            _log.exception("message set aside", error=type(error).__name__)
            kind = type(error).__name__
            try:
                row, effects = self._patiently(lambda: self._set_aside(messages[0], kind), stop)
            except _StoppedError:
                return
        self._send(row, [*effects.replies, *_outgoing(effects.publish)], stop, acks=messages)

    def _commit(self, messages: Sequence[Message]) -> tuple[str, Effects]:
        row = self.new_id()
        with writing(self.engine) as connection:
            effects = self.handle(connection, messages)
            outbox.put(connection, row=row, owner=self.owner, messages=effects.publish)
        return row, effects

    def _set_aside(self, message: Message, error: str) -> tuple[str, Effects]:
        reason = f"could not be handled ({error}): this is a fault of Inloop, please report it"
        item = self._aside(message.topic, message.payload, "internal", reason, message.received_ms)
        with writing(self.engine) as connection:
            outbox.quarantine(connection, [item])
        return "", Effects()

    def _aside(self, topic: str, payload: bytes, kind: str, reason: str, received_ms: int) -> outbox.Quarantined:
        return outbox.Quarantined(
            id=self.new_id(),
            event=_event_of(topic),
            topic=topic,
            payload=payload,
            kind=kind,
            reason=reason,
            received_ms=received_ms,
        )

    # -- sending -------------------------------------------------------------------------------------

    def _send(
        self, row: str, outgoing: Sequence[Outgoing], stop: threading.Event, *, acks: Sequence[Message] = ()
    ) -> None:
        """Send what outbox row `row` holds (and replies), then acknowledge; what no broker takes is set aside.

        An empty `row` is none: for fresh messages, that each tick makes again, and that are set aside once.
        """
        try:
            tickets = self.link.send(outgoing, acks=acks)
        except ValueError:
            tickets, refused = self._send_singly(outgoing)
            if not row:
                self._unsendable |= {outgoing[position].topic for position in refused}
            try:
                self._patiently(lambda: self._set_unsendable_aside(row, outgoing, refused), stop)
            except _StoppedError:
                return  # nothing is acknowledged and the row is still there: all of it comes again
            self.link.send([], acks=acks)
        if row and tickets:
            self._flying[row] = set(tickets)

    def _send_singly(self, outgoing: Sequence[Outgoing]) -> tuple[list[int], dict[int, str]]:
        """Tickets of what could be sent, and why the others could not, by their position."""
        tickets: list[int] = []
        refused: dict[int, str] = {}
        for position, message in enumerate(outgoing):
            try:
                tickets += self.link.send([message])
            except ValueError as error:
                refused[position] = str(error)
                _log.error("message cannot be sent, set aside", topic=message.topic, error=str(error))
        return tickets, refused

    def _set_unsendable_aside(self, row: str, outgoing: Sequence[Outgoing], refused: dict[int, str]) -> None:
        """Keep what no broker takes in quarantine, and the outbox row without it."""
        with writing(self.engine) as connection:
            items = [
                self._aside(message.topic, message.payload, "unsendable", refused[position], self.now_ms())
                for position, message in enumerate(outgoing)
                if position in refused
            ]
            outbox.quarantine(connection, items)
            if row:
                rest = [one for position, one in enumerate(outgoing) if position not in refused and one.qos]
                outbox.drop(connection, [row])
                kept = [(one.topic, one.payload, one.retain) for one in rest]
                outbox.put(connection, row=row, owner=self.owner, messages=kept)

    # -- ticks ---------------------------------------------------------------------------------------

    def _tick(self, stop: threading.Event) -> None:
        try:
            fresh, rows = self._patiently(self._commit_tick, stop)
        except _StoppedError:
            return
        sending = [one for one in _outgoing(fresh) if one.topic not in self._unsendable]
        if sending and self.link.connected:  # else they would pile up, each out of date when the broker is back
            self._send("", sending, stop)
        for row, messages in rows:
            self._send(row, _outgoing(messages), stop)

    def _commit_tick(self) -> tuple[Sequence[outbox.Published], list[tuple[str, list[outbox.Published]]]]:
        with writing(self.engine) as connection:
            fresh = self.tick(connection)
            landed = self._drop(connection)
            room = self.link.unsent() < MOST_UNACKNOWLEDGED // 2
            rows = self._strays(connection) if room else []
        self._landed -= landed
        return fresh, rows

    def _strays(self, connection: Connection) -> list[tuple[str, list[outbox.Published]]]:
        """Rows that nobody is publishing: of web and command line, of our last life, of a consumer that died."""
        skip, most = [*self._flying, *self._landed], STRAYS_BUSY if self._busy else STRAYS
        others = outbox.Others(self.family, self.owner, _begin_of(time.time() - ORPHANED_S)) if self.family else None
        return [(row, messages) for row, _, messages in outbox.waiting(connection, skip=skip, limit=most, but=others)]

    def _drop(self, connection: Connection) -> set[str]:
        landed = set(self._landed)
        outbox.drop(connection, landed)
        return landed

    def _land(self) -> None:
        tickets = self.link.acknowledged()
        if not tickets:
            return
        for row, waiting in list(self._flying.items()):
            waiting -= tickets
            if not waiting:
                del self._flying[row]
                self._landed.add(row)

    def _patiently(self, work: Callable[[], T], stop: threading.Event) -> T:
        """Do it again, with growing pauses, for as long as the database is gone or full."""
        wait = 0.1
        while True:
            try:
                return work()
            except DBAPIError as error:
                if not _passing(error):
                    raise
                _log.warning("database does not answer, nothing is acknowledged", error=str(error.orig)[:200])
                self.recover()
            if stop.wait(wait):
                raise _StoppedError
            wait = min(wait * 2, LONGEST_WAIT_S)


def _passing(error: DBAPIError) -> bool:
    """Whether it is the database that fails (gone, locked, disk full, its file damaged), not what it was asked."""
    gone = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return gone or is_damaged(error.orig)


class _StoppedError(Exception):
    """Asked to stop while the database was gone: nothing was acknowledged, so all of it comes again."""


def _outgoing(messages: Sequence[outbox.Published]) -> list[Outgoing]:
    return [Outgoing(topic, payload, 1, retain) for topic, payload, retain in messages]


def _event_of(topic: str) -> str:
    """The event of a topic of ours, also of one that is not a topic of the contract; empty for any other."""
    try:
        return topics.parse(topic).event
    except ValueError:
        below = topic.removeprefix(f"{topics.ROOT}/")
        return "" if below == topic else below.partition("/")[0]


def _begin_of(seconds: float) -> str:
    """How a UUIDv7 of that moment begins (RFC 9562)."""
    digits = f"{int(seconds * 1000):012x}"
    return f"{digits[:8]}-{digits[8:]}"
