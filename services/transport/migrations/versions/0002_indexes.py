"""Indexes that no lookup by event and person can be tempted to use."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# index, table, its other column
AGAIN = (
    ("presence_by_place", "presence", "place"),
    ("seat_by_run", "seat", "run"),
    ("arrival_by_run", "arrival", "run"),
)


def upgrade() -> None:
    """Forward."""
    for index, table, column in AGAIN:
        op.drop_index(index, table)
        op.create_index(index, table, [column, "event"])


def downgrade() -> None:
    """Back."""
    for index, table, column in AGAIN:
        op.drop_index(index, table)
        op.create_index(index, table, ["event", column])
