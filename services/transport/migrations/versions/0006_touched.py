"""What changed since, for the pictures that processes have in memory; who was ever in a run."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")  # compared as bytes
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # only INTEGER counts up by itself in SQLite


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "touched",
        sa.Column("n", COUNTER, nullable=False, autoincrement=True),
        sa.Column("event", ID, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("name", ID, nullable=False),
        sa.PrimaryKeyConstraint("n"),
    )
    op.create_index("visit_by_place", "visit", ["place", "event"])


def downgrade() -> None:
    """Back."""
    op.drop_index("visit_by_place", "visit")
    op.drop_table("touched")
