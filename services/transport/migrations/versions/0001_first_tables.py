"""The first tables: facts, cards, seats, steps of runs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.String(100).with_variant(sa.String(100, collation="C"), "postgresql")  # compared as bytes
COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
VOIDS = sa.text("void IS NOT NULL")
TABLES = (
    "arrival",
    "asked_step",
    "card",
    "card_badge",
    "meta",
    "outbox",
    "presence",
    "programme",
    "quarantine",
    "run_step",
    "scan",
    "seat",
    "sighting",
    "tally",
    "visit",
    "without_seat",
)


def upgrade() -> None:
    """Forward."""
    _facts()
    _messages()
    _people()
    _runs()


def _facts() -> None:
    op.create_table(
        "scan",
        sa.Column("id", ID, nullable=False),
        sa.Column("event", ID, nullable=False),
        sa.Column("scanner", ID, nullable=False),
        sa.Column("checkpoint", ID, nullable=False),
        sa.Column("badge", sa.String(length=64), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("device_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("age_ms", sa.BigInteger(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("synced", sa.Boolean(), nullable=False),
        sa.Column("clock", sa.Boolean(), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("person", ID, nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "sighting",
        sa.Column("sequence", COUNTER, autoincrement=False, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("event", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("place", ID, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("scan", ID, nullable=True),
        sa.Column("void", ID, nullable=True),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("sighting_by_person", "sighting", ["event", "person", "at_ms", "id"])
    op.create_index("sighting_voids", "sighting", ["void"], postgresql_where=VOIDS, sqlite_where=VOIDS)
    op.create_table(
        "presence",
        sa.Column("event", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("place", ID, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("event", "person"),
    )
    op.create_index("presence_by_place", "presence", ["event", "place"])
    op.create_table(
        "visit",
        sa.Column("event", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("place", ID, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("event", "person", "place"),
    )
    op.create_table(
        "tally",
        sa.Column("event", ID, nullable=False),
        sa.Column("place", ID, nullable=False),
        sa.Column("present", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("event", "place"),
    )


def _messages() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("messages", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", ID, nullable=False),
        sa.Column("event", ID, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "programme",
        sa.Column("event", ID, nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("loaded_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("event"),
    )


def _people() -> None:
    op.create_table(
        "card",
        sa.Column("event", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event", "person"),
    )
    op.create_table(
        "card_badge",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("event", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "event"),
    )
    op.create_index("card_badge_by_person", "card_badge", ["event", "person"])
    op.create_table(
        "seat",
        sa.Column("event", ID, nullable=False),
        sa.Column("transfer", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("told", ID, nullable=True),
        sa.Column("run", ID, nullable=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.PrimaryKeyConstraint("event", "transfer", "person"),
    )
    op.create_index("seat_by_run", "seat", ["event", "run"])
    op.create_index("seat_by_person", "seat", ["event", "person"])
    op.create_table(
        "without_seat",
        sa.Column("event", ID, nullable=False),
        sa.Column("transfer", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("nl", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("event", "transfer", "person"),
    )


def _runs() -> None:
    op.create_table(
        "run_step",
        sa.Column("id", ID, nullable=False),
        sa.Column("event", ID, nullable=False),
        sa.Column("run", ID, nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=100), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("taken_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("event", "run", "nth"),
    )
    op.create_table(
        "asked_step",
        sa.Column("event", ID, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("event", "key"),
    )
    op.create_table(
        "arrival",
        sa.Column("event", ID, nullable=False),
        sa.Column("person", ID, nullable=False),
        sa.Column("run", ID, nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("event", "person", "run", "nth"),
    )
    op.create_index("arrival_by_run", "arrival", ["event", "run"])


def downgrade() -> None:
    """Back: drops everything."""
    for table in TABLES:
        op.drop_table(table)
