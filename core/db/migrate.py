"""Bringing a database to the newest schema. Forward only: the way back is a backup."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from core.db.engine import Database

FOLDER = Path(__file__).parent / "migrations"
ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(1869773168)")
"""Of processes that start at the same time one prepares the database; the others find it ready."""


async def migrate(db: Database) -> None:
    """Run the migrations that the database has not seen. Running it again changes nothing."""
    async with db.engine.execution_options(writes=True).begin() as connection:
        if not db.is_sqlite:
            await connection.execute(ONE_BY_ONE)
        await connection.run_sync(_upgrade)


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for an open connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(configuration(connection), "head")
