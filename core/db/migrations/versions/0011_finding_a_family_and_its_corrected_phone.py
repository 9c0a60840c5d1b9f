"""Finding a family, and its corrected phone."""

import sqlalchemy as sa
from alembic import op

from core.db.base import Instant
from core.families.names import rows_of

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BATCH = 500
WORD = sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql")
APPLICATIONS = sa.table(
    "applications",
    sa.column("id", sa.Integer),
    sa.column("applicant_name", sa.String),
    sa.column("child_name", sa.String),
    sa.column("district", sa.String),
)


def upgrade() -> None:
    op.add_column("applications", sa.Column("phone_corrected_at", Instant(), nullable=True))
    op.create_index("ix_applications_child_iin", "applications", ["child_iin"])
    words = op.create_table(
        "name_words",
        sa.Column("word", WORD, nullable=False),
        sa.Column("district", sa.String(length=20), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_name_words_application_id")
        ),
        sa.PrimaryKeyConstraint("word", "district", "application_id", name=op.f("pk_name_words")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_name_words_application_id"), "name_words", ["application_id"])
    _fill(words)


def _fill(words: sa.Table) -> None:
    """The words of the applications that are there."""
    after = 0
    while True:
        found = op.get_bind().execute(
            sa.select(APPLICATIONS)
            .where(APPLICATIONS.c.id > after)
            .order_by(APPLICATIONS.c.id)
            .limit(BATCH)
        )
        if not (batch := found.all()):
            return
        after = batch[-1].id
        if rows := [row for one in batch for row in rows_of(*one)]:
            op.bulk_insert(words, rows)
