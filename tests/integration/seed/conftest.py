"""The demo, planted once for each kind of database: these tests only read."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy.engine import make_url

from core.db.engine import Database
from core.db.schema import metadata
from seed.people import START
from seed.plant import plant

NAME = "planted"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def planted_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a database with the demo in it."""
    if request.param == "sqlite":
        url = _file(tmp_path_factory.mktemp("seed"))
        _run(_plant(url))
        yield url
        return
    server: str = request.getfixturevalue("postgresql")
    url = make_url(server).set(database=NAME).render_as_string(hide_password=False)
    _run(_administer(server, f"CREATE DATABASE {NAME}"))
    _run(_plant(url))
    yield url
    _run(_administer(server, f"DROP DATABASE {NAME} WITH (FORCE)"))


@pytest.fixture
async def planted(planted_url: str) -> AsyncIterator[Database]:
    """A database with the demo in it: only to be read."""
    database = Database(planted_url)
    yield database
    await database.close()


def _file(folder: Path) -> str:
    return f"sqlite:///{folder / 'planted.db'}"


async def _plant(url: str) -> None:
    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    assert await plant(database, START)
    await database.close()


async def _administer(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    await connection.execute(statement)
    await connection.close()


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` in a loop of its own, also where a test's loop is already running."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()
