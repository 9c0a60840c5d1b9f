"""What the figures are counted by, and when the weekly digest is due."""

import sqlalchemy as sa
from alembic import op

from core.db.base import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
    )
    op.create_index("ix_application_history_at_event", "application_history", ["at", "event"])
    op.create_index(
        "ix_applications_status", "applications", ["status", "district", "category", "ends_at"]
    )
