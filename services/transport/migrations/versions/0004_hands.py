"""What coordinators' hands say, prints, allocations, positions; who decided a step, and when an arrival was."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")  # compared as bytes


def upgrade() -> None:
    """Forward."""
    op.add_column("run_step", sa.Column("name", sa.String(200), nullable=False, server_default=""))
    op.add_column("run_step", sa.Column("vehicle", sa.Text(), nullable=True))
    op.add_column("arrival", sa.Column("at_ms", sa.BigInteger(), nullable=False, server_default="-1"))
    op.create_table(
        "act",
        sa.Column("id", ID, nullable=False),
        sa.Column("event", ID, nullable=False),
        sa.Column("run", ID, nullable=False),
        sa.Column("person", ID, nullable=True),
        sa.Column("undoes", ID, nullable=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("act_by_run", "act", ["run", "event"])
    op.create_index("act_by_undoes", "act", ["undoes"])
    op.create_table(
        "print",
        sa.Column("event", ID, nullable=False),
        sa.Column("run", ID, nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event", "run", "nth"),
    )
    op.create_table(
        "allocation",
        sa.Column("id", ID, nullable=False),
        sa.Column("event", ID, nullable=False),
        sa.Column("transfer", ID, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("allocation_by_transfer", "allocation", ["transfer", "event"])
    op.create_table(
        "position",
        sa.Column("event", ID, nullable=False),
        sa.Column("coach", ID, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event", "coach", "at_ms"),
    )


def downgrade() -> None:
    """Back."""
    for table in ("position", "allocation", "print", "act"):
        op.drop_table(table)
    op.drop_column("arrival", "at_ms")
    op.drop_column("run_step", "vehicle")
    op.drop_column("run_step", "name")
