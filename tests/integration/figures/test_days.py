"""What the nights sum up tells the same as the history does, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.rules import Event
from core.applications.tables import HistoryRecord
from core.clock import TravelClock
from core.db.engine import Database
from core.figures import days
from core.figures.service import Figures
from core.figures.tables import DayRecord, SummedRecord
from core.figures.values import LONG, SHORT, Report
from tests import factories
from tests.factories import Desk
from tests.integration.figures.families import family, issue

DAY = timedelta(days=1)


@pytest.fixture
async def desk(database: Database, clock: TravelClock) -> Desk:
    """Two answers and a voucher in one district, a voucher in another; the first night planned."""
    desk = await factories.desk(database, clock)
    async with database.write() as session:
        await days.plan(session, clock.now())
        await days.plan(session, clock.now() + DAY)  # planned already
    families = [await family(desk, number) for number in (1, 2, 3)]
    await family(desk, 4, "esil")
    for number in (1, 2, 3, 4):
        await issue(desk, number)
    clock.move(clock.now() + timedelta(hours=3))
    await desk.act(*families[0], Event.CONFIRM_INTEREST)
    clock.move(clock.now() + timedelta(hours=5))
    await desk.act(*families[1], Event.REFUSE_VOUCHER)
    return desk


async def night(desk: Desk) -> None:
    """To the noon of the next day."""
    desk.clock.move(desk.clock.now() + DAY)
    await desk.sweep.run(desk.clock.now())


async def of_history(desk: Desk, district: str | None = None) -> tuple[object, ...]:
    found: Report = await Figures(desk.db).report(None, district, desk.clock.now())
    return found.answers[SHORT], found.answers[LONG], found.week, found.week_queue


async def unsummed(desk: Desk, district: str | None = None) -> tuple[object, ...]:
    """The same, had no night ever summed anything."""
    async with desk.db.write() as session:
        kept = [
            *(await session.scalars(select(DayRecord))).all(),
            *(await session.scalars(select(SummedRecord))).all(),
        ]
        for record in kept:
            await session.delete(record)
    found = await of_history(desk, district)
    async with desk.db.write() as session:
        for record in kept:
            values = {c.key: getattr(record, c.key) for c in record.__table__.columns}
            session.add(type(record)(**values))
    return found


async def summed(desk: Desk) -> int:
    async with desk.db.read() as session:
        return await session.scalar(select(func.sum(DayRecord.number))) or 0


async def changes(desk: Desk) -> int:
    async with desk.db.read() as session:
        return await session.scalar(select(func.count()).select_from(HistoryRecord)) or 0


async def test_figures_are_the_same_before_between_and_after_the_nights(desk: Desk) -> None:
    numbers = []
    for _ in range(5):  # terms end meanwhile, and are missed
        for district in (None, "kokshetau"):
            assert await of_history(desk, district) == await unsummed(desk, district)
        numbers.append(await summed(desk))
        await night(desk)
    assert numbers[:2] == [0, 0]  # the first night only sees how far the history goes
    assert 0 < numbers[2] < numbers[-1] <= await changes(desk)
    answers, _, _, _ = await of_history(desk)
    assert (answers.hours, answers.missed) == ({3: 1, 8: 1}, 2)  # type: ignore[attr-defined]


async def test_a_change_whose_moment_lies_before_the_night_is_counted_all_the_same(
    desk: Desk,
) -> None:
    for _ in range(3):
        await night(desk)
    before = await of_history(desk)
    async with desk.db.write() as session:
        session.add(
            HistoryRecord(
                application_id=1,
                at=desk.clock.now() - 3 * DAY,  # the sweep was late
                event=Event.CONFIRMATION_MISSED.value,
                from_status="awaiting_confirmation",
                to_status="stop_list",
                actor="clock",
                details={},
            )
        )
    late = await of_history(desk)
    assert late[0].missed == before[0].missed + 1  # type: ignore[attr-defined]
    for _ in range(2):
        await night(desk)
    assert (await of_history(desk))[0] == late[0]


async def test_a_long_history_is_summed_in_slices(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "SLICE", 2)
    await night(desk)
    taken: list[tuple[int, int]] = []
    add = days._add

    async def noted(session: AsyncSession, after: int, until: int, *more: object) -> None:
        taken.append((after, until))
        await add(session, after, until, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(days, "_add", noted)
    await night(desk)
    assert taken == [(0, 2), (2, 4), (4, 6)]
    assert await of_history(desk) == await unsummed(desk)


async def test_a_night_that_comes_while_figures_are_read_counts_nothing_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await night(desk)
    desk.clock.move(desk.clock.now() + DAY)
    told = await unsummed(desk)
    read = days._summed
    reads: list[int] = []

    async def asked(session: AsyncSession) -> int:
        found = await read(session)
        reads.append(found)
        if len(reads) == 1:
            async with desk.db.write() as other:
                while await days.sweep(other, desk.clock.now()):
                    pass
        return found

    monkeypatch.setattr(days, "_summed", asked)
    assert await of_history(desk) == told
    assert reads[0] < reads[1]


async def test_sums_that_nobody_asks_for_any_more_are_deleted(desk: Desk) -> None:
    for _ in range(2):
        await night(desk)
    assert await summed(desk) > 0
    desk.clock.move(desk.clock.now() + (LONG + 2) * DAY)
    await desk.sweep.run(desk.clock.now())
    async with desk.db.read() as session:
        oldest = await session.scalar(select(func.min(DayRecord.day)))
    assert oldest is None or (desk.clock.now().date() - oldest).days <= LONG + 1
