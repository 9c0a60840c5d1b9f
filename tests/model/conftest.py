"""Databases with the model's small world in them, one after the other, of both kinds."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy.engine import make_url

from core.db.engine import Database
from tests.apart import run_apart
from tests.model.people import plant

NewWorld = Callable[[], AbstractContextManager[tuple[Path, str]]]
"""Opens a folder for a house, and the address of its planted database."""


@pytest.fixture
def new_house(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewWorld:
    """Copies of one planted database; the test runs once on each kind."""
    # pauses between attempts are a little longer by chance: no model knows by how much
    monkeypatch.setattr("core.notices.outcomes.random.uniform", lambda least, _most: least)
    run_apart(_plant(database_url))
    numbers = count(1)

    @contextmanager
    def copied() -> Iterator[tuple[Path, str]]:
        folder = tmp_path / f"house-{next(numbers)}"
        folder.mkdir()
        source = make_url(database_url)
        assert source.database is not None
        if source.get_backend_name() == "sqlite":
            file = folder / "model.sqlite3"
            shutil.copyfile(source.database, file)
            yield folder, f"sqlite:///{file}"
        else:
            name = f"{source.database}_{folder.name.replace('-', '_')}"
            _administer(database_url, f"CREATE DATABASE {name} TEMPLATE {source.database}")
            yield folder, source.set(database=name).render_as_string(hide_password=False)
            _administer(database_url, f"DROP DATABASE {name} WITH (FORCE)")
        shutil.rmtree(folder)

    return copied


async def _plant(url: str) -> None:
    database = Database(url)
    await plant(database)
    await database.close()


def _administer(template: str, statement: str) -> None:
    server = make_url(template).set(database="postgres")

    async def run() -> None:
        connection = await asyncpg.connect(server.render_as_string(hide_password=False))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    run_apart(run())
