"""The demo's data are the same on every machine and every run."""

from pathlib import Path

from sqlalchemy import select

from core.applications.tables import ApplicationRecord
from core.db.engine import Database
from core.db.schema import metadata
from seed.people import START
from seed.plant import plant


async def _planted(file: Path) -> list[tuple[object, ...]]:
    database = Database(f"sqlite:///{file}")
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await plant(database, START)
    async with database.read() as session:
        rows = await session.execute(
            select(ApplicationRecord.__table__).order_by(ApplicationRecord.id)
        )
        found = [tuple(row) for row in rows]
    await database.close()
    return found


async def test_planting_twice_gives_the_same(tmp_path: Path) -> None:
    assert await _planted(tmp_path / "one.db") == await _planted(tmp_path / "two.db")
