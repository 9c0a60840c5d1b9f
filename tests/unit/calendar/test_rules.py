"""Terms counted on Kazakhstan's working days: D1, D2, D8, D9."""

import json
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar.rules import (
    Calendar,
    CalendarDays,
    Day,
    DayKind,
    Deadline,
    Term,
    WorkingDays,
    YearNotCovered,
    count,
)
from core.calendar.seed import seeded_calendar

SEEDED = seeded_calendar(range(2024, 2029))
EVENTS = st.dates(date(2024, 1, 1), date(2028, 9, 30))
WORKING = st.builds(WorkingDays, st.integers(1, 20))
CALENDAR = st.builds(CalendarDays, st.integers(1, 60))
TERMS: st.SearchStrategy[Term] = WORKING | CALENDAR

EXAMPLES = [
    (WorkingDays(2), date(2026, 4, 7), date(2026, 4, 9)),  # R7
    (WorkingDays(5), date(2026, 4, 7), date(2026, 4, 14)),  # R10
    (WorkingDays(2), date(2026, 3, 19), date(2026, 3, 26)),  # over Nauryz and its moved days
    (WorkingDays(2), date(2026, 5, 6), date(2026, 5, 12)),  # over 7 and 9 May
    (CalendarDays(28), date(2026, 4, 9), date(2026, 5, 8)),  # D2: 7 May is a holiday
    (CalendarDays(28), date(2026, 4, 14), date(2026, 5, 12)),  # D2
    (WorkingDays(1), date(2024, 5, 3), date(2024, 5, 4)),  # a Saturday that is worked
    (WorkingDays(1), date(2025, 1, 2), date(2025, 1, 5)),  # a Sunday that is worked
    (WorkingDays(2), date(2025, 8, 28), date(2025, 9, 2)),  # 30 August is still a holiday
    (WorkingDays(2), date(2026, 8, 28), date(2026, 9, 1)),  # and none from 2026
]


@pytest.mark.parametrize(("term", "event", "last_day"), EXAMPLES)
def test_the_worked_examples(term: Term, event: date, last_day: date) -> None:
    assert count(SEEDED, term, event).last_day == last_day


def test_a_term_ends_at_midnight_in_kazakhstan_after_its_last_day() -> None:
    deadline = count(SEEDED, WorkingDays(2), date(2026, 4, 7))
    assert deadline.ends_at == datetime(2026, 4, 9, 19, 0, tzinfo=UTC)


def test_a_deadline_explains_itself_day_by_day() -> None:
    deadline = count(SEEDED, WorkingDays(2), date(2026, 5, 6))
    assert [(d.date.day, d.kind, d.note, d.number) for d in deadline.days] == [
        (7, DayKind.HOLIDAY, "Defender of the Fatherland Day", None),
        (8, DayKind.WORKING, "", 1),
        (9, DayKind.HOLIDAY, "Victory Day", None),
        (10, DayKind.WEEKEND, "", None),
        (11, DayKind.TRANSFERRED_OFF, "Victory Day", None),
        (12, DayKind.WORKING, "", 2),
    ]


def test_a_calendar_term_shows_the_days_off_that_it_rolled_over() -> None:
    days = count(SEEDED, CalendarDays(28), date(2026, 4, 9)).days
    assert [(d.date, d.kind, d.number) for d in days[-3:]] == [
        (date(2026, 5, 6), DayKind.WORKING, 27),
        (date(2026, 5, 7), DayKind.HOLIDAY, 28),
        (date(2026, 5, 8), DayKind.WORKING, None),
    ]


def test_a_stay_that_ends_on_30_april_is_withdrawn_on_4_may() -> None:
    """R18: 1 May 2026 is a holiday, a Friday."""
    assert SEEDED.next_working_day(date(2026, 4, 30)) == date(2026, 5, 4)


def test_working_days_after_a_day_are_counted_from_the_next() -> None:
    assert SEEDED.working_day_after(date(2026, 4, 7), 1) == date(2026, 4, 8)
    assert SEEDED.working_day_after(date(2026, 4, 7), 5) == date(2026, 4, 14)


