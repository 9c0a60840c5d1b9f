"""Records of the calendar of working days: editable, seeded from `holidays` (D1)."""

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.calendar.rules import Day, DayKind
from core.db.base import Base


class CalendarDay(Base):
    """A day that differs from plain Monday to Friday, or that staff have corrected."""

    __tablename__ = "calendar_days"

    date: Mapped[dt.date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    note: Mapped[str]
    source: Mapped[str]
    changed_at: Mapped[dt.datetime | None]
    """When staff corrected it; None while it stands as seeded."""

    def as_day(self) -> Day:
        return Day(self.date, DayKind(self.kind), self.note)


class CalendarYear(Base):
    """A year that the calendar covers; `estimated` while a date in it is not announced."""

    __tablename__ = "calendar_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    estimated: Mapped[bool]
