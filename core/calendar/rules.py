"""Working days of Kazakhstan, and terms counted on them (D1, D8, D9).

The years of an instance are those that its table covers; no other day is ever guessed.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from core.clock import start_of

ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5


class DayKind(StrEnum):
    """What a day is in the country's calendar; the transferred ones are moved by the government."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    TRANSFERRED_OFF = "transferred_off"
    TRANSFERRED_WORKING = "transferred_working"

    @property
    def is_working(self) -> bool:
        return self in (DayKind.WORKING, DayKind.TRANSFERRED_WORKING)


@dataclass(frozen=True)
class Day:
    """One day. `note` is the holiday's name in English (a msgid), "" where there is none."""

    date: dt.date
    kind: DayKind
    note: str

    @property
    def is_working(self) -> bool:
        return self.kind.is_working


class YearNotCovered(Exception):
    """The calendar knows nothing of `year`, so nothing is counted in it (D1)."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the calendar of working days does not cover {year}")
        self.year = year


class Calendar:
    """The days of the covered years.

    `days` holds those that differ from plain Monday to Friday; `years` are the covered ones.
    Whatever touches a day of another year raises YearNotCovered.
    """

    def __init__(self, days: Iterable[Day], years: frozenset[int]) -> None:
        self._days = {day.date: day for day in days}
        self._years = years

    def day(self, date: dt.date) -> Day:
        if date.year not in self._years:
            raise YearNotCovered(date.year)
        plain = DayKind.WEEKEND if date.weekday() >= SATURDAY else DayKind.WORKING
        return self._days.get(date) or Day(date, plain, "")

    def is_working(self, date: dt.date) -> bool:
        return self.day(date).is_working

    def next_working_day(self, date: dt.date) -> dt.date:
        """The first working day strictly after `date` (R18)."""
        return self.working_day_after(date, 1)

    def working_day_after(self, date: dt.date, n: int) -> dt.date:
        """The `n`-th working day strictly after `date`; `n` is 1 or more."""
        return count(self, WorkingDays(n), date).last_day


@dataclass(frozen=True)
class WorkingDays:
    """A term of `count` working days, 1 or more."""

    count: int

    def __post_init__(self) -> None:
        _refuse_empty(self.count)


@dataclass(frozen=True)
class CalendarDays:
    """A term of `count` calendar days, 1 or more."""

    count: int

    def __post_init__(self) -> None:
        _refuse_empty(self.count)


Term = WorkingDays | CalendarDays
"""Two types, so that one cannot be taken for the other."""

UNITS: dict[str, type[WorkingDays] | type[CalendarDays]] = {
    "working_days": WorkingDays,
    "calendar_days": CalendarDays,
}


@dataclass(frozen=True)
class CountedDay:
    """A day within a term; `number` is its place in the count, None when it does not count."""

    date: dt.date
    kind: DayKind
    note: str
    number: int | None


@dataclass(frozen=True)
class Deadline:
    """When a term ends, and how that was counted: stored as computed, never recounted silently.

    A press counts if it came before `ends_at`: 00:00 in Kazakhstan of the day after `last_day`,
    in UTC (D8). `from_day` is the day of the event; `days` runs from the day after it to
    `last_day`, without a gap, or to the last day as counted where an outage has `extended` the
    term since: then that is the outage's cause (D18).
    """

    ends_at: dt.datetime
    last_day: dt.date
    from_day: dt.date
    term: Term
    days: tuple[CountedDay, ...]
    extended: str | None = None

    def to_json(self) -> dict[str, Any]:
        """What is kept beside the deadline: plain JSON values; `from_json` reads it back."""
        unit = next(name for name, kind in UNITS.items() if isinstance(self.term, kind))
        kept = {} if self.extended is None else {"extended": self.extended}
        return kept | {
            "ends_at": self.ends_at.isoformat(),
            "last_day": self.last_day.isoformat(),
            "from_day": self.from_day.isoformat(),
            "term": {"unit": unit, "count": self.term.count},
            "days": [
                {"date": d.date.isoformat(), "kind": d.kind, "note": d.note, "number": d.number}
                for d in self.days
            ],
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """The deadline that `to_json` wrote. KeyError or ValueError for anything else."""
        term = kept["term"]
        return cls(
            ends_at=dt.datetime.fromisoformat(kept["ends_at"]),
            last_day=dt.date.fromisoformat(kept["last_day"]),
            from_day=dt.date.fromisoformat(kept["from_day"]),
            term=UNITS[term["unit"]](term["count"]),
            days=tuple(
                CountedDay(
                    dt.date.fromisoformat(d["date"]), DayKind(d["kind"]), d["note"], d["number"]
                )
                for d in kept["days"]
            ),
            extended=kept.get("extended"),
        )


def count(calendar: Calendar, term: Term, from_day: dt.date) -> Deadline:
    """The deadline of `term` for an event of `from_day`: day 1 is the next one that counts (D1).

    A calendar term whose last day is a day off ends on the next working day.
    Raises YearNotCovered when the count runs into a year that the calendar does not know.
    """
    days: list[CountedDay] = []
    number = 0
    date = from_day
    ended = False
    while not ended:
        date += ONE_DAY
        day = calendar.day(date)
        counts = number < term.count and (isinstance(term, CalendarDays) or day.is_working)
        number += counts
        days.append(CountedDay(date, day.kind, day.note, number if counts else None))
        ended = number == term.count and day.is_working
    return Deadline(start_of(date + ONE_DAY), date, from_day, term, tuple(days))


def _refuse_empty(days: int) -> None:
    if days < 1:
        raise ValueError("a term has at least one day")
