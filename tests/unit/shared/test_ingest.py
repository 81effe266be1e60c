"""The consumer: committed first, acknowledged last, nothing lost, nothing stuck."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase

from shared import ids, ingest
from shared.ingest import Effects, Ingest
from shared.mqtt import Message, Outgoing
from shared.sql import outbox, tables
from shared.sql.engine import make_engine, reading, writing


class Base(DeclarativeBase):
    """Tables of a service that is only here."""


class OutboxRow(tables.OutboxTable, Base):
    """outbox."""


class QuarantineRow(tables.QuarantineTable, Base):
    """quarantine."""


class FakeWire:
    """A link without a broker; it notes what was in the database when it was told to send."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.queue: list[Message] = []
        self.sent: list[Outgoing] = []
        self.acked: list[Message] = []
        self.waiting: set[int] = set()
        self.committed_at_ack = 0

    def take(self, limit: int = 1000, timeout: float = 0.1) -> list[Message]:
        taken, self.queue = self.queue[:limit], self.queue[limit:]
        return taken

    def send(self, outgoing: Sequence[Outgoing], *, acks: Sequence[Message] = ()) -> list[int]:
        with reading(self._engine) as connection:
            self.committed_at_ack = connection.execute(text("SELECT count(*) FROM outbox")).scalar() or 0
        first = len(self.sent)
        self.sent += outgoing
        self.acked += acks
        tickets = [first + n for n, message in enumerate(outgoing) if message.qos == 1]
        self.waiting |= set(tickets)
        return tickets

    def acknowledged(self) -> set[int]:
        done, self.waiting = self.waiting, set()
        return done

    def unsent(self) -> int:
        return len(self.waiting)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A SQLite file with outbox and quarantine."""
    made = make_engine(f"sqlite:///{tmp_path / 'test.db'}", schema="")
    Base.metadata.create_all(made)
    yield made
    made.dispose()


def test_what_a_batch_means_is_committed_before_it_is_acknowledged(engine: Engine) -> None:
    """Outbox row first, then replies, publications and acknowledgements, in the order of arrival."""
    wire = FakeWire(engine)
    wire.queue = [_message(1), _message(2)]
    consumer = _consumer(wire, engine, _echo)
    consumer.turn(threading.Event())
    assert wire.committed_at_ack == 1
    assert [m.arrival for m in wire.acked] == [1, 2]
    assert [(m.topic, m.qos) for m in wire.sent] == [("reply", 0), ("fact", 1), ("fact", 1)]
    consumer.turn(threading.Event())  # the broker has them
    consumer._next_tick = 0
    consumer.turn(threading.Event())
    assert _rows(engine, "outbox") == 0


def test_a_database_that_is_gone_is_waited_for_and_nothing_is_acknowledged(engine: Engine) -> None:
    """The batch is tried again until it is stored, and then acknowledged once."""
    failures = iter([True, True, False])
    wire = FakeWire(engine)
    wire.queue = [_message(1)]

    def handle(connection: Connection, messages: Sequence[Message]) -> Effects:
        assert not wire.acked
        if next(failures):
            raise OperationalError("insert", {}, Exception("disk is full"))
        return _echo(connection, messages)

    _consumer(wire, engine, handle).turn(threading.Event())
    assert [m.arrival for m in wire.acked] == [1]


def test_stopping_while_the_database_is_gone_acknowledges_nothing(engine: Engine) -> None:
    """The broker keeps what was not stored."""
    wire = FakeWire(engine)
    wire.queue = [_message(1)]
    stop = threading.Event()

    def handle(connection: Connection, messages: Sequence[Message]) -> Effects:
        stop.set()
        raise OperationalError("insert", {}, Exception("server closed the connection"))

    _consumer(wire, engine, handle).turn(stop)
    assert wire.acked == []


def test_one_message_that_cannot_be_handled_does_not_stop_the_others(engine: Engine) -> None:
    """It is set aside with its bytes; the others are answered; all are acknowledged in order."""
    wire = FakeWire(engine)
    wire.queue = [_message(1), _message(2, b"poison"), _message(3)]

    def handle(connection: Connection, messages: Sequence[Message]) -> Effects:
        if any(m.payload == b"poison" for m in messages):
            raise RuntimeError("a fault of ours")
        return _echo(connection, messages)

    _consumer(wire, engine, handle).turn(threading.Event())
    assert [m.arrival for m in wire.acked] == [1, 2, 3]
    assert len([m for m in wire.sent if m.topic == "fact"]) == 2
    with reading(engine) as connection:
        kept = connection.execute(text("SELECT payload, kind, reason FROM quarantine")).one()
    assert (bytes(kept.payload), kept.kind) == (b"poison", "internal")


def test_what_a_life_before_did_not_get_to_publish_is_published(engine: Engine) -> None:
    """Rows of our last life and of web and command line go out; a living sibling's fresh rows do not."""
    with writing(engine) as connection:
        for owner in ("checkin-ingest-1", "web-7", "checkin-ingest-2"):
            outbox.put(connection, row=ids.new_id(), owner=owner, messages=[(owner, b"x", False)])
    wire = FakeWire(engine)
    consumer = _consumer(wire, engine, _echo)
    consumer.turn(threading.Event())
    assert {m.topic for m in wire.sent} == {"checkin-ingest-1", "web-7"}
    consumer._next_tick = 0
    consumer.turn(threading.Event())
    assert _rows(engine, "outbox") == 1


def test_a_dead_siblings_rows_are_taken_over(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while without being published, a row belongs to whoever sees it."""
    monkeypatch.setattr(ingest, "ORPHANED_S", -60)
    with writing(engine) as connection:
        outbox.put(connection, row=ids.new_id(), owner="checkin-ingest-2", messages=[("late", b"x", True)])
    wire = FakeWire(engine)
    _consumer(wire, engine, _echo).turn(threading.Event())
    assert [m.topic for m in wire.sent] == ["late"]


def _consumer(wire: FakeWire, engine: Engine, handle: ingest.Handle) -> Ingest:
    return Ingest(
        link=wire,
        engine=engine,
        handle=handle,
        tick=lambda _: (),
        owner="checkin-ingest-1",
        family="checkin-ingest-",
        new_id=ids.new_id,
        now_ms=lambda: 0,
    )


def _echo(_: Connection, messages: Sequence[Message]) -> Effects:
    return Effects(replies=[Outgoing("reply", b"", 0)], publish=[("fact", m.payload, False) for m in messages])


def _message(arrival: int, payload: bytes = b"{}") -> Message:
    return Message("inloop/1/e1/scan/door/kerk-1", payload, False, 0, arrival)


def _rows(engine: Engine, table: str) -> int:
    with reading(engine) as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() or 0
