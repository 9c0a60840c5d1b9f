"""Broadcasts, and chats that mute them."""

import sqlalchemy as sa
from alembic import op

from core.db.base import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("district", sa.String(length=20), nullable=True),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=13), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=True),
        sa.Column("recipients", sa.Integer(), nullable=True),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("written", sa.Boolean(), nullable=False),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("shown_chat", sa.BigInteger(), nullable=True),
        sa.Column("shown_message", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["corrects"], ["broadcasts.id"], name=op.f("fk_broadcasts_corrects")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["staff.id"], name=op.f("fk_broadcasts_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
    )
    op.create_index(
        "ix_broadcasts_due_at",
        "broadcasts",
        ["due_at"],
        sqlite_where=DUE,
        postgresql_where=DUE,
    )
    op.create_index(op.f("ix_broadcasts_stage"), "broadcasts", ["stage"])
    op.add_column("chats", sa.Column("muted_at", Instant(), nullable=True))
