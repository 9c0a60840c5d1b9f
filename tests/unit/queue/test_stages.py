"""Whom a stage of age takes on a day (D16)."""

from datetime import date

import pytest

from core.queue.rules import AgeStage, born, years_before
from seed.categories import AGED_1, AGED_2, AGED_3, MIN_AGES, category_of

STAGES = [AgeStage(code, age) for code, age in MIN_AGES.items()]


def stage(child: date, day: date) -> str:
    return next(
        band.code for band in born(STAGES, day) if band.until is None or child <= band.until
    )


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        (date(2023, 9, 1), AGED_3),  # the birthday itself
        (date(2023, 9, 2), AGED_2),
        (date(2024, 9, 1), AGED_2),
        (date(2024, 9, 2), AGED_1),
        (date(2026, 8, 31), AGED_1),
        (date(2019, 1, 1), AGED_3),
    ],
)
def test_full_years_count(child: date, expected: str) -> None:
    assert stage(child, date(2026, 9, 1)) == expected


@pytest.mark.parametrize("day", [date(2027, 2, 28), date(2027, 3, 1), date(2028, 2, 29)])
def test_who_is_born_on_29_february_is_a_year_older_on_1_march(day: date) -> None:
    for child in (date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2025, 2, 28)):
        assert stage(child, day) == category_of(child, None, day)


def test_a_leap_day_has_its_day_in_other_years() -> None:
    assert years_before(date(2028, 2, 29), 3) == date(2025, 2, 28)
    assert years_before(date(2028, 2, 29), 4) == date(2024, 2, 29)
