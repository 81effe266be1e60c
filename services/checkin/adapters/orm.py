"""The tables of check-in; moments are milliseconds since 1970."""

from sqlalchemy import BigInteger, Boolean, Index, Integer, LargeBinary, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.sql import tables
from shared.sql.tables import Id


class Base(DeclarativeBase):
    """What the migrations compare with."""


class Scan(tables.ScanTable, Base):
    """Every door scan, as it came, with the answer it got."""


class Sighting(tables.SightingTable, Base):
    """Own sightings and those of transport."""


class Presence(tables.PresenceTable, Base):
    """Where each person is now."""


Index(
    "presence_implied",
    Presence.event,
    Presence.place,
    Presence.at_ms,
    postgresql_where=text("how = 'implied'"),
    sqlite_where=text("how = 'implied'"),
)


class Visit(tables.VisitTable, Base):
    """When each person was first at each place."""


class Tally(tables.TallyTable, Base):
    """How many persons are exactly at each place."""


class Outbox(tables.OutboxTable, Base):
    """What is to be published."""


class Quarantine(tables.QuarantineTable, Base):
    """What could not be used."""


class Meta(tables.MetaTable, Base):
    """Revisions and where readers had come to."""


class Programme(Base):
    """The programme of an event, as the file that was loaded."""

    __tablename__ = "programme"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    rev: Mapped[int] = mapped_column(Integer)
    loaded_ms: Mapped[int] = mapped_column(BigInteger)


class Person(Base):
    """Somebody registered, or added at the door; `groups` is a sorted JSON array, `search` is for finding."""

    __tablename__ = "person"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    organisation: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    phone: Mapped[str] = mapped_column(Text)
    groups: Mapped[str] = mapped_column(Text)
    needs: Mapped[str] = mapped_column(Text)
    search: Mapped[str] = mapped_column(Text)
    walk_in: Mapped[bool] = mapped_column(Boolean)
    rev: Mapped[int] = mapped_column(Integer)


class Badge(Base):
    """A code that stands for one person; `code` is kept so that it can be printed again."""

    __tablename__ = "badge"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of the code
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    person: Mapped[str] = mapped_column(Id)
    code: Mapped[str] = mapped_column(Text)
    own: Mapped[bool] = mapped_column(Boolean)  # IL1, made here
    made_ms: Mapped[int] = mapped_column(BigInteger)
    revoked_ms: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (Index("badge_by_person", "event", "person"),)


class Scanner(Base):
    """A device, where it stands, and the configuration it was last sent."""

    __tablename__ = "scanner"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    checkpoint: Mapped[str] = mapped_column(Id)
    version: Mapped[int] = mapped_column(Integer)
    config: Mapped[str] = mapped_column(Text)  # JSON, as published, with `version`
    made_ms: Mapped[int] = mapped_column(BigInteger)
    revoked_ms: Mapped[int | None] = mapped_column(BigInteger)


class ScannerState(Base):
    """What a device last said of itself."""

    __tablename__ = "scanner_state"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    scanner: Mapped[str] = mapped_column(Id, primary_key=True)
    state: Mapped[str] = mapped_column(Text)  # JSON
    online: Mapped[bool] = mapped_column(Boolean)
    heard_ms: Mapped[int] = mapped_column(BigInteger)


class Run(Base):
    """What transport last said of a run."""

    __tablename__ = "run"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    state: Mapped[str] = mapped_column(Text)  # JSON


class Seat(Base):
    """Who has a seat on which run of a transfer, by the latest passenger lists."""

    __tablename__ = "seat"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    person: Mapped[str] = mapped_column(Id, primary_key=True)
    run: Mapped[str] = mapped_column(Id, primary_key=True)
    transfer: Mapped[str] = mapped_column(Id)
    __table_args__ = (Index("seat_by_run", "run", "event"),)


class Alert(tables.AlertTable, Base):
    """What needs a human now."""
