"""Notices as an outbox: planned up front, with channel, lane, deadline and the life of each."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from core.db.base import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DUE = sa.text("due_at IS NOT NULL")
OPEN = sa.text("chat_id IS NOT NULL AND ended_at IS NULL")
NEVER = datetime(2100, 1, 1, tzinfo=UTC)
"""The old notices served no deadline that was written down."""


def upgrade() -> None:
    with op.batch_alter_table("notices") as notices:
        notices.add_column(sa.Column("channel", sa.String(8), server_default="telegram"))
        notices.add_column(sa.Column("lane", sa.Integer(), server_default="3"))
        notices.add_column(sa.Column("series", sa.String(40)))
        notices.add_column(sa.Column("only_chat", sa.BigInteger()))
        notices.add_column(sa.Column("token", sa.String(16)))
        notices.add_column(sa.Column("because", sa.String(40)))
        notices.add_column(sa.Column("planned_at", Instant()))
        notices.add_column(sa.Column("expires_at", Instant()))
        notices.add_column(sa.Column("sms_id", sa.Integer()))
        for name in ("delivered_at", "seen_at", "ended_at"):
            notices.add_column(sa.Column(name, Instant()))
    _carry_over()
    with op.batch_alter_table("notices") as notices:
        notices.alter_column(
            "channel", existing_type=sa.String(8), nullable=False, server_default=None
        )
        notices.alter_column(
            "lane", existing_type=sa.Integer(), nullable=False, server_default=None
        )
        notices.alter_column("planned_at", existing_type=Instant(), nullable=False)
        notices.alter_column("expires_at", existing_type=Instant(), nullable=False)
        notices.drop_index("ix_notices_due_at")
        notices.create_unique_constraint(notices.f("uq_notices_token"), ["token"])
        notices.create_foreign_key(
            notices.f("fk_notices_sms_id"), "sms_messages", ["sms_id"], ["id"]
        )
        notices.create_index(notices.f("ix_notices_series"), ["series"])
        notices.create_index(notices.f("ix_notices_sms_id"), ["sms_id"])
        notices.create_index(
            "ix_notices_due", ["channel", "lane", "due_at"], sqlite_where=DUE, postgresql_where=DUE
        )
        notices.create_index(
            "ix_notices_open", ["chat_id"], sqlite_where=OPEN, postgresql_where=OPEN
        )
    with op.batch_alter_table("applications") as applications:
        applications.drop_column("reminded")
    with op.batch_alter_table("temporary_stays") as stays:
        stays.drop_column("reminded")


def _carry_over() -> None:
    notices = sa.table(
        "notices",
        *(sa.column(name) for name in ("state", "chat_id", "only_chat", "created_at")),
        sa.column("planned_at", Instant()),
        sa.column("expires_at", Instant()),
    )
    op.execute(
        notices.update().values(
            planned_at=notices.c.created_at,
            expires_at=NEVER,
            only_chat=notices.c.chat_id,
            chat_id=None,
        )
    )
    op.execute(notices.update().where(notices.c.state == "waiting").values(state="undeliverable"))
