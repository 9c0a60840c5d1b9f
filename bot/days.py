"""Days as people type them."""

import re
from datetime import date, datetime, time, timedelta

from core.clock import ALMATY

DAY = re.compile(r"\b(\d{1,2})([./-])(\d{1,2})\2(20\d{2}|\d{2})\b")
CENTURY = 2000
"""Nothing here is about another one."""
TIME = re.compile(r"\b(\d{1,2}):(\d{2})\b")


def days_in(text: str) -> list[date]:
    """The days of a text, as 09.04.2026, 9-4-2026 or 9/4/26, in their order. None at all where one
    of them is no day of the calendar: what is left would be another span than was meant."""
    days = [_day(*map(int, match.group(1, 3, 4))) for match in DAY.finditer(text)]
    return [day for day in days if day is not None] if all(days) else []


def _day(day: int, month: int, year: int) -> date | None:
    try:
        return date(year if year >= CENTURY else CENTURY + year, month, day)
    except ValueError:
        return None


def span_in(text: str) -> tuple[datetime, datetime] | None:
    """From when until when, in Kazakhstan: 09.04.2026 22:15 – 23:30, with a second day or without:
    then an earlier time is the next morning's. None for anything else."""
    days = days_in(text)
    found = [_time(*map(int, match.groups())) for match in TIME.finditer(text)]
    times = [hour for hour in found if hour is not None]
    if len(times) != 2 or len(days) not in (1, 2):
        return None
    first, last = days[0], days[-1]
    if len(days) == 1 and times[1] < times[0]:
        last += timedelta(days=1)
    begins, ends = (
        datetime.combine(day, hour, ALMATY) for day, hour in zip((first, last), times, strict=True)
    )
    return begins, ends


def _time(hour: int, minute: int) -> time | None:
    try:
        return time(hour, minute)
    except ValueError:
        return None
