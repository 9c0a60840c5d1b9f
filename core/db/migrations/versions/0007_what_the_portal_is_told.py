"""What the portal is told; what it sent is kept for a while only."""

import sqlalchemy as sa
from alembic import op

from core.db.base import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UNTOLD = sa.text("due_at IS NOT NULL")
GIVEN_UP = sa.text("due_at IS NULL AND delivered_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "portal_outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(length=40), nullable=True),
        sa.Column("delivered_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_portal_outbox_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_portal_outbox_key")),
    )
    op.create_index(op.f("ix_portal_outbox_created_at"), "portal_outbox", ["created_at"])
    for name, columns, where in (
        ("ix_portal_outbox_due", ["due_at"], UNTOLD),
        ("ix_portal_outbox_order", ["application_id", "id"], UNTOLD),
        ("ix_portal_outbox_given_up", ["id"], GIVEN_UP),
    ):
        op.create_index(name, "portal_outbox", columns, sqlite_where=where, postgresql_where=where)
    op.create_index(op.f("ix_portal_events_received_at"), "portal_events", ["received_at"])
