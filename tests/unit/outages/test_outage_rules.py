"""D18 as a table: what an outage is, whom it touches, to when a term is extended."""

from datetime import date, datetime, timedelta

import pytest

from core.calendar.rules import Calendar, YearNotCovered
from core.clock import ALMATY
from core.outages.rules import (
    BACK,
    Problem,
    Span,
    missing,
    new_last_day,
    problem_of,
    touched,
)


def at(text: str) -> datetime:
    """`09.04 22:30` or `09.04 22:30:15` of 2026, in Kazakhstan."""
    form = "%Y %d.%m %H:%M:%S" if text.count(":") == 2 else "%Y %d.%m %H:%M"
    return datetime.strptime(f"2026 {text}", form).replace(tzinfo=ALMATY)


def spans(*told: str) -> list[Span]:
    """`09.04 22:30 – 10.04 00:40`."""
    return [Span(*(at(end) for end in one.split(" – "))) for one in told]


END = at("10.04 00:00")
"""The end of a term whose last day is Thursday, 9 April."""

TABLE = [
    # what was down, seconds missing of the last two hours, whether the term is extended
    ([], 0, False),
    (["09.04 22:30 – 10.04 00:40"], 5400, True),
    (["09.04 20:00 – 09.04 22:00"], 0, False),
    (["09.04 20:00 – 09.04 22:01"], 60, False),
    (["09.04 20:00 – 09.04 22:01:01"], 61, True),
    (["09.04 23:59 – 10.04 09:00"], 60, False),
    (["09.04 23:58:59 – 10.04 09:00"], 61, True),
    (["10.04 00:00 – 10.04 09:00"], 0, False),
    (["08.04 09:00 – 12.04 09:00"], 7200, True),
    # several in sum, whatever their order; what two of them cover counts once
    (["09.04 23:00 – 09.04 23:00:40", "09.04 22:10 – 09.04 22:10:20"], 60, False),
    (["09.04 23:00 – 09.04 23:00:40", "09.04 22:10 – 09.04 22:10:21"], 61, True),
    (["09.04 23:00 – 09.04 23:00:40", "09.04 23:00:10 – 09.04 23:00:50"], 50, False),
    (["09.04 23:00 – 09.04 23:00:50", "09.04 23:00:10 – 09.04 23:00:20"], 50, False),
]


@pytest.mark.parametrize(("down", "seconds", "extended"), TABLE)
def test_more_than_a_minute_of_the_last_two_hours_extends_a_term(
    down: list[str], seconds: int, extended: bool
) -> None:
    assert missing(END, spans(*down)) == timedelta(seconds=seconds)
    assert touched(END, spans(*down)) is extended


@pytest.mark.parametrize(
    ("last_day", "down", "found", "expected"),
    [
        # over a midnight: the next working day
        ("09.04", "09.04 22:30 – 10.04 00:40", "10.04 00:40", "10.04"),
        # found before the end already: the same for those who are told early
        ("09.04", "09.04 22:30 – 09.04 22:40", "09.04 22:40", "10.04"),
        # a Friday: over the weekend
        ("10.04", "10.04 22:30 – 11.04 00:40", "11.04 00:40", "13.04"),
        # before holidays: 1 May is one, 2 and 3 May are a weekend
        ("30.04", "30.04 23:00 – 01.05 01:00", "01.05 01:00", "04.05"),
        # it lasted over the evenings that would have been next
        ("09.04", "09.04 22:30 – 14.04 09:00", "14.04 09:00", "14.04"),
        ("09.04", "09.04 22:30 – 13.04 22:02", "13.04 22:02", "14.04"),
        # it was over in time, but nobody knew of it: whoever is told has two hours at least
        ("09.04", "09.04 22:30 – 10.04 00:40", "10.04 22:00", "10.04"),
        ("09.04", "09.04 22:30 – 10.04 00:40", "10.04 22:01", "13.04"),
        ("09.04", "09.04 22:30 – 10.04 00:40", "16.04 12:00", "16.04"),
    ],
)
def test_a_term_is_extended_to_the_end_of_the_next_working_day_that_is_of_use(
    calendar: Calendar, last_day: str, down: str, found: str, expected: str
) -> None:
    day = at(f"{last_day} 12:00").date()
    assert new_last_day(day, spans(down), calendar, at(found)) == at(f"{expected} 12:00").date()


def test_a_day_beyond_the_calendar_is_never_guessed(calendar: Calendar) -> None:
    with pytest.raises(YearNotCovered):
        new_last_day(date(2028, 12, 29), [], calendar, at("10.04 00:40"))


NOW = at("10.04 12:00")


@pytest.mark.parametrize(
    ("from_at", "to_at", "problem"),
    [
        (at("09.04 22:00"), at("09.04 23:00"), None),
        (NOW - BACK, NOW, None),
        (at("09.04 23:00"), at("09.04 22:00"), Problem.BACKWARDS),
        (at("09.04 22:00"), at("09.04 22:00"), Problem.BACKWARDS),
        (at("10.04 11:00"), at("10.04 12:01"), Problem.TO_COME),
        (at("03.04 11:59"), at("03.04 13:00"), Problem.LONG_AGO),
        (at("09.04 22:00"), at("09.04 22:01"), Problem.TOO_SHORT),
    ],
)
def test_only_what_is_over_and_not_long_ago_can_be_declared(
    from_at: datetime, to_at: datetime, problem: Problem | None
) -> None:
    assert problem_of(Span(from_at, to_at), NOW) is problem
