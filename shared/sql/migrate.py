"""Bring a service's tables up to date with its Alembic scripts, from wherever the package is installed.

`scripts` is the service's `migrations` folder; its `env.py` imports `run` from here and calls `run(Base.metadata)`.
"""

from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Engine, MetaData, text

from shared.sql.engine import writing

MIGRATE_LOCK = 0x1A100C  # PostgreSQL's advisory lock of who may make a schema


def migrate(engine: Engine, *, schema: str, scripts: Path, to: str = "head") -> None:
    """Make what is missing; does nothing when all is there. Of two that start at once, the second waits."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATE_LOCK})
            connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def run(metadata: MetaData) -> None:
    """What a service's `env.py` calls: the scripts on the connection that `migrate` gave, in its transaction."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
    context.run_migrations()
