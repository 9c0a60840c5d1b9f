"""A country in one database: indexes of what waits and of what must not be, and names in order."""

import sqlalchemy as sa
from alembic import op

from core.places.search import sort_key

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

AS_BYTES = sa.String().with_variant(sa.String(collation="C"), "postgresql")
WAITS = "status IN ('in_queue', 'awaiting_confirmation', 'voucher_issued')"
IMPOSSIBLE = (
    "status NOT IN ('in_queue', 'awaiting_confirmation', 'voucher_issued', 'stop_list', 'enrolled',"
    " 'archived') OR (status IN ('awaiting_confirmation', 'voucher_issued', 'stop_list')) <>"
    " (ends_at IS NOT NULL) OR (ends_at IS NULL) <> (next_event_at IS NULL)"
    " OR (status = 'enrolled') <> (place_id IS NOT NULL)"
    " OR (status = 'archived') <> (archived_because IS NOT NULL)"
)
IMPOSSIBLE_NOTICE = (
    "state IN ('pending', 'sending') AND due_at IS NULL"
    " OR state IN ('failed', 'undeliverable', 'cancelled', 'expired') AND due_at IS NOT NULL"
    " OR state IN ('sent', 'delivered', 'seen') AND (channel = 'telegram' AND message_id IS NULL"
    " OR channel = 'sms' AND sms_id IS NULL)"
)
EDITED = "due_at IS NOT NULL AND message_id IS NOT NULL"
HOMES = sa.table(
    "kindergartens",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("sort_key", sa.String),
)


def upgrade() -> None:
    op.create_index(
        "ix_applications_waiting",
        "applications",
        ["district", "category", "registered_at", "id", "status"],
        sqlite_where=sa.text(WAITS),
        postgresql_where=sa.text(WAITS),
    )
    op.drop_index("ix_applications_queue", "applications")
    for name, table, condition in (
        ("ix_applications_impossible", "applications", IMPOSSIBLE),
        ("ix_notices_impossible", "notices", IMPOSSIBLE_NOTICE),
    ):
        where = sa.text(condition)
        op.create_index(name, table, ["id"], sqlite_where=where, postgresql_where=where)
    op.create_index(
        "ix_notices_edited",
        "notices",
        ["channel", "due_at"],
        sqlite_where=sa.text(EDITED),
        postgresql_where=sa.text(EDITED),
    )
    op.create_index(
        "ix_signing_requests_application_id", "signing_requests", ["application_id", "id"]
    )
    op.create_index("ix_queue_numbers_newest", "queue_numbers", ["application_id", "id", "number"])
    op.drop_index("ix_queue_numbers_application_id_at", "queue_numbers")
    op.add_column(
        "kindergartens", sa.Column("sort_key", AS_BYTES, nullable=False, server_default="")
    )
    op.create_index("ix_kindergartens_listed", "kindergartens", ["district", "sort_key"])
    _sort()


def _sort() -> None:
    """The names that are there, in their order."""
    homes = op.get_bind().execute(sa.select(HOMES.c.id, HOMES.c.name)).all()
    if homes:
        op.get_bind().execute(
            sa.update(HOMES)
            .where(HOMES.c.id == sa.bindparam("home"))
            .values(sort_key=sa.bindparam("key")),
            [{"home": home.id, "key": sort_key(home.name)} for home in homes],
        )
