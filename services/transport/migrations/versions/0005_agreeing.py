"""What a hand moved of a seat, and the indexes for working out again what was said when facts come late."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")  # compared as bytes


def upgrade() -> None:
    """Forward."""
    op.add_column("seat", sa.Column("first", ID, nullable=True))
    op.add_column("seat", sa.Column("moved_ms", sa.BigInteger(), nullable=False, server_default="-1"))
    op.create_index("act_by_person", "act", ["person", "event"])
    op.create_index("scan_by_checkpoint", "scan", ["checkpoint", "at_ms"])


def downgrade() -> None:
    """Back."""
    op.drop_index("scan_by_checkpoint", "scan")
    op.drop_index("act_by_person", "act")
    op.drop_column("seat", "moved_ms")
    op.drop_column("seat", "first")
