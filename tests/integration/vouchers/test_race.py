"""Two who distribute at once never issue more vouchers than there are places (D15)."""

import asyncio
from contextvars import ContextVar
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.calendar.service import CalendarBook
from core.clock import TravelClock
from core.db.engine import Database
from core.queue import renewing
from core.queue.renewal import Renewal
from core.queue.tables import RenewalRecord
from core.staff.rules import Role
from core.vouchers import distribution as module
from core.vouchers import turns
from core.vouchers.distribution import Distribution
from core.vouchers.values import State
from tests import factories
from tests.integration.vouchers import queues

PLACES = 9
WAITING = 40


FROM_THE_END: ContextVar[bool] = ContextVar("from the end", default=False)


async def in_turn(session: AsyncSession, district: str, limit: int) -> list[int]:
    """Half of them begin at the queue's end: no two wait for each other's applications, only the
    places hold them back."""
    if not FROM_THE_END.get():
        return await turns.in_turn(session, district, limit)
    return (await turns.in_turn(session, district, PLACES * WAITING))[::-1][:limit]


async def carry_out(url: str, distribution_id: int, at: datetime, *, from_the_end: bool) -> int:
    """As a process of its own would; how many vouchers."""
    FROM_THE_END.set(from_the_end)
    database = Database(url)
    try:
        distribution = Distribution(database, CalendarBook(database))
        while (progress := await distribution.batch(distribution_id, at)).state is State.RUNNING:
            pass
        return progress.issued
    finally:
        await database.close()


async def test_distributions_at_once_share_the_places(
    database: Database,
    database_url: str,
    clock: TravelClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    monkeypatch.setattr(module, "in_turn", in_turn)
    await queues.stages(database)
    desk = await factories.desk(database, clock)
    await queues.queue(database, clock, WAITING)
    for name, free in (("«Мадина»", PLACES - 4), ("«Арман»", 4)):
        await factories.place(database, free=free, name=name)
    operator = await queues.operator(database, clock)
    head = await queues.member(database, clock, 9002, Role.HEAD)
    distribution, started = Distribution(database, desk.book), []
    for by, district in ((operator, "kokshetau"), (head, None), (head, "kokshetau")) * 2:
        dry = await distribution.plan(by, district, None, clock.now())
        assert dry is not None
        await distribution.start(by, dry.id, clock.now())
        started.append(dry.id)
    issued = await asyncio.gather(
        *(
            carry_out(database_url, id_, clock.now(), from_the_end=number % 2 == 1)
            for number, id_ in enumerate(started)
        )
    )
    assert sum(issued) == PLACES
    assert len(await queues.with_voucher(database)) == PLACES
    assert len(await queues.told(database, "voucher_issued")) == PLACES


async def test_one_distribution_in_two_processes_is_carried_out_once(
    database: Database,
    database_url: str,
    clock: TravelClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    await queues.stages(database)
    await factories.desk(database, clock)
    ids = await queues.queue(database, clock, WAITING)
    await factories.place(database, free=WAITING)
    by = await queues.operator(database, clock)
    first = Distribution(database, CalendarBook(database))
    dry = await first.plan(by, "kokshetau", PLACES, clock.now())
    assert dry is not None
    await first.start(by, dry.id, clock.now())
    other = Database(database_url)
    second = Distribution(other, CalendarBook(other))

    async def work(distribution: Distribution) -> None:
        while (await distribution.batch(dry.id, clock.now())).state is State.RUNNING:
            pass

    await asyncio.gather(work(first), work(second))
    await other.close()
    assert await queues.with_voucher(database) == ids[:PLACES]


async def test_a_distribution_that_meets_the_renewal_goes_by_the_new_order(
    database: Database, database_url: str, clock: TravelClock
) -> None:
    """Who is first then, is first (R6, D15): a child that turns three comes before the others."""
    await queues.stages(database)
    desk = await factories.desk(database, clock)
    now, day = clock.now(), timedelta(days=1)
    turns_three = queues.waiting(1, now - 9 * day, stage="aged_2", born=date(2023, 3, 1))
    async with database.write() as session:
        session.add_all([turns_three, queues.waiting(2, now - 5 * day)])
    await factories.place(database, free=1)
    head = await queues.member(database, clock, 9002, Role.HEAD)
    renewal = await Renewal(database).plan(head, now.date(), now)
    assert renewal is not None
    distribution = Distribution(database, desk.book)
    dry = await distribution.plan(head, "kokshetau", 1, now)
    assert dry is not None
    await distribution.start(head, dry.id, now)
    async with asyncio.TaskGroup() as group, database.write() as session:
        record = await session.get_one(RenewalRecord, renewal.id)
        await renewing.carry_out(session, record, now)
        batch = group.create_task(carry_out(database_url, dry.id, now, from_the_end=False))
        await asyncio.wait([batch], timeout=0.5)
        assert not batch.done()
    assert await queues.with_voucher(database) == [turns_three.id]
