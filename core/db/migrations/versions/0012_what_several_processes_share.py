"""What several processes share: the pace, the order of updates."""

import sqlalchemy as sa
from alembic import op

from core.db.base import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TICKETS = sa.ARRAY(sa.BigInteger()).with_variant(sa.JSON(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "pace",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("free_at", sa.Double(), nullable=False),
        sa.Column("held_until", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pace")),
    )
    op.create_table(
        "chat_paces",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_rest_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_chat_paces")),
    )
    op.create_table(
        "lines",
        sa.Column("person", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tickets", TICKETS, nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_lines")),
    )
    op.create_table(
        "arrivals",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("moment", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_arrivals")),
    )
