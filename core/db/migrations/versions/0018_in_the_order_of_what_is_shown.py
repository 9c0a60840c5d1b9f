"""In the order of what is shown: kindergartens stand in the list as people call them.

An older process that brings kindergartens in while it is being replaced writes the former key; the
next import of the newer one sees the difference and writes this one.
"""

import sqlalchemy as sa
from alembic import op

from core.places.names import listing_key

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

HOMES = sa.table(
    "kindergartens",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("sort_key", sa.String),
)


def upgrade() -> None:
    sort(op.get_bind())


def sort(connection: sa.Connection) -> None:
    """In the order in which an import locks them."""
    homes = connection.execute(sa.select(HOMES).order_by(HOMES.c.id)).all()
    moved = [
        {"home": home.id, "key": key}
        for home in homes
        for key in [listing_key(home.name)]
        if key != home.sort_key
    ]
    if moved:
        connection.execute(
            sa.update(HOMES)
            .where(HOMES.c.id == sa.bindparam("home"))
            .values(sort_key=sa.bindparam("key")),
            moved,
        )
