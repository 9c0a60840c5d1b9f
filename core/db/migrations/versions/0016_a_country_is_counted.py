"""A country is counted: sums of the history by day, the night in parts, indexes to count by."""

import sqlalchemy as sa
from alembic import op

from core.db.base import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NO_DEADLINE = (
    "NOT (status NOT IN ('awaiting_confirmation', 'voucher_issued', 'stop_list')"
    " OR COALESCE(CAST(deadline AS VARCHAR), 'null') <> 'null')"
)
PARTIAL = (
    ("ix_applications_without_deadline", "applications", ["id"], NO_DEADLINE),
    (
        "ix_notices_news",
        "notices",
        ["planned_at"],
        "kind = 'voucher_issued' AND channel = 'telegram'",
    ),
    ("ix_notices_texted", "notices", ["sms_id", "application_id"], "sms_id IS NOT NULL"),
)


def upgrade() -> None:
    op.create_table(
        "figure_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("district", sa.String(length=20), nullable=False),
        sa.Column("event", sa.String(length=30), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("grew", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "district", "event", "hours", name=op.f("pk_figure_days")),
    )
    op.create_table(
        "figures_summed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figures_summed")),
    )
    for name, table, columns, condition in PARTIAL:
        where = sa.text(condition)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
    op.create_index(
        "ix_applications_applicant",
        "applications",
        ["applicant_iin", "status", "district", "category"],
    )
    op.create_index(
        "ix_applications_counted",
        "applications",
        ["status", "district", "category", "ends_at", "id"],
    )
    # last, since whoever reads them waits from here on until all is done
    op.add_column("nightly", sa.Column("district", sa.String(length=20), nullable=True))
    op.add_column("nightly", sa.Column("category", sa.String(length=20), nullable=True))
    op.drop_index("ix_notices_sms_id", "notices")
    op.drop_index("ix_applications_applicant_iin", "applications")
    op.drop_index("ix_applications_status", "applications")
