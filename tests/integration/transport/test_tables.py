"""The migrations make exactly the tables that the code uses."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tests.support.transport import World
from transport.adapters.orm import Base


def test_the_migrations_make_the_tables_of_the_code(world: World) -> None:
    """Nothing is missing and nothing is too much; running them again changes nothing."""
    world.transport.migrate()
    with world.transport.engine.connect() as connection:
        difference = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert difference == []
