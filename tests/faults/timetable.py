"""The stops of a round's clock: over the two and the five days, and the twenty-eight."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from tests.model.rules import (
    DAY,
    HERE,
    at,
    calendar_days,
    is_working,
    next_working_day,
    working_days,
)

FIRST, LAST = date(2026, 4, 1), date(2026, 6, 20)
"""A round begins on one of these days, so that the wall calendar holds all that it brings."""


@dataclass(frozen=True)
class Stop:
    """Where the clock stops and people act. `kind`: "enter" (who is not in yet), "issue" (vouchers
    come first), "day", "last" (the last minutes of a day), "night" (just after it), "restore"."""

    moment: datetime
    kind: str = "day"


def timetable(random: Random) -> list[Stop]:
    """From the vouchers of some working morning to the end of the stop list."""
    day = FIRST + DAY * random.randrange((LAST - FIRST).days)
    day = day if is_working(day) else next_working_day(day)
    days = [working_days(day, number) if number else day for number in range(9)]
    confirm, choose = days[2], days[5]
    restore = calendar_days(confirm, 28)
    stops = [
        Stop(_on(day, 9, 30), "enter"),
        Stop(_on(day, 10), "issue"),
        Stop(_on(day, 10, 3)),
        Stop(_on(days[1], 9, 30)),
        Stop(_on(days[1], 18, 10)),
        Stop(_on(confirm, 9, 20)),
        Stop(_on(confirm, 20, 20)),
        *_midnight(confirm),
        Stop(_on(days[3], 11), "restore"),
        Stop(_on(days[3], 12), "issue"),
        Stop(_on(days[4], 10)),
        Stop(_on(choose, 18, 30)),
        *_midnight(choose),
        Stop(_on(days[7], 20, 30)),
        *_midnight(days[7]),
        Stop(_on(days[8], 12)),
        Stop(_on(calendar_days(confirm, 10), 10), "restore"),
        Stop(_on(restore, 9, 30), "restore"),
        *_midnight(restore),
        Stop(at(calendar_days(restore, 6)) + timedelta(hours=12)),
    ]
    return sorted(stops, key=lambda stop: stop.moment)


def _midnight(last: date) -> list[Stop]:
    """The last minutes of a term, the first of the next day, and when reserved acts are over."""
    end = at(last + DAY)
    return [
        Stop(end - timedelta(seconds=75), "last"),
        Stop(end + timedelta(seconds=5), "night"),
    ]


def _on(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), HERE)
