"""The digest is owed on Monday at nine, once, to each who reads it, on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.clock import ALMATY, TravelClock
from core.db.engine import Database
from core.figures import digest
from core.figures.digest import KIND
from core.identity.rules import Iin
from core.notices.tables import NoticeRecord
from core.staff.rules import Role
from core.staff.service import Staff
from tests import factories
from tests.factories import Desk

MONDAY = datetime(2026, 4, 13, 9, 0, tzinfo=ALMATY)
WEEK = timedelta(weeks=1)


@pytest.fixture
async def desk(database: Database, clock: TravelClock) -> Desk:
    """Tuesday before that Monday; a head, an administrator and an operator with chats, a head
    without one."""
    desk = await factories.desk(database, clock)
    staff = Staff(database)
    roles = (Role.HEAD, Role.ADMINISTRATOR, Role.OPERATOR, Role.HEAD)
    for number, role in enumerate(roles, start=1):
        if number < 4:
            await factories.parent(database, clock.now(), number)
        district = "kokshetau" if role is Role.OPERATOR else None
        iin = Iin(factories.iin(number))
        await staff.grant(iin, role, district, by=None, moment=clock.now())
    async with database.write() as session:
        await digest.plan(session, clock.now())
        await digest.plan(session, clock.now() + WEEK)  # planned already
    return desk


async def owed(desk: Desk) -> list[str]:
    async with desk.db.read() as session:
        return list(
            await session.scalars(
                select(NoticeRecord.iin).where(NoticeRecord.kind == KIND).order_by(NoticeRecord.id)
            )
        )


async def at(desk: Desk, moment: datetime) -> None:
    desk.clock.move(moment)
    await desk.sweep.run(moment)


HEAD, ADMINISTRATOR = factories.iin(1), factories.iin(2)


async def test_heads_and_administrators_with_a_chat_are_owed_it_on_monday(desk: Desk) -> None:
    await at(desk, MONDAY - timedelta(seconds=1))
    assert await owed(desk) == []
    await at(desk, MONDAY)
    assert await owed(desk) == [HEAD, ADMINISTRATOR]


async def test_it_is_not_owed_twice_however_often_one_looks(desk: Desk) -> None:
    for minutes in (0, 1, 600):
        await at(desk, MONDAY + timedelta(minutes=minutes))
    async with desk.db.write() as session:  # a restart plans nothing new
        await digest.plan(session, desk.clock.now())
    await at(desk, MONDAY + timedelta(days=1))
    assert len(await owed(desk)) == 2
    await at(desk, MONDAY + WEEK)
    assert len(await owed(desk)) == 4


async def test_after_weeks_of_silence_it_is_owed_once(desk: Desk) -> None:
    await at(desk, MONDAY + 2 * WEEK + timedelta(days=2, hours=3))
    assert len(await owed(desk)) == 2


async def test_on_a_day_off_it_waits_for_the_next_working_day(desk: Desk) -> None:
    """9 and 10 May 2026 are a weekend: Victory Day's rest is on Monday, 11 May."""
    victory = datetime(2026, 5, 11, 9, 0, tzinfo=ALMATY)
    await at(desk, victory - timedelta(days=1))
    before = len(await owed(desk))
    await at(desk, victory)
    assert len(await owed(desk)) == before
    await at(desk, victory + timedelta(days=1))
    assert len(await owed(desk)) == before + 2
    await at(desk, victory + WEEK)
    assert len(await owed(desk)) == before + 4
