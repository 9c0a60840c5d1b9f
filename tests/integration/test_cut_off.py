"""Whoever is cut off in the middle of writing leaves all of it or nothing, and keeps nobody out."""

import asyncio
from collections import defaultdict
from random import Random
from typing import Any

from sqlalchemy import func, select, text

from core.applications.tables import ApplicationRecord, HistoryRecord
from core.clock import TravelClock
from core.db.drivers import FEW
from core.db.engine import Database, run, together
from core.db.ready import Ready, insert
from tests import factories

WRITE = insert(HistoryRecord, "application_id", "at", "event", "to_status", "actor", "details")
COUNT = Ready(select(func.count()).select_from(ApplicationRecord))
PARTS = {"a", "b", "c"}
MANY, AT_ONCE, CUT_OFF = 10, 40, 15


class Writer:
    """Writes three parts in one transaction, the second of few rows or of many."""

    def __init__(self, database: Database, line: dict[str, Any], chance: Random) -> None:
        self.database = database
        self.line = line
        self.chance = chance
        self.through: set[int] = set()

    async def write(self, number: int) -> None:
        times = self.chance.choice((1, 3, 10 * FEW))
        between = self.chance.randrange(4)
        async with self.database.write() as session:
            await run(session, WRITE, **self.part(number, "a"))
            if between == 1:
                await session.execute(text("SELECT 1"))
            elif between == 2:
                await asyncio.sleep(self.chance.random() / 100)
            elif between == 3:
                await self.database.ask(COUNT)
            several = [self.part(number, "b")] * times
            await together(session, (WRITE, several), (WRITE, [self.part(number, "c")]))
        self.through.add(number)

    def part(self, number: int, name: str) -> dict[str, Any]:
        return {**self.line, "event": f"{name}{number}"}

    async def crowd(self, first: int) -> None:
        """Many at once, some of whom are cut off at any moment."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.write(first + n)) for n in range(AT_ONCE)]
            for task in self.chance.sample(tasks, CUT_OFF):
                await asyncio.sleep(self.chance.random() / 300)
                task.cancel()


async def test_all_of_it_or_nothing(database: Database, clock: TravelClock) -> None:
    application = await factories.application(database, clock.now())
    line = {
        "application_id": application,
        "at": clock.now(),
        "to_status": "in_queue",
        "actor": "writer",
        "details": {},
    }
    writer = Writer(database, line, Random(7))
    for crowd in range(MANY):
        await writer.crowd(crowd * AT_ONCE)
    await writer.write(MANY * AT_ONCE)  # nobody is kept out
    async with database.read() as session:
        events = await session.scalars(
            select(HistoryRecord.event).where(HistoryRecord.actor == "writer")
        )
        parts = defaultdict(set)
        for event in events:
            parts[int(event[1:])].add(event[0])
    assert {number for number, names in parts.items() if names != PARTS} == set()
    assert writer.through <= parts.keys()
    assert len(writer.through) > MANY * (AT_ONCE - CUT_OFF)
