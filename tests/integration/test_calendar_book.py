"""The calendar in the database: seeded, corrected, shared (D1)."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, func, select, update

from core.calendar import service
from core.calendar.rules import Calendar, DayKind, WorkingDays, YearNotCovered, count
from core.calendar.seed import ESTIMATED
from core.calendar.service import CalendarBook
from core.calendar.tables import CalendarDay, CalendarYear
from core.db.engine import Database

YEARS = range(2024, 2029)
NOW = datetime(2026, 4, 1, 6, 0, tzinfo=UTC)


async def rows(database: Database) -> list[tuple[date, str, str]]:
    async with database.read() as session:
        found = await session.scalars(select(CalendarDay).order_by(CalendarDay.date))
        return [(day.date, day.kind, day.source) for day in found]


async def correct(database: Database, day: date, kind: DayKind) -> None:
    """Staff's correction of one day, in the table."""
    async with database.write() as session:
        corrected = CalendarDay(date=day, kind=kind, note="", source="decree", changed_at=NOW)
        await session.merge(corrected)


async def test_an_empty_table_covers_no_year(database: Database) -> None:
    calendar = await CalendarBook(database).load()
    with pytest.raises(YearNotCovered):
        calendar.day(date(2026, 4, 7))


async def test_the_seeded_table_counts_as_the_seed_does(
    database: Database, calendar: Calendar
) -> None:
    book = CalendarBook(database)
    await book.seed(YEARS)
    loaded = await book.load()
    for ordinal in range(date(2024, 1, 1).toordinal(), date(2029, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        assert loaded.day(day) == calendar.day(day)
    for beyond in (date(2023, 12, 31), date(2029, 1, 1)):
        with pytest.raises(YearNotCovered):
            loaded.day(beyond)


async def test_seeding_again_changes_nothing(database: Database) -> None:
    book = CalendarBook(database)
    await book.seed(YEARS)
    first = await rows(database)
    await book.seed(YEARS)
    assert await rows(database) == first


async def test_a_newer_release_brings_what_it_knows(database: Database) -> None:
    book = CalendarBook(database)
    await book.seed(YEARS)
    first = await rows(database)
    async with database.write() as session:
        await session.execute(update(CalendarYear).values(source="holidays 0"))
        await session.execute(delete(CalendarDay).where(CalendarDay.date == date(2026, 3, 22)))
    assert await rows(database) != first
    await book.seed(YEARS)
    assert await rows(database) == first


async def test_seeding_a_new_year_keeps_the_old_ones(database: Database) -> None:
    book = CalendarBook(database)
    await book.seed(range(2024, 2027))
    calendar = await book.seed(range(2026, 2028))
    for year in range(2024, 2028):
        assert not calendar.is_working(date(year, 1, 1))
    assert not calendar.is_working(date(2024, 5, 8))


async def test_two_processes_that_seed_at_once_both_succeed(database: Database) -> None:
    await asyncio.gather(*(CalendarBook(database).seed(YEARS) for _ in range(4)))
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(CalendarYear)) == 5


async def test_years_whose_kurban_ait_is_not_announced_are_marked(database: Database) -> None:
    await CalendarBook(database).seed(YEARS)
    assert (date(2026, 5, 27), "holiday", ESTIMATED) in await rows(database)
    async with database.read() as session:
        years = await session.scalars(select(CalendarYear).order_by(CalendarYear.year))
        assert [(y.year, y.estimated) for y in years] == [
            (2024, False),
            (2025, False),
            (2026, True),
            (2027, True),
            (2028, True),
        ]


async def test_a_correction_outlives_seeding(database: Database) -> None:
    book = CalendarBook(database)
    await book.seed(YEARS)
    await correct(database, date(2026, 4, 8), DayKind.TRANSFERRED_OFF)
    await correct(database, date(2026, 5, 27), DayKind.WORKING)
    for calendar in (await book.reload(), await book.seed(YEARS)):
        assert not calendar.is_working(date(2026, 4, 8))
        assert calendar.is_working(date(2026, 5, 27))
        assert count(calendar, WorkingDays(2), date(2026, 4, 7)).last_day == date(2026, 4, 10)


async def test_a_day_can_be_corrected_twice(database: Database) -> None:
    book = CalendarBook(database)
    await book.seed(YEARS)
    await correct(database, date(2026, 4, 8), DayKind.TRANSFERRED_OFF)
    await correct(database, date(2026, 4, 8), DayKind.WORKING)
    calendar = await book.reload()
    assert calendar.is_working(date(2026, 4, 8))


async def test_a_correction_by_another_process_is_seen_soon(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = CalendarBook(database)
    await here.seed(YEARS)
    await correct(database, date(2026, 4, 8), DayKind.TRANSFERRED_OFF)
    assert (await here.load()).is_working(date(2026, 4, 8))
    monkeypatch.setattr(service, "FRESH", 0.0)
    assert not (await here.load()).is_working(date(2026, 4, 8))


async def test_a_year_beyond_the_package_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="2101"):
        await CalendarBook(database).seed(range(2100, 2102))