def test_plain_days_need_no_rows() -> None:
    calendar = Calendar([], frozenset({2026}))
    assert calendar.day(date(2026, 4, 7)) == Day(date(2026, 4, 7), DayKind.WORKING, "")
    assert calendar.day(date(2026, 4, 11)) == Day(date(2026, 4, 11), DayKind.WEEKEND, "")


@pytest.mark.parametrize("term", [WorkingDays(2), CalendarDays(3)])
def test_a_count_into_a_year_that_is_not_covered_is_refused(term: Term) -> None:
    calendar = Calendar([], frozenset({2026}))
    with pytest.raises(YearNotCovered) as refused:
        count(calendar, term, date(2026, 12, 30))
    assert refused.value.year == 2027
    with pytest.raises(YearNotCovered):
        calendar.is_working(date(2025, 12, 31))
    assert calendar.is_working(date(2026, 12, 30))


def test_a_row_in_a_year_that_is_not_covered_opens_no_year() -> None:
    day = Day(date(2027, 1, 1), DayKind.HOLIDAY, "New Year's Day")
    with pytest.raises(YearNotCovered):
        Calendar([day], frozenset({2026})).day(day.date)


def test_the_two_kinds_of_term_are_never_equal() -> None:
    assert len({WorkingDays(5), CalendarDays(5)}) == 2
    with pytest.raises(FrozenInstanceError):
        WorkingDays(5).count = 6  # type: ignore[misc]


@pytest.mark.parametrize("days", [0, -1])
def test_an_empty_term_cannot_be_made(days: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        WorkingDays(days)
    with pytest.raises(ValueError, match="at least one"):
        CalendarDays(days)


@given(TERMS, EVENTS)
def test_every_term_ends_on_a_working_day_after_the_event(term: Term, event: date) -> None:
    deadline = count(SEEDED, term, event)
    assert deadline.last_day > event
    assert SEEDED.is_working(deadline.last_day)


@given(TERMS, EVENTS)
def test_the_explanation_is_the_whole_count_without_a_gap(term: Term, event: date) -> None:
    deadline = count(SEEDED, term, event)
    dates = [d.date for d in deadline.days]
    assert dates == [event + timedelta(days=n + 1) for n in range(len(dates))]
    assert dates[-1] == deadline.last_day
    numbers = [d.number for d in deadline.days if d.number is not None]
    assert numbers == list(range(1, term.count + 1))
    assert all(
        (d.kind, d.note) == (SEEDED.day(d.date).kind, SEEDED.day(d.date).note)
        for d in deadline.days
    )


@given(WORKING, EVENTS)
def test_exactly_so_many_working_days_lie_in_a_working_term(term: WorkingDays, event: date) -> None:
    days = count(SEEDED, term, event).days
    assert sum(SEEDED.is_working(d.date) for d in days) == term.count
    assert all((d.number is not None) == d.kind.is_working for d in days)


@given(CALENDAR, EVENTS)
def test_a_calendar_term_rolls_over_days_off_only(term: CalendarDays, event: date) -> None:
    days = count(SEEDED, term, event).days
    assert all(not d.kind.is_working for d in days[term.count - 1 : -1])


@given(TERMS, EVENTS)
def test_a_later_event_never_ends_earlier(term: Term, event: date) -> None:
    tomorrow = event + timedelta(days=1)
    assert count(SEEDED, term, event).ends_at <= count(SEEDED, term, tomorrow).ends_at


@given(TERMS, EVENTS)
def test_what_is_stored_is_read_back_unchanged(term: Term, event: date) -> None:
    deadline = count(SEEDED, term, event)
    assert Deadline.from_json(json.loads(json.dumps(deadline.to_json()))) == deadline


def test_a_stored_deadline_keeps_its_form() -> None:
    """Rows written today are read by the code of next year."""
    assert count(SEEDED, WorkingDays(1), date(2026, 5, 6)).to_json() == {
        "ends_at": "2026-05-08T19:00:00+00:00",
        "last_day": "2026-05-08",
        "from_day": "2026-05-06",
        "term": {"unit": "working_days", "count": 1},
        "days": [
            {
                "date": "2026-05-07",
                "kind": "holiday",
                "note": "Defender of the Fatherland Day",
                "number": None,
            },
            {"date": "2026-05-08", "kind": "working", "note": "", "number": 1},
        ],
    }
