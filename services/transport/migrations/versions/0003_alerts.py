"""The alerts that are on."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")  # compared as bytes


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "alert",
        sa.Column("event", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("event", "id"),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("alert")
