"""Every night the queue numbers that changed are noted, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.tables import ApplicationRecord, CategoryRecord
from core.clock import TravelClock
from core.db.engine import Database
from core.queue import service
from core.queue.tables import NightlyRecord, QueueNumberRecord
from tests import factories
from tests.factories import Desk

DAY = timedelta(days=1)
QUEUES = [("esil", "age3"), ("kokshetau", "age2"), ("kokshetau", "age3")]


@pytest.fixture
async def desk(database: Database, clock: TravelClock) -> Desk:
    """Six who wait: two in each of QUEUES, numbered in turns."""
    desk = await factories.desk(database, clock)
    async with database.write() as session:
        await service.plan(session, clock.now())
    for number in range(1, 7):
        await factories.application(database, clock.now(), number)
    async with database.write() as session:
        session.add(CategoryRecord(code="age2", position=2, name_kk="", name_ru="", name_en=""))
        await session.flush()
        for number in range(1, 7):
            district, category = QUEUES[number % 3]
            await session.execute(
                update(ApplicationRecord)
                .where(ApplicationRecord.registration_number == f"ОДО.2026.{number}")
                .values(district=district, category=category)
            )
    return desk


async def night(desk: Desk) -> None:
    desk.clock.move(desk.clock.now() + DAY)
    await desk.sweep.run(desk.clock.now())


async def noted(desk: Desk) -> dict[int, list[int]]:
    """Application -> its numbers, the oldest first."""
    found: dict[int, list[int]] = {}
    async with desk.db.read() as session:
        for row in await session.scalars(select(QueueNumberRecord).order_by(QueueNumberRecord.id)):
            found.setdefault(row.application_id, []).append(row.number)
    return found


async def test_each_queue_has_its_own_numbers_and_only_changes_are_noted(desk: Desk) -> None:
    await night(desk)
    first = {1: [1], 2: [1], 3: [1], 4: [2], 5: [2], 6: [2]}
    assert await noted(desk) == first
    await night(desk)
    assert await noted(desk) == first
    async with desk.db.write() as session:
        await session.execute(
            update(ApplicationRecord)
            .where(ApplicationRecord.id == 1)
            .values(status="archived", archived_because="remove_from_queue")
        )
    await night(desk)
    assert await noted(desk) == first | {4: [2, 1]}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others may write after three."""
    monkeypatch.setattr(service, "MANY", 3)


@pytest.mark.usefixtures("few")
async def test_others_write_after_so_many_but_never_in_the_midst_of_a_queue(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole queues, in order, share a transaction; after the last the night is over."""
    written: list[set[int]] = []
    record = service.record_numbers

    async def slowly(session: AsyncSession, now: object, *queues: object) -> None:
        written.append({*await noted(desk)})  # what is committed
        await record(session, now, *queues)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "record_numbers", slowly)
    await night(desk)
    assert written == [set(), {3, 6, 1, 4}]
    async with desk.db.read() as session:
        row = (await session.scalars(select(NightlyRecord))).one()
    assert (row.district, row.category) == (None, None)
    assert row.due_at > desk.clock.now()


@pytest.mark.usefixtures("few")
async def test_a_night_that_was_cut_short_goes_on_where_it_was(desk: Desk) -> None:
    desk.clock.move(desk.clock.now() + DAY)
    async with desk.db.write() as session:
        await service.sweep(session, desk.clock.now())
    assert {*await noted(desk)} == {3, 6, 1, 4}  # of the first two queues
    await desk.sweep.run(desk.clock.now())
    assert await noted(desk) == {1: [1], 2: [1], 3: [1], 4: [2], 5: [2], 6: [2]}
