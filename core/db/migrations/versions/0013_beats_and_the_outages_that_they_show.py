"""Beats, and the outages that they show."""

import sqlalchemy as sa
from alembic import op

from core.db.base import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "beats",
        sa.Column("process", sa.String(length=32), nullable=False),
        sa.Column("beat_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("process", name=op.f("pk_beats")),
    )
    op.create_table(
        "outages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("cause", sa.String(length=10), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("to_at", Instant(), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_outages_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
        sa.UniqueConstraint("key", name=op.f("uq_outages_key")),
    )
    op.create_index(op.f("ix_outages_to_at"), "outages", ["to_at"])
    due = sa.text("due_at IS NOT NULL")
    op.create_index("ix_outages_due", "outages", ["due_at"], sqlite_where=due, postgresql_where=due)
