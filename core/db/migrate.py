"""Bringing a database to the newest schema, while older processes serve. Forward only: the way back
is a backup."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from core.db.engine import Database

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(1869773168)")
"""Of processes that start at the same time one prepares the database; the others find it ready."""
NOT_FOR_LONG = text("SET LOCAL lock_timeout = '2s'")
"""Whoever waits for a table makes everybody wait behind it: a backup, say, holds all tables."""
LOCKED = "55P03"
PAUSE = 5.0
TRIES = 60
"""Five minutes in all, seven seconds a try at most."""


async def migrate(db: Database) -> None:
    """Run the migrations that the database has not seen. Running it again changes nothing, and one
    that a newer version has migrated is left as it is. Raises what the last try met."""
    for _ in range(TRIES - 1):
        try:
            await _migrate(db)
            return
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != LOCKED:
                raise
            await asyncio.sleep(PAUSE)
    await _migrate(db)


async def _migrate(db: Database) -> None:
    async with db.engine.execution_options(writes=True).begin() as connection:
        if not db.is_sqlite:
            await connection.execute(ONE_BY_ONE)
            await connection.execute(NOT_FOR_LONG)
        await connection.run_sync(_upgrade)


def configuration(connection: Connection) -> "Config":
    """Alembic's configuration for an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The newest schema's number: each migration's file begins with its own, of four digits."""
    return max(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def _upgrade(connection: Connection) -> None:
    there = ""
    if inspect(connection).has_table("alembic_version"):
        there = connection.scalar(text("SELECT version_num FROM alembic_version")) or ""
    if there < newest():
        from alembic import command  # a third of a second, which most starts need not spend

        command.upgrade(configuration(connection), "head")
