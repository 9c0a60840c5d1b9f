"""INSERT … ON CONFLICT: both databases say it alike, SQLAlchemy keeps it in two dialects."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from core.db.base import Base


def insert(session: AsyncSession, record: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT into `record`'s table that knows `on_conflict_do_update`."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(record)
    return postgresql.insert(record)
