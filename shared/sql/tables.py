"""The tables that both services have, as mixins: each service gives them its own base and so its own copies.

Ids that decide an order are compared as bytes (CONTRACT section 2): SQLite does that by itself, PostgreSQL is told to.
Moments are milliseconds since 1970.
"""

from sqlalchemy import BigInteger, Boolean, Index, Integer, LargeBinary, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

Id = String(100).with_variant(String(100, collation="C"), "postgresql")
Counter = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER counts up by itself in SQLite


class ScanTable:
    """Every scan that could be read, as it came, with the answer it got; never changed, never deleted."""

    __tablename__ = "scan"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event: Mapped[str] = mapped_column(Id)
    scanner: Mapped[str] = mapped_column(Id)
    checkpoint: Mapped[str] = mapped_column(Id)
    badge: Mapped[str] = mapped_column(String(64))  # SHA-256 of the code
    at_ms: Mapped[int] = mapped_column(BigInteger)  # the moment it counts from
    device_at_ms: Mapped[int] = mapped_column(BigInteger)  # what the device said
    received_ms: Mapped[int] = mapped_column(BigInteger)
    age_ms: Mapped[int | None] = mapped_column(BigInteger)
    seq: Mapped[int | None] = mapped_column(BigInteger)
    synced: Mapped[bool] = mapped_column(Boolean)
    clock: Mapped[bool] = mapped_column(Boolean)  # its time was not believed
    content: Mapped[str] = mapped_column(String(64))  # digest of what the same id must say again
    person: Mapped[str | None] = mapped_column(Id)
    outcome: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(24))
    verdict: Mapped[str] = mapped_column(Text)  # JSON, as it was sent, without `person`


class SightingTable:
    """Who was seen where and when: the facts that everything else follows from."""

    __tablename__ = "sighting"
    sequence: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Id, unique=True)
    event: Mapped[str] = mapped_column(Id)
    person: Mapped[str] = mapped_column(Id)
    place: Mapped[str] = mapped_column(Id)
    at_ms: Mapped[int] = mapped_column(BigInteger)
    how: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(40))
    scan: Mapped[str | None] = mapped_column(Id)
    void: Mapped[str | None] = mapped_column(Id)
    received_ms: Mapped[int] = mapped_column(BigInteger)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:  # noqa: N805 # SQLAlchemy calls it with the class
        return (
            Index("sighting_by_person", "event", "person", "at_ms", "id"),
            Index(
                "sighting_voids",
                "void",
                postgresql_where=text("void IS NOT NULL"),
                sqlite_where=text("void IS NOT NULL"),
            ),
        )


class PresenceTable:
    """Where each person is now: the last-writer-wins register of CONTRACT section 2."""

    __tablename__ = "presence"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    person: Mapped[str] = mapped_column(Id, primary_key=True)
    place: Mapped[str] = mapped_column(Id)
    at_ms: Mapped[int] = mapped_column(BigInteger)
    id: Mapped[str] = mapped_column(Id)
    how: Mapped[str] = mapped_column(String(8))

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Index, ...]:  # noqa: N805 # SQLAlchemy calls it with the class
        # not `event` first: PostgreSQL would take it for a lookup by event and person, too, while the table is small
        return (Index("presence_by_place", "place", "event"),)


class VisitTable:
    """When each person was first at each place."""

    __tablename__ = "visit"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    person: Mapped[str] = mapped_column(Id, primary_key=True)
    place: Mapped[str] = mapped_column(Id, primary_key=True)
    at_ms: Mapped[int] = mapped_column(BigInteger)


class TallyTable:
    """How many persons are exactly at each place, kept in the transaction that moves them."""

    __tablename__ = "tally"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    place: Mapped[str] = mapped_column(Id, primary_key=True)
    present: Mapped[int] = mapped_column(Integer)


class OutboxTable:
    """What is to be published, one row a transaction; gone when the broker has acknowledged all of it."""

    __tablename__ = "outbox"
    id: Mapped[str] = mapped_column(Id, primary_key=True)  # UUIDv7: in the order of their making
    owner: Mapped[str] = mapped_column(String(40))
    messages: Mapped[bytes] = mapped_column(LargeBinary)


class QuarantineTable:
    """What could not be read or believed: kept whole, shown to the organiser, never lost."""

    __tablename__ = "quarantine"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event: Mapped[str] = mapped_column(Id)
    topic: Mapped[str] = mapped_column(Text)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(String(24))
    reason: Mapped[str] = mapped_column(Text)
    received_ms: Mapped[int] = mapped_column(BigInteger)
    settled: Mapped[int] = mapped_column(SmallInteger, default=0)


class AlertTable:
    """What needs a human now, as published; gone when it is over."""

    __tablename__ = "alert"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    payload: Mapped[bytes] = mapped_column(LargeBinary)


class MetaTable:
    """Small things to remember, such as revisions and where a reader had come to."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
