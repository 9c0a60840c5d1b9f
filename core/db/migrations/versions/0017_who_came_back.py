"""Who came back: when a chat last did from blocking the bot, for refusals that are noted later."""

import sqlalchemy as sa
from alembic import op

from core.db.base import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chats", sa.Column("back_at", Instant(), nullable=True))
