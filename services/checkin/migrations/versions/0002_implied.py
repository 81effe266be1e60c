"""An index of who was put somewhere by an arrival, so that counting them does not look at everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

IMPLIED = sa.text("how = 'implied'")


def upgrade() -> None:
    """Forward."""
    columns = ["event", "place", "at_ms"]
    op.create_index("presence_implied", "presence", columns, postgresql_where=IMPLIED, sqlite_where=IMPLIED)


def downgrade() -> None:
    """Back."""
    op.drop_index("presence_implied", "presence")
