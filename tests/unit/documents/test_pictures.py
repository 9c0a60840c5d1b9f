"""The pictures: the same numbers are the same bytes, and every case fits a phone."""

from datetime import date
from itertools import pairwise

import pytest

from core.figures.values import Answers, Span
from core.named import Named
from core.queue.forecast import Point, forecast
from documents import chart, figures
from locales.texts import LANGUAGES, texts
from sandbox.photos import photo_size
from sandbox.state import StoredFile
from tests.pictures import HISTORIES, MONDAY, SAMPLES, draw_chart, region

TODAY = MONDAY.date()
KK, RU, EN = (texts(language) for language in LANGUAGES)


def size(png: bytes) -> tuple[int, int]:
    """As Telegram would measure it."""
    return photo_size(StoredFile("f", "f.png", "image/png", len(png)), png)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_report_fits_a_phone(name: str) -> None:
    width, height = size(figures.render(SAMPLES[name](), RU))
    assert width == 1080
    assert height <= 1920


@pytest.mark.parametrize("name", HISTORIES)
def test_every_history_fits_a_phone(name: str) -> None:
    width, height = size(draw_chart(name, KK))
    assert width == 1080
    assert height <= 1350


def test_the_same_numbers_are_the_same_bytes() -> None:
    assert figures.render(region(), KK) == figures.render(region(), KK)
    assert draw_chart("steady", KK) == draw_chart("steady", KK)


def test_in_the_digest_the_week_stands_where_the_stages_stood() -> None:
    assert figures.render(region(), EN, digest=True) != figures.render(region(), EN)


def test_a_history_without_a_number_has_no_chart() -> None:
    with pytest.raises(ValueError, match="number"):
        chart.render("A", "1", [], forecast([], TODAY), TODAY, KK)


def test_a_name_that_looks_like_markup_is_only_text() -> None:
    points = HISTORIES["one"]
    assert chart.render("#panic() *", "$", points, forecast(points, TODAY), TODAY, KK)
    assert figures.render(region(names={"x": Named(*["#panic()"] * 3)}), KK)


def test_a_clause_that_all_stages_share_is_left_out() -> None:
    names = figures.category_names(region(), EN)
    assert names["aged_3"] == "children in the queue who have turned 3"
    one = figures.category_names(region(names={"x": Named(*["a, b"] * 3)}), EN)
    assert one == {"x": "a, b"}


def test_thousands_stand_apart_and_months_are_in_no_case() -> None:
    assert KK.number(1234567) == "1\u202f234\u202f567"
    assert KK.number(-87) == "−87"
    october, december, january = date(2026, 10, 3), date(2026, 12, 30), date(2027, 1, 1)
    assert KK.months(october, december) == "2026 жылғы қазан – желтоқсан"
    assert RU.months(october, december) == "октябрь – декабрь 2026"
    assert EN.months(october, december) == "October – December 2026"
    assert KK.months(december, january) == "2026 жылғы желтоқсан – 2027 жылғы қаңтар"
    assert RU.months(december, january) == "декабрь 2026 – январь 2027"
    assert RU.months(october, october) == "октябрь 2026"


def test_spans_follow_one_another_and_hold_every_answer() -> None:
    answers = Answers(dict.fromkeys(range(100), 1), missed=3)
    spans = answers.spans
    assert list(spans.values()) == [1, 3, 8, 12, 24, 52]
    assert sum(spans.values()) == answers.count == 100
    assert answers.median == 50
    assert Answers({}, 0).median is None
    assert all(a != b for a, b in pairwise(Span))


def test_an_old_history_begins_with_the_number_that_held_a_year_ago() -> None:
    points = [Point(date(2020, 1, 1), 90), Point(date(2026, 4, 1), 80)]
    assert chart.render("A", "1", points, forecast(points, TODAY), TODAY, EN)
