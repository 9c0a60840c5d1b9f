"""The database: what is its being down, and what is not."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.db.engine import Database, DatabaseDown


async def test_whatever_ails_the_database_it_is_called_down(database: Database) -> None:
    """A full pool, a lost connection: the first is SQLAlchemy's own error, the second asyncpg's."""
    for ailment in (PoolTimeout(), ConnectionResetError()):
        with pytest.raises(DatabaseDown):
            async with database.write():
                raise ailment
    if not database.is_sqlite:
        with pytest.raises(DatabaseDown):
            async with database.read() as session:
                await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        async with database.read() as session:
            assert await session.scalar(text("SELECT 1")) == 1


async def test_what_was_asked_wrongly_is_not_called_down(database: Database) -> None:
    """Else Telegram would bring it again and again."""
    with pytest.raises(ValueError, match="naive"):
        async with database.write():
            raise ValueError("naive")
