"""The calendar of working days as the database has it: read, and seeded."""

import datetime as dt
import math
import time

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.calendar.rules import Calendar
from core.calendar.seed import ESTIMATED, SOURCE, seeded_days
from core.calendar.tables import CalendarDay, CalendarYear
from core.db.engine import Database

CORRECTED = "calendar"
"""What a correction of days leaves behind: all processes read them anew."""
FRESH = 10.0
"""Seconds for which a calendar once read counts, should nobody hear of a correction."""


class CalendarBook:
    """The table of days. It is read every now and then, and kept in between."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._calendar: Calendar | None = None
        self._read_at = 0.0
        db.on_work(CORRECTED, self._forget)

    async def load(self) -> Calendar:
        """The calendar, from memory while that is fresh."""
        if self._calendar is None or time.monotonic() - self._read_at > FRESH:
            return await self.reload()
        return self._calendar

    def _forget(self) -> None:
        self._read_at = -math.inf

    async def reload(self) -> Calendar:
        """The calendar as the table has it now."""
        self._read_at = time.monotonic()
        async with self._db.read() as session:
            self._calendar = await calendar_in(session)
        return self._calendar

    async def seed(self, years: range) -> Calendar:
        """Fill `years` from the `holidays` package; what staff corrected stays as it is.

        Seeding again changes nothing, or brings what a newer release of the package knows.
        ValueError for a year that the package does not know.
        """
        if await self._seeded(years):
            return await self.reload()
        seeded = seeded_days(years)
        estimated = {s.day.date.year for s in seeded if s.source == ESTIMATED}
        first, last = dt.date(years[0], 1, 1), dt.date(years[-1], 12, 31)
        as_seeded = CalendarDay.date.between(first, last) & CalendarDay.changed_at.is_(None)
        is_corrected = CalendarDay.changed_at.is_not(None)
        async with self._db.write() as session:
            if not self._db.is_sqlite:  # two processes may start, and seed, at the same time
                await session.execute(text("LOCK TABLE calendar_years IN EXCLUSIVE MODE"))
            await session.execute(delete(CalendarDay).where(as_seeded))
            await session.execute(delete(CalendarYear).where(CalendarYear.year.in_(years)))
            corrected = set(await session.scalars(select(CalendarDay.date).where(is_corrected)))
            days = [
                {"date": s.day.date, "kind": s.day.kind, "note": s.day.note, "source": s.source}
                for s in seeded
                if s.day.date not in corrected
            ]
            if days:
                await session.execute(insert(CalendarDay), days)
            await session.execute(
                insert(CalendarYear),
                [{"year": y, "source": SOURCE, "estimated": y in estimated} for y in years],
            )
        return await self.reload()

    async def _seeded(self, years: range) -> bool:
        """Whether all of them are as the package, of just this release, knows them."""
        of_this_release = CalendarYear.year.in_(years), CalendarYear.source == SOURCE
        async with self._db.read() as session:
            count = select(func.count()).select_from(CalendarYear).where(*of_this_release)
            return await session.scalar(count) == len(years)


async def calendar_in(session: AsyncSession) -> Calendar:
    """The calendar as that transaction sees it."""
    days = (await session.scalars(select(CalendarDay))).all()
    years = (await session.scalars(select(CalendarYear.year))).all()
    return Calendar((day.as_day() for day in days), frozenset(years))
