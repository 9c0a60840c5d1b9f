"""An import of 100,000 applications, one in a hundred faulty: time, memory, and how long it keeps
other writers waiting."""

import asyncio
import resource
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select, update

from bench import applications_file
from bench.figures import Figure
from bot.imports import stage_file
from core.applications.tables import CategoryRecord
from core.db.engine import Database, DatabaseDown
from core.db.migrate import migrate
from core.registry.imports import Imports
from core.registry.values import Problem
from seed.categories import categories, privileges

ROWS = 100_000
NOW = datetime(2026, 4, 7, 5, tzinfo=UTC)
PAUSE = 0.02


class Rival:
    """Somebody else who writes all the time: the longest wait is what an import costs others."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.longest = 0.0
        self.refused = 0

    async def write(self) -> None:
        """Until it is cancelled."""
        while True:
            began = time.perf_counter()
            try:
                async with self._db.write() as session:
                    await session.execute(
                        update(CategoryRecord)
                        .where(CategoryRecord.code == "aged_1")
                        .values(position=9)
                    )
            except DatabaseDown:
                self.refused += 1
            self.longest = max(self.longest, time.perf_counter() - began)
            await asyncio.sleep(PAUSE)


async def measure() -> list[Figure]:
    """On SQLite in a temporary folder."""
    with TemporaryDirectory(prefix="orynbot-bench-") as folder:
        db = Database(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        try:
            return await run(db, Path(folder) / "applications.xlsx", ROWS)
        finally:
            await db.close()


async def run(db: Database, file: Path, rows: int) -> list[Figure]:
    """The figures of one import of so many rows. AssertionError when the report is not exactly
    right, or the same file changes something when it is sent again."""
    await migrate(db)
    async with db.write() as session:
        session.add_all([*categories(), *privileges()])
    async with db.read() as session:
        stage = await session.scalar(select(CategoryRecord.name_kk).limit(1))
    expected = await asyncio.to_thread(applications_file.write, file, rows, stage or "")
    before = _memory()
    imports = Imports(db)
    figures = [
        Figure("rows", "rows in the file", rows, ""),
        Figure("before", "memory before", before, "MB"),
    ]

    began, rival = time.perf_counter(), Rival(db)
    writing = asyncio.get_running_loop().create_task(rival.write())
    report = await stage_file(imports, None, file, NOW, lambda done: None)
    figures += _told("report", "reading and report", began, rival)

    found: dict[int, tuple[Problem, ...]] = {}
    async for batch in imports.refused(None, report.id):
        found.update({row.number: row.problems for row in batch})
    assert found == {n: (Problem(field, why),) for n, (field, why) in expected.items()}
    assert (report.new, report.refused) == (rows - len(expected), len(expected))

    began, rival.longest = time.perf_counter(), 0.0
    await imports.apply(None, report.id, report.concerned, NOW)
    figures += _told("apply", "bringing in", began, rival)

    began, rival.longest = time.perf_counter(), 0.0
    again = await stage_file(imports, None, file, NOW, lambda done: None)
    figures += _told("again", "the same file again", began, rival)
    assert (again.concerned, again.unchanged) == (0, rows - len(expected))
    writing.cancel()
    return [
        *figures,
        Figure("refused", "writes of others that failed", rival.refused, ""),
        Figure("peak", "peak memory", _memory(), "MB"),
    ]


def _told(name: str, title: str, began: float, rival: Rival) -> list[Figure]:
    seconds = time.perf_counter() - began
    return [
        Figure(name, title, round(seconds, 1), "s"),
        Figure(f"{name}_wait", "  others waited at most", round(rival.longest, 2), "s"),
    ]


def _memory() -> float:
    """The most that this process has held so far, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
