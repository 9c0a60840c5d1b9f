"""The calendar of working days as the database has it: read, seeded, corrected."""

import datetime as dt

from sqlalchemy import delete, insert, select

from core.calendar.rules import Calendar, Day, DayKind
from core.calendar.seed import ESTIMATED, SOURCE, seeded_days
from core.calendar.tables import CalendarDay, CalendarYear
from core.db.engine import Database


class CalendarBook:
    """The table of days. It is read once and kept; `reload` reads it anew."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._calendar: Calendar | None = None

    async def load(self) -> Calendar:
        """The calendar, from memory after the first time."""
        return self._calendar or await self.reload()

    async def reload(self) -> Calendar:
        """The calendar as the table has it now: after a correction made by another process."""
        async with self._db.read() as session:
            days = (await session.scalars(select(CalendarDay))).all()
            years = (await session.scalars(select(CalendarYear.year))).all()
        self._calendar = Calendar((day.as_day() for day in days), frozenset(years))
        return self._calendar

    async def seed(self, years: range) -> Calendar:
        """Fill `years` from the `holidays` package; what staff corrected stays as it is.

        Seeding again changes nothing, or brings what a newer release of the package knows.
        ValueError for a year that the package does not know.
        """
        seeded = seeded_days(years)
        estimated = {s.day.date.year for s in seeded if s.source == ESTIMATED}
        async with self._db.write() as session:
            corrected = set(
                await session.scalars(
                    select(CalendarDay.date).where(CalendarDay.changed_at.is_not(None))
                )
            )
            await session.execute(
                delete(CalendarDay).where(
                    CalendarDay.changed_at.is_(None),
                    CalendarDay.date.between(dt.date(years[0], 1, 1), dt.date(years[-1], 12, 31)),
                )
            )
            await session.execute(delete(CalendarYear).where(CalendarYear.year.in_(years)))
            await session.execute(
                insert(CalendarDay),
                [
                    _row(s.day.date, s.day.kind, s.day.note, s.source, None)
                    for s in seeded
                    if s.day.date not in corrected
                ],
            )
            await session.execute(
                insert(CalendarYear),
                [{"year": y, "source": SOURCE, "estimated": y in estimated} for y in years],
            )
        return await self.reload()

    async def correct(
        self, date: dt.date, kind: DayKind, note: str, source: str, at: dt.datetime
    ) -> Calendar:
        """Staff's correction of one day: `source` names the decree, `at` is now.

        It opens no year: a day of a year that is not covered stays refused.
        """
        async with self._db.write() as session:
            await session.merge(CalendarDay(**_row(date, kind, note, source, at)))
        return await self.reload()


def _row(
    date: dt.date, kind: DayKind, note: str, source: str, changed_at: dt.datetime | None
) -> dict[str, object]:
    return {
        "date": date,
        "kind": kind,
        "note": note,
        "source": source,
        "changed_at": changed_at,
    }
