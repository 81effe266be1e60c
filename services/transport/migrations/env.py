"""Run by Alembic; see `shared.sql.migrate`."""

from shared.sql.migrate import run
from transport.adapters.orm import Base

run(Base.metadata)
