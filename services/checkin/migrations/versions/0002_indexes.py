"""Indexes that no lookup by event and person can be tempted to use; one of who was put somewhere by an arrival."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# index, table, its other column
AGAIN = (("presence_by_place", "presence", "place"), ("seat_by_run", "seat", "run"))
IMPLIED = sa.text("how = 'implied'")


def upgrade() -> None:
    """Forward."""
    for index, table, column in AGAIN:
        op.drop_index(index, table)
        op.create_index(index, table, [column, "event"])
    columns = ["event", "place", "at_ms"]
    op.create_index("presence_implied", "presence", columns, postgresql_where=IMPLIED, sqlite_where=IMPLIED)


def downgrade() -> None:
    """Back."""
    op.drop_index("presence_implied", "presence")
    for index, table, column in AGAIN:
        op.drop_index(index, table)
        op.create_index(index, table, ["event", column])
