"""Heartbeats, and the indexes by which watchdogs and retention find what they look for."""

import sqlalchemy as sa
from alembic import op

from core.db.base import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LISTED = sa.text("channel = 'call' AND state = 'sent'")


def upgrade() -> None:
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("beat_at", Instant(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("ill_since", Instant(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_index(
        "ix_notices_listed",
        "notices",
        ["expires_at"],
        sqlite_where=LISTED,
        postgresql_where=LISTED,
    )
    op.create_index(op.f("ix_notices_planned_at"), "notices", ["planned_at"])
    op.create_index(op.f("ix_codes_created_at"), "codes", ["created_at"])
    op.create_index(op.f("ix_login_attempts_created_at"), "login_attempts", ["created_at"])
    op.create_index(op.f("ix_sms_messages_created_at"), "sms_messages", ["created_at"])
    op.create_index(op.f("ix_sms_receipts_received_at"), "sms_receipts", ["received_at"])
