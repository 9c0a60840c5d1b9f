"""While a file is brought in, which takes its time, people and the portal are answered: on
PostgreSQL, as SQLite has one writer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from core.applications.changes import locked
from core.applications.tables import ApplicationRecord
from core.calendar.service import CalendarBook
from core.citizens.tables import CitizenRecord
from core.db.engine import Database
from core.portal.events import PortalEvents
from core.portal.values import Item
from core.registry.rows import Reading, Row, read
from core.registry.upsert import FileComesIn, alone, apply
from core.registry.values import Kind, Outcome
from core.registry.vocabulary import vocabulary
from tests.integration.registry import rows

MOMENT = datetime(2026, 4, 7, 5, tzinfo=UTC)
AT_ONCE = 5.0
"""Seconds in which somebody who does not wait for the file is through, on a busy machine too."""
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
async def db(postgresql_url: str) -> AsyncIterator[Database]:
    """Two applications."""
    database = Database(postgresql_url)
    async with database.write() as session:
        await rows.words(session)
    await CalendarBook(database).seed(range(2026, 2027))
    two = [rows.application(number) for number in (1, 2)]
    await rows.bring(database, Kind.APPLICATIONS, *two, moment=MOMENT)
    yield database
    await database.close()


@asynccontextmanager
async def coming_in(db: Database, *raws: dict[str, Any]) -> AsyncIterator[list[Outcome]]:
    """A file of applications on its way into the records; what its rows do."""
    async with db.write() as session:
        await alone(session)
        reading = Reading(await vocabulary(session), rows.TODAY)
        given = [read(Kind.APPLICATIONS, raw, reading) for raw in raws]
        sound: list[Row] = [row for row in given if not isinstance(row, tuple)]
        told = await apply(session, Kind.APPLICATIONS, sound, actor="operator", moment=MOMENT)
        yield [verdict.outcome for verdict in told]


async def test_whoever_stays_as_they_were_is_not_kept_waiting_by_a_file(db: Database) -> None:
    changed = rows.application(2, applicant_address="Абай көшесі, 1")
    async with coming_in(db, rows.application(1), changed) as outcomes:
        assert outcomes == [Outcome.UNCHANGED, Outcome.CHANGED]
        async with asyncio.timeout(AT_ONCE), db.write() as session:
            assert await locked(session, 1)


async def test_a_row_that_somebody_changes_as_it_comes_in_is_looked_at_again(db: Database) -> None:
    """The family's row is as the file has it by the time that it is held."""
    address = "Абай көшесі, 1"

    held = asyncio.Event()

    async def family() -> None:
        async with db.write() as session:
            await locked(session, 1)
            held.set()
            async with asyncio.timeout(AT_ONCE):
                while not await session.scalar(WAITING):  # noqa: ASYNC110 it tells no one
                    await asyncio.sleep(0.01)
            row = update(ApplicationRecord).where(ApplicationRecord.id == 1)
            await session.execute(row.values(applicant_address=address))

    async def file() -> list[Outcome]:
        await held.wait()
        async with coming_in(db, rows.application(1, applicant_address=address)) as outcomes:
            return outcomes

    _, outcomes = await asyncio.gather(family(), file())
    assert outcomes == [Outcome.UNCHANGED]


async def test_the_portal_is_asked_to_come_again_and_keeps_no_connection(db: Database) -> None:
    events = PortalEvents(db, CalendarBook(db))

    async def put(number: int) -> Any:
        return await events.take(
            f"portal-{number}", Item("citizen.put", rows.citizen(number)), MOMENT
        )

    async with coming_in(db, rows.application(3)), asyncio.timeout(AT_ONCE):
        told = await asyncio.gather(*(put(n) for n in range(30)), return_exceptions=True)
        assert {type(answer) for answer in told} == {FileComesIn}
        async with db.read() as session:  # parents do go on
            assert await session.scalar(select(func.count()).select_from(CitizenRecord)) == 0
    answers = await asyncio.gather(*(put(n) for n in range(30)))  # who wait for one another
    assert answers == [{"outcome": "new"}] * 30
