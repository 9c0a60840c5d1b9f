"""What was caused by one tap."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("notices", "codes", "sms_messages"):
        op.add_column(table, sa.Column("trace", sa.String(length=24), nullable=True))
