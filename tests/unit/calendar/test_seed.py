"""What the calendar is seeded with (D1)."""

from datetime import date

import pytest

from core.calendar.rules import Calendar, Day, DayKind, YearNotCovered
from core.calendar.seed import (
    ESTIMATED,
    SOURCE,
    SeededDay,
    seeded_calendar,
    seeded_days,
    years_to_seed,
)


@pytest.mark.parametrize(
    ("day", "kind", "note"),
    [
        (date(2024, 5, 4), DayKind.TRANSFERRED_WORKING, ""),
        (date(2024, 5, 8), DayKind.TRANSFERRED_OFF, ""),
        (date(2025, 1, 3), DayKind.TRANSFERRED_OFF, ""),
        (date(2025, 1, 5), DayKind.TRANSFERRED_WORKING, ""),
        (date(2026, 3, 23), DayKind.HOLIDAY, "Nowruz Holiday"),
        (date(2026, 3, 24), DayKind.TRANSFERRED_OFF, "Nowruz Holiday"),
        (date(2026, 8, 30), DayKind.WEEKEND, ""),
        (date(2027, 3, 15), DayKind.HOLIDAY, "Constitution Day"),
    ],
)
def test_holidays_and_moved_days_are_known(
    calendar: Calendar, day: date, kind: DayKind, note: str
) -> None:
    assert calendar.day(day) == Day(day, kind, note)


def test_kurban_ait_of_years_to_come_is_marked_as_estimated() -> None:
    by_source = {s.source: s for s in seeded_days(range(2026, 2027))}
    assert by_source.keys() == {SOURCE, ESTIMATED}
    eid = Day(date(2026, 5, 27), DayKind.HOLIDAY, "Eid al-Adha")
    assert by_source[ESTIMATED] == SeededDay(eid, ESTIMATED)


def test_no_remark_of_the_package_is_left_in_a_name() -> None:
    assert not [s for s in seeded_days(range(2024, 2041)) if "(" in s.day.note]


def test_only_the_years_asked_for_are_made() -> None:
    assert {s.day.date.year for s in seeded_days(range(2024, 2026))} == {2024, 2025}
    with pytest.raises(YearNotCovered):
        seeded_calendar(range(2024, 2026)).day(date(2026, 1, 1))


def test_the_year_after_next_is_seeded() -> None:
    assert years_to_seed(date(2026, 4, 7)) == range(2024, 2029)


def test_a_year_that_the_package_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="2101"):
        seeded_days(range(2100, 2102))
