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
        self.connected = True
        self.committed_at_ack = 0

    def take(self, limit: int = 1000, timeout: float = 0.1) -> list[Message]:
        taken, self.queue = self.queue[:limit], self.queue[limit:]
        return taken

    def send(self, outgoing: Sequence[Outgoing], *, acks: Sequence[Message] = ()) -> list[int]:
        with reading(self._engine) as connection:
            self.committed_at_ack = connection.execute(text("SELECT count(*) FROM outbox")).scalar() or 0
        if any("#" in message.topic for message in outgoing):
            raise ValueError("a message is published on a topic without wildcards")
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


class EndsAtTheFirstWait(threading.Event):
    """An order to stop, given when somebody waits for better times."""

    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return True


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


def test_while_messages_come_a_few_rows_go_out_in_a_tick(engine: Engine) -> None:
    """Scans do not wait for a whole list of people; and rows of a living sibling do not stand in the way."""
    with writing(engine) as connection:
        for owner in ("checkin-ingest-2", "web-7"):
            for _ in range(ingest.STRAYS_BUSY + 1):
                outbox.put(connection, row=ids.new_id(), owner=owner, messages=[(owner, b"x", False)])
    wire = FakeWire(engine)
    wire.queue = [_message(1)]
    consumer = _consumer(wire, engine, _echo)
    consumer.turn(threading.Event())
    assert [m.topic for m in wire.sent if m.qos] == ["fact", *["web-7"] * ingest.STRAYS_BUSY]
    consumer._next_tick = 0
    consumer.turn(threading.Event())
    assert len([m for m in wire.sent if m.topic == "web-7"]) == ingest.STRAYS_BUSY + 1


