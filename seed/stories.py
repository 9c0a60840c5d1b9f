"""What has happened to an application before the demo begins, as steps for core's own rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from core.applications.rules import Event
from core.calendar.rules import Calendar
from core.clock import ALMATY, local

ONE_DAY = timedelta(days=1)
OFFICE = (9, 18)
"""Hours between which the portal issues vouchers and parents answer."""


@dataclass(frozen=True)
class Step:
    """One event. `at` None: at the end of the running term."""

    event: Event
    at: datetime | None


@dataclass(frozen=True)
class Between:
    """On a working day from `first` to `last`."""

    event: Event
    first: date
    last: date


@dataclass(frozen=True)
class After:
    """So many minutes after the step before."""

    event: Event
    fewest: int
    most: int


@dataclass(frozen=True)
class AtEnd:
    """At the end of the running term."""

    event: Event


@dataclass(frozen=True)
class Story:
    """A way that applications go; its first step is a Between. Terms that a story leaves running
    end after the demo begins. `over`: the child no longer waits. `stays`: needs temporary places.
    """

    weight: int
    way: tuple[Between | After | AtEnd, ...]
    over: bool = False
    stays: bool = False


def _issued(first: date, last: date) -> Between:
    return Between(Event.ISSUE_VOUCHER, first, last)


LONG_AGO = date(2025, 2, 3)
CONFIRMED = After(Event.CONFIRM_INTEREST, 60, 30 * 60)
NOT_CONFIRMED = AtEnd(Event.CONFIRMATION_MISSED)

STORIES = (
    Story(16, (_issued(date(2026, 4, 3), date(2026, 4, 6)),)),
    Story(
        16,
        (
            _issued(date(2026, 4, 1), date(2026, 4, 6)),
            After(Event.CONFIRM_INTEREST, 60, 17 * 60),
        ),
    ),
    Story(14, (_issued(date(2026, 3, 12), date(2026, 4, 2)), NOT_CONFIRMED)),
    Story(
        5,
        (
            _issued(date(2026, 1, 19), date(2026, 1, 30)),
            NOT_CONFIRMED,
            Between(Event.RESTORE, date(2026, 2, 5), date(2026, 2, 16)),
            _issued(date(2026, 3, 12), date(2026, 4, 2)),
            NOT_CONFIRMED,
        ),
    ),
    Story(
        6,
        (
            _issued(date(2026, 2, 16), date(2026, 2, 27)),
            NOT_CONFIRMED,
            Between(Event.RESTORE, date(2026, 3, 5), date(2026, 3, 16)),
        ),
    ),
    Story(
        3,
        (
            _issued(date(2026, 3, 19), date(2026, 3, 31)),
            After(Event.CONFIRM_INTEREST, 60, 24 * 60),
            After(Event.TAKE_TEMPORARY_PLACE, 60, 72 * 60),
        ),
        stays=True,
    ),
    Story(
        44,
        (
            _issued(LONG_AGO, date(2026, 3, 18)),
            CONFIRMED,
            After(Event.TAKE_PLACE, 20, 90 * 60),
        ),
        over=True,
    ),
    Story(
        6,
        (_issued(LONG_AGO, date(2026, 4, 1)), After(Event.REFUSE_VOUCHER, 20, 30 * 60)),
        over=True,
    ),
    Story(8, (Between(Event.REMOVE_FROM_QUEUE, LONG_AGO, date(2026, 4, 6)),), over=True),
    Story(
        7,
        (
            _issued(LONG_AGO, date(2026, 3, 16)),
            CONFIRMED,
            AtEnd(Event.CHOOSING_MISSED),
        ),
        over=True,
    ),
    Story(
        6,
        (
            _issued(LONG_AGO, date(2026, 2, 27)),
            NOT_CONFIRMED,
            AtEnd(Event.RESTORING_MISSED),
        ),
        over=True,
    ),
)


def possible(story: Story, registered_at: datetime) -> bool:
    """The story can have begun after the registration."""
    begins = story.way[0]
    assert isinstance(begins, Between)
    return local(registered_at).date() < begins.last


def tell(
    story: Story, registered_at: datetime, calendar: Calendar, random: Random
) -> tuple[Step, ...]:
    """The steps of a possible story, on days of this calendar."""
    return tuple(_steps(story, registered_at, calendar, random))


def _steps(
    story: Story, registered_at: datetime, calendar: Calendar, random: Random
) -> Iterator[Step]:
    at = registered_at
    for part in story.way:
        match part:
            case Between(event, first, last):
                at = _office_hour(max(first, local(at).date() + ONE_DAY), last, calendar, random)
                yield Step(event, at)
            case After(event, fewest, most):
                at += timedelta(minutes=random.randint(fewest, most))
                yield Step(event, at)
            case AtEnd(event):
                yield Step(event, None)


def _office_hour(first: date, last: date, calendar: Calendar, random: Random) -> datetime:
    """Some moment of a working day from `first` to `last`; the next one where there is none."""
    days = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    working = [day for day in days if calendar.is_working(day)]
    day = random.choice(working) if working else calendar.next_working_day(last)
    hour, minute, second = random.randrange(*OFFICE), random.randrange(60), random.randrange(60)
    return datetime.combine(day, time(hour, minute, second), tzinfo=ALMATY)
