"""The tables of transport; moments are milliseconds since 1970."""

from sqlalchemy import BigInteger, Boolean, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.sql import tables
from shared.sql.tables import Id


class Base(DeclarativeBase):
    """What the migrations compare with."""


class Scan(tables.ScanTable, Base):
    """Every coach scan, as it came, with the answer it got."""

    __table_args__ = (Index("scan_by_checkpoint", "checkpoint", "at_ms"),)


class Sighting(tables.SightingTable, Base):
    """Own sightings and those of check-in."""


class Presence(tables.PresenceTable, Base):
    """Where each person is now."""


class Visit(tables.VisitTable, Base):
    """When each person was first at each place."""

    __table_args__ = (Index("visit_by_place", "place", "event"),)


class Tally(tables.TallyTable, Base):
    """How many persons are exactly at each place."""


class Outbox(tables.OutboxTable, Base):
    """What is to be published."""


class Quarantine(tables.QuarantineTable, Base):
    """What could not be used."""


class Alert(tables.AlertTable, Base):
    """What needs a human now."""


class Meta(tables.MetaTable, Base):
    """Revisions and where readers had come to."""


class Programme(Base):
    """The programme of an event, as the file that was loaded."""

    __tablename__ = "programme"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    rev: Mapped[int] = mapped_column(Integer)
    loaded_ms: Mapped[int] = mapped_column(BigInteger)


class Card(Base):
    """Check-in's card of a person: `groups` is a sorted JSON array, `sealed` what is personal."""

    __tablename__ = "card"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    person: Mapped[str] = mapped_column(Id, primary_key=True)
    rev: Mapped[int] = mapped_column(BigInteger)
    groups: Mapped[str] = mapped_column(Text)
    sealed: Mapped[str] = mapped_column(Text)


class CardBadge(Base):
    """A badge of a card, by the SHA-256 of its code."""

    __tablename__ = "card_badge"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    person: Mapped[str] = mapped_column(Id)
    revoked: Mapped[bool] = mapped_column(Boolean)
    __table_args__ = (Index("card_badge_by_person", "event", "person"),)


class Seat(Base):
    """A seat in one transfer: what was told, and what holds since they boarded or were moved (`at_ms` -1: not yet).

    `first` is what was told before a hand moved them, at `moved_ms` (-1: none did).
    """

    __tablename__ = "seat"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    transfer: Mapped[str] = mapped_column(Id, primary_key=True)
    person: Mapped[str] = mapped_column(Id, primary_key=True)
    told: Mapped[str | None] = mapped_column(Id)
    run: Mapped[str | None] = mapped_column(Id)
    at_ms: Mapped[int] = mapped_column(BigInteger)
    id: Mapped[str] = mapped_column(Id)
    first: Mapped[str | None] = mapped_column(Id)
    moved_ms: Mapped[int] = mapped_column(BigInteger, server_default="-1")
    __table_args__ = (Index("seat_by_run", "run", "event"), Index("seat_by_person", "event", "person"))


class WithoutSeat(Base):
    """Who got no seat in a transfer, and why."""

    __tablename__ = "without_seat"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    transfer: Mapped[str] = mapped_column(Id, primary_key=True)
    person: Mapped[str] = mapped_column(Id, primary_key=True)
    nl: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)


class RunStep(Base):
    """The steps that were asked of runs; a run's state follows from them alone. `vehicle` is K's, as JSON."""

    __tablename__ = "run_step"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event: Mapped[str] = mapped_column(Id)
    run: Mapped[str] = mapped_column(Id)
    nth: Mapped[int] = mapped_column(Integer)
    letter: Mapped[str] = mapped_column(String(1))
    at_ms: Mapped[int] = mapped_column(BigInteger)
    who: Mapped[str] = mapped_column(String(100))
    counted: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    taken_ms: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(200), server_default="")
    vehicle: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (UniqueConstraint("event", "run", "nth"),)


class AskedStep(Base):
    """The answer that an Idempotency-Key got."""

    __tablename__ = "asked_step"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    asked: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    made_ms: Mapped[int] = mapped_column(BigInteger)


class Arrival(Base):
    """The implied sightings that a run's arrival made, so that they can be taken back when late facts say so."""

    __tablename__ = "arrival"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    person: Mapped[str] = mapped_column(Id, primary_key=True)
    run: Mapped[str] = mapped_column(Id, primary_key=True)
    nth: Mapped[int] = mapped_column(Integer, primary_key=True)
    standing: Mapped[bool] = mapped_column(Boolean)
    at_ms: Mapped[int] = mapped_column(BigInteger, server_default="-1")
    __table_args__ = (Index("arrival_by_run", "run", "event"),)


class Act(Base):
    """What a coordinator's hand said: `body` is `domain.acts.Act`, `answer` what it got, as JSON."""

    __tablename__ = "act"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event: Mapped[str] = mapped_column(Id)
    run: Mapped[str] = mapped_column(Id)
    person: Mapped[str | None] = mapped_column(Id)
    undoes: Mapped[str | None] = mapped_column(Id)
    at_ms: Mapped[int] = mapped_column(BigInteger)
    received_ms: Mapped[int] = mapped_column(BigInteger)
    body: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        Index("act_by_run", "run", "event"),
        Index("act_by_undoes", "undoes"),
        Index("act_by_person", "person", "event"),
    )


class Print(Base):
    """A passenger list that was printed: `rows` are its numbers and persons, as JSON."""

    __tablename__ = "print"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    run: Mapped[str] = mapped_column(Id, primary_key=True)
    nth: Mapped[int] = mapped_column(Integer, primary_key=True)
    at_ms: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[str] = mapped_column(Text)


class Allocation(Base):
    """A proposed allocation: `body` has the seats before and after, as JSON; `state` proposed, applied or undone."""

    __tablename__ = "allocation"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    event: Mapped[str] = mapped_column(Id)
    transfer: Mapped[str] = mapped_column(Id)
    at_ms: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10))
    body: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index("allocation_by_transfer", "transfer", "event"),)


class Position(Base):
    """Where a coach was, as its tracker said, as JSON."""

    __tablename__ = "position"
    event: Mapped[str] = mapped_column(Id, primary_key=True)
    coach: Mapped[str] = mapped_column(Id, primary_key=True)
    at_ms: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    body: Mapped[str] = mapped_column(Text)


class Touched(Base):
    """What changed, in the order of the commits: persons and runs, for whoever has them in memory."""

    __tablename__ = "touched"
    n: Mapped[int] = mapped_column(tables.Counter, primary_key=True, autoincrement=True)
    event: Mapped[str] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(Id)