def test_a_dead_siblings_rows_are_taken_over(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while without being published, a row belongs to whoever sees it."""
    monkeypatch.setattr(ingest, "ORPHANED_S", -60)
    with writing(engine) as connection:
        outbox.put(connection, row=ids.new_id(), owner="checkin-ingest-2", messages=[("late", b"x", True)])
    wire = FakeWire(engine)
    _consumer(wire, engine, _echo).turn(threading.Event())
    assert [m.topic for m in wire.sent] == ["late"]


def test_an_outbox_row_that_no_broker_takes_is_set_aside_and_the_rest_goes_out(engine: Engine) -> None:
    """What cannot be sent is in quarantine, once; the rest of its row and the later rows are published, and dropped."""
    bad = "inloop/1/e1/scanner/bad id/+#/config"
    with writing(engine) as connection:
        outbox.put(
            connection,
            row=ids.new_id(),
            owner="load",
            messages=[("one", b"1", True), (bad, b"2", True), ("three", b"3", False)],
        )
        outbox.put(connection, row=ids.new_id(), owner="load", messages=[(bad, b"4", True)])
        outbox.put(connection, row=ids.new_id(), owner="load", messages=[("five", b"5", False)])
    wire = FakeWire(engine)
    consumer = _consumer(wire, engine, _echo)
    _turns(consumer, 3)
    assert [(m.topic, m.payload) for m in wire.sent] == [("one", b"1"), ("three", b"3"), ("five", b"5")]
    assert _rows(engine, "outbox") == 0
    with reading(engine) as connection:
        kept = connection.execute(text("SELECT event, topic, payload, kind FROM quarantine ORDER BY id")).all()
    assert [(row.event, row.topic, bytes(row.payload), row.kind) for row in kept] == [
        ("e1", bad, b"2", "unsendable"),
        ("e1", bad, b"4", "unsendable"),
    ]


def test_a_row_that_was_cleaned_is_published_again_until_the_broker_has_it(engine: Engine) -> None:
    """Setting a part of it aside loses nothing of the rest, also when the process dies before the acknowledgement."""
    with writing(engine) as connection:
        outbox.put(connection, row=ids.new_id(), owner="load", messages=[("one", b"1", True), ("#", b"2", True)])
    _consumer(FakeWire(engine), engine, _echo).turn(threading.Event())
    again = FakeWire(engine)
    _consumer(again, engine, _echo).turn(threading.Event())
    assert [m.topic for m in again.sent] == ["one"]
    assert _rows(engine, "quarantine") == 1


def test_a_batch_with_an_answer_that_no_broker_takes_is_still_acknowledged(engine: Engine) -> None:
    """The other answers and facts go out first; what cannot is set aside before anything is acknowledged."""
    wire = FakeWire(engine)
    wire.queue = [_message(1), _message(2)]

    def handle(connection: Connection, messages: Sequence[Message]) -> Effects:
        effects = _echo(connection, messages)
        return Effects(replies=[Outgoing("#", b"", 0), *effects.replies], publish=[*effects.publish, ("#", b"", True)])

    consumer = _consumer(wire, engine, handle)
    _turns(consumer, 3)
    assert [m.topic for m in wire.sent] == ["reply", "fact", "fact"]
    assert [m.arrival for m in wire.acked] == [1, 2]
    assert (_rows(engine, "quarantine"), _rows(engine, "outbox")) == (2, 0)


def test_what_each_tick_makes_again_is_set_aside_once(engine: Engine) -> None:
    """A retained message that cannot be sent does not fill the quarantine, nor keep the others back."""
    wire = FakeWire(engine)
    consumer = _consumer(wire, engine, _echo)
    consumer.tick = lambda _: [("#", b"x", True), ("headcount", b"y", True)]
    _turns(consumer, 3)
    assert [m.topic for m in wire.sent] == ["headcount"] * 3
    assert _rows(engine, "quarantine") == 1


@pytest.mark.parametrize("content", [b"this is not a database at all, however long " * 100, b""])
def test_a_damaged_database_is_waited_for_and_nothing_is_acknowledged(tmp_path: Path, content: bytes) -> None:
    """Whatever SQLite says of a file that is damaged: the broker keeps the messages until it was put right."""
    path = tmp_path / "test.db"
    engine = make_engine(f"sqlite:///{path}", schema="")
    Base.metadata.create_all(engine)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE fact (id INTEGER PRIMARY KEY, said TEXT)"))
        rows = [{"said": "x" * 500} for _ in range(200)]
        connection.execute(text("INSERT INTO fact (said) VALUES (:said)"), rows)
    engine.dispose()
    whole = path.read_bytes()
    path.write_bytes(content or whole[:4096] + b"\xff" * (len(whole) - 4096))
    wire = FakeWire(engine)
    wire.queue = [_message(1), _message(2)]

    def handle(connection: Connection, messages: Sequence[Message]) -> Effects:
        connection.execute(text("SELECT count(said) FROM fact WHERE said > 'a'"))
        return _echo(connection, messages)

    patience = EndsAtTheFirstWait()
    _consumer(wire, engine, handle).turn(patience)
    engine.dispose()
    assert patience.is_set(), "it waits"
    assert (wire.acked, wire.sent) == ([], [])


def _turns(consumer: Ingest, number: int) -> None:
    """So many rounds, each with a tick; what was sent in one is acknowledged in the next."""
    for _ in range(number):
        consumer._next_tick = 0
        consumer.turn(threading.Event())


def test_fresh_numbers_do_not_pile_up_while_the_broker_is_gone(engine: Engine) -> None:
    """Each is out of date when the broker is back; the next tick after that has the right one."""
    wire = FakeWire(engine)
    consumer = _consumer(wire, engine, _echo)
    consumer.tick = lambda _: [("headcount", b"{}", True)]
    wire.connected = False
    for _ in range(3):
        consumer._next_tick = 0
        consumer.turn(threading.Event())
    assert wire.sent == []
    wire.connected = True
    consumer._next_tick = 0
    consumer.turn(threading.Event())
    assert [m.topic for m in wire.sent] == ["headcount"]


def test_what_was_remembered_of_a_transaction_that_was_taken_back_is_made_good(engine: Engine) -> None:
    """Before it is tried again, whoever remembers is told."""
    wire = FakeWire(engine)
    wire.queue = [_message(1)]
    told: list[int] = []

    def handle(connection: Connection, messages: Sequence[Message]) -> Effects:
        if not told:
            raise OperationalError("insert", {}, Exception("disk is full"))
        return _echo(connection, messages)

    consumer = _consumer(wire, engine, handle)
    consumer.recover = lambda: told.append(1)
    consumer.turn(threading.Event())
    assert told == [1]
    assert [m.arrival for m in wire.acked] == [1]


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
