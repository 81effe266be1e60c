"""Run by Alembic; see `shared.sql.migrate`."""

from checkin.adapters.orm import Base
from shared.sql.migrate import run

run(Base.metadata)
