"""What parents must be told, and when: the plans and the quiet hours, from their text alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.model.rules import DAY, HERE, Child, Stay, at, is_working, next_working_day

WEEK = 7 * DAY
EVENING, MORNING = 21, 8
"""In between nobody is told anything."""
SMS_AGAIN = tuple(timedelta(seconds=s) for s in (5, 15, 60, 300))
"""How long after each refusal of the gateway a notice is tried again."""
SMS_DAY = {"awaiting_confirmation": (1, "voucher_issued"), "voucher_issued": (3, "choose")}
"""On which working day of the term, and what, when nobody has looked."""
CALLED = frozenset(SMS_DAY)
"""Terms on whose last day a family is called whom nothing has reached."""

Series = tuple[int, int] | Stay | None


@dataclass(eq=False)
class Notice:
    """A notice that is owed, and the day that it names; it is pointless from `ends` on.

    `series`: what is cancelled together, by an answer or by the end of the term; `version`: it says
    nothing about another one of the application."""

    kind: str
    child: Child
    day: date | None
    planned: datetime
    ends: datetime | None = None
    series: Series = None
    channel: str = "telegram"
    tries: int = 0
    version: int | None = None

    def __post_init__(self) -> None:
        self.due = self.planned

    def stands(self) -> bool:
        """Nothing has happened that ends its series."""
        if isinstance(self.series, Stay):
            return self.child.stay is self.series
        return self.series is None or self.series == (self.child.id, self.child.version)

    def says_something(self, today: date) -> bool:
        """A last day is told of on that day, and its reminders come before it."""
        if self.version is not None:
            return self.version == self.child.version
        stay = self.series if isinstance(self.series, Stay) else None
        last = stay.last_day if stay else self.child.last_day
        if self.kind == "term_extended":
            return self.day == last
        if last is None or self.channel == "sms":
            return True
        if "reminder" in self.kind:
            return today < last
        return "_last_" not in f"_{self.kind}" or today == last


def awake(moment: datetime) -> datetime:
    """The first moment from then on at which people may be told something."""
    here = moment.astimezone(HERE)
    if MORNING <= here.hour < EVENING:
        return moment
    return at(here.date() + (DAY if here.hour >= EVENING else 0 * DAY), MORNING)


def of_term(child: Child, event_day: date, began: datetime) -> Iterator[Notice]:
    """The plan of the term that an application has just begun."""
    last = child.last_day
    assert last is not None
    working = [day for day in _days(event_day + DAY, last) if is_working(day)]
    often = working[:-1]
    if child.status == "stop_list":
        often = [] if child.restored else _nearer_and_nearer(event_day, last)
    planned = [("reminder", at(day, 9), "telegram") for day in often]
    planned.append(("last_day", at(last, 9), "telegram"))
    if not (child.status == "stop_list" and child.restored):
        planned.append(("last_evening", at(last, 20), "telegram"))
    if child.status in SMS_DAY:
        number, kind = SMS_DAY[child.status]
        planned.append((kind, at(working[number - 1], 18), "sms"))
    for kind, moment, channel in planned:
        if moment > began:
            series = (child.id, child.version)
            yield Notice(kind, child, last, moment, child.ends_at, series, channel)


def of_extension(child: Child, now: datetime) -> Iterator[Notice]:
    """That a term is longer, and what reminds of its new last day (D18)."""
    last, series = child.last_day, (child.id, child.version)
    assert last is not None
    yield Notice("term_extended", child, last, now, child.ends_at, series)
    planned = [("last_day", at(last, 9))]
    if not (child.status == "stop_list" and child.restored):
        planned.append(("last_evening", at(last, 20)))
    for kind, moment in planned:
        if moment > now:
            yield Notice(kind, child, last, moment, child.ends_at, series)


def of_stay(child: Child, stay: Stay, signed: datetime) -> Iterator[Notice]:
    """The plan of a temporary stay."""
    last, gone = stay.last_day, next_working_day(stay.last_day)
    often = _nearer_and_nearer(signed.astimezone(HERE).date(), last)
    planned = [("stay_reminder", at(day, 9), last) for day in often]
    planned += [("stay_last_day", at(last, 9), last), ("stay_last_evening", at(last, 20), gone)]
    for kind, moment, day in planned:
        if moment > signed:
            yield Notice(kind, child, day, moment, stay.withdrawn_at, stay)


def _nearer_and_nearer(first: date, last: date) -> list[date]:
    """Every week, then three days before the last one, and the day before it."""
    weekly = [day for day in _days(first + WEEK, last - 4 * DAY) if (day - first) % WEEK == 0 * DAY]
    return [*weekly, *(day for day in (last - 3 * DAY, last - DAY) if day > first)]


def _days(first: date, last: date) -> list[date]:
    return [first + n * DAY for n in range((last - first).days + 1)]
