"""Engines for SQLite and PostgreSQL, and the one way to write."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_MS = 15_000
WRITER_LOCK = 0x1A100B  # PostgreSQL's advisory lock of the one writer at a time in a schema


def make_engine(url: str, *, schema: str, pool_size: int = 5) -> Engine:
    """An engine that connects at first use.

    SQLite: write-ahead log, synchronous=FULL, foreign keys on, waits up to 15 s for another writer.
    PostgreSQL: `schema` first on the search path (made by the migrations), in UTC.
    Raises sqlalchemy.exc.ArgumentError where `url` is not a database URL.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed, hide_parameters=True, connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False}
        )
        event.listen(engine, "connect", _sqlite_pragmas)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    options = f"-c search_path={schema} -c timezone=UTC -c statement_timeout=30000 -c jit=off"
    return create_engine(
        parsed,
        hide_parameters=True,  # an error's text ends in a log, and parameters hold names
        pool_size=pool_size,
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": 5, "application_name": f"inloop-{schema}"},
    )


def _sqlite_pragmas(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _sqlite_begin
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    # a deferred BEGIN that writes later can fail with "database is locked" at once, whatever the busy timeout
    immediate = connection.get_execution_options().get("inloop_writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that is the only writer of its database while it lasts; commits at the end, or not at all."""
    with engine.connect().execution_options(inloop_writer=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(
                text("SELECT pg_advisory_xact_lock(:key, hashtext(current_schema()))"), {"key": WRITER_LOCK}
            )
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment of the database throughout."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection
