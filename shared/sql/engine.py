"""Engines for SQLite and PostgreSQL, and the one way to write."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

BUSY_MS = 15_000
CHECKPOINT_PAGES = 8000  # 32 MB of log before SQLite tidies it up: at 100 scans a second a pause every 9 s, not each
WRITER_LOCK = 0x1A100B  # PostgreSQL's advisory lock of the one writer at a time in a schema
RESTED_S = 1.0  # after which a PostgreSQL connection is asked whether it is still there
_SCHEMA = "hashtext(current_schema())"
# Who writes looks up the rows of a batch by their keys. Without this a table that was small when a statement was
# prepared, or that has no statistics yet, is read as a whole for every batch.
BY_INDEX = "SET LOCAL enable_seqscan = off"


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
    engine = create_engine(
        parsed,
        hide_parameters=True,  # an error's text ends in a log, and parameters hold names
        pool_size=pool_size,
        connect_args={"options": options, "connect_timeout": 5, "application_name": f"inloop-{schema}"},
    )
    event.listen(engine, "connect", _postgres_connect)
    event.listen(engine, "checkin", _postgres_rest)
    event.listen(engine, "checkout", partial(_postgres_wake, engine))
    event.listen(engine, "begin", _postgres_begin)
    return engine


def _sqlite_pragmas(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _sqlite_begin
    cursor = connection.cursor()
    _write_ahead(cursor)
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MS}",
        f"wal_autocheckpoint={CHECKPOINT_PAGES}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: DBAPICursor) -> None:
    """Switch to the write-ahead log; SQLite fails at once, whatever its time-out, while another process does so."""
    limit = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > limit:
                raise
            time.sleep(0.02)
        else:
            return


def _sqlite_begin(connection: Connection) -> None:
    # a deferred BEGIN that writes later can fail with "database is locked" at once, whatever the busy timeout
    immediate = connection.get_execution_options().get("inloop_writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _postgres_connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.autocommit = True  # we say BEGIN ourselves, see _postgres_begin


def _postgres_rest(_: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info["rests_since"] = time.monotonic()


def _postgres_wake(
    engine: Engine, connection: DBAPIConnection, entry: ConnectionPoolEntry, _: PoolProxiedConnection
) -> None:
    """Look whether a connection that rested is still there; one in constant use is not asked each time."""
    if time.monotonic() - entry.info.get("rests_since", time.monotonic()) < RESTED_S:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise DisconnectionError from error  # the pool connects anew


def _postgres_begin(connection: Connection) -> None:
    """Begin in one journey to the server, with all that belongs to it."""
    options = connection.get_execution_options()
    if options.get("inloop_writer", False):
        connection.exec_driver_sql(f"BEGIN; {BY_INDEX}; SELECT pg_advisory_xact_lock({WRITER_LOCK}, {_SCHEMA})")
    elif options.get("inloop_reader", False):
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ")
    else:
        connection.exec_driver_sql("BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that is the only writer of its database while it lasts; commits at the end, or not at all."""
    with engine.connect().execution_options(inloop_writer=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment of the database throughout."""
    with engine.connect().execution_options(inloop_reader=True) as connection, connection.begin():
        yield connection
