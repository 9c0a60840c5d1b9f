"""Receipts of text messages."""

import sqlalchemy as sa
from alembic import op

from core.db.base import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sms_receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gateway", sa.String(length=20), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("gateway_id", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("handled_at", Instant(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_receipts")),
    )
    op.create_index(
        "uq_sms_receipts_gateway_event", "sms_receipts", ["gateway", "event"], unique=True
    )
    op.create_index(op.f("ix_sms_receipts_due_at"), "sms_receipts", ["due_at"])

    op.add_column("sms_messages", sa.Column("reported", sa.String(length=12), nullable=True))
    op.add_column("sms_messages", sa.Column("delivered_at", Instant(), nullable=True))
    op.add_column("sms_messages", sa.Column("ask_at", Instant(), nullable=True))
    op.create_index(op.f("ix_sms_messages_ask_at"), "sms_messages", ["ask_at"])
    op.create_index("ix_sms_messages_gateway_gateway_id", "sms_messages", ["gateway", "gateway_id"])

    op.add_column("codes", sa.Column("sms_id", sa.Integer(), nullable=True))
    op.add_column("codes", sa.Column("avoid", sa.String(length=20), nullable=True))
    op.add_column("codes", sa.Column("offer_at", Instant(), nullable=True))
    op.create_index(op.f("ix_codes_offer_at"), "codes", ["offer_at"])
