"""The migrations make exactly the tables that the code uses."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from checkin.adapters.orm import Base
from checkin.wiring import SCHEMA, SCRIPTS
from shared.sql.engine import make_engine
from shared.sql.migrate import migrate
from tests.support.checkin import new_site


def test_the_migrations_make_the_tables_of_the_code(tmp_path: Path, database_url: str) -> None:
    """Nothing is missing and nothing is too much; running them again changes nothing."""
    site = new_site(tmp_path, database_url)
    site.checkin.migrate()
    with site.checkin.engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert difference == []
    site.checkin.engine.dispose()


def test_two_that_start_at_once_do_not_get_in_each_others_way(database_url: str) -> None:
    """One makes the tables, the others wait and find them made."""
    engines = [make_engine(database_url, schema=SCHEMA) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda engine: migrate(engine, schema=SCHEMA, scripts=SCRIPTS), engines))
    with engines[0].connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all() == ["0002"]
    for engine in engines:
        engine.dispose()
