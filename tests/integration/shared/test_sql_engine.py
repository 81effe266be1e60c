"""Connections to a database, and the one way to write."""

import pytest
from sqlalchemy import text

from shared.sql import engine as engines
from shared.sql.engine import make_engine, reading, writing
from tests.support.databases import RunningPostgres

OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = :name"


def test_a_connection_that_was_cut_while_it_rested_is_made_anew(
    postgres: RunningPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that was restarted in a quiet hour costs nobody an error."""
    monkeypatch.setattr(engines, "RESTED_S", 0.0)
    url = postgres.new_database()
    engine, other = (make_engine(url, schema="public") for _ in range(2))
    with reading(engine) as connection:
        connection.execute(text("SELECT 1"))
    with writing(other) as connection:
        connection.execute(text(OTHERS), {"name": url.rpartition("/")[2]})
    with writing(engine) as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    engine.dispose()
    other.dispose()
    postgres.drop(url)


def test_what_fails_leaves_nothing_behind(database_url: str) -> None:
    """All of a transaction is kept, or nothing; the next one can write."""
    engine = make_engine(database_url, schema="public")
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE kept (n integer)"))

    def half() -> None:
        with writing(engine) as connection:
            connection.execute(text("INSERT INTO kept (n) VALUES (1)"))
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        half()
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO kept (n) VALUES (2)"))
    with reading(engine) as connection:
        assert connection.execute(text("SELECT n FROM kept")).scalars().all() == [2]
    engine.dispose()
