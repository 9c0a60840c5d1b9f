"""Distributions, renewals and leaves of the desk."""

import sqlalchemy as sa
from alembic import op

from core.db.base import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

RUNNING = sa.text("due_at IS NOT NULL")
MIN_AGES = {"aged_3": 3, "aged_2": 2, "aged_1": 0}
"""Of the stages that the house has known until now."""


def upgrade() -> None:
    op.create_table(
        "distributions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("district", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("planned_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("promised", sa.JSON(), nullable=False),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_distributions_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distributions")),
    )
    op.create_table(
        "renewals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("planned_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=True),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("renumbered", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("told_to", sa.Integer(), nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_renewals_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewals")),
    )
    for table in ("distributions", "renewals"):
        op.create_index(
            f"ix_{table}_due",
            table,
            ["due_at"],
            sqlite_where=RUNNING,
            postgresql_where=RUNNING,
        )
    op.add_column("categories", sa.Column("min_age", sa.Integer(), nullable=True))
    categories = sa.table("categories", sa.column("code"), sa.column("min_age"))
    for code, age in MIN_AGES.items():
        op.execute(categories.update().where(categories.c.code == code).values(min_age=age))
    op.add_column("places", sa.Column("closing", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("sanatorium_leaves") as leaves:
        leaves.add_column(sa.Column("application_id", sa.Integer(), nullable=True))
        leaves.add_column(sa.Column("ended_at", Instant(), nullable=True))
        leaves.create_index(leaves.f("ix_sanatorium_leaves_application_id"), ["application_id"])
        leaves.create_foreign_key(
            leaves.f("fk_sanatorium_leaves_application_id"),
            "applications",
            ["application_id"],
            ["id"],
        )
