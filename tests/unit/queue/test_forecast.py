"""The forecast: from the pace of the last months, honest about what it cannot know."""

from datetime import date, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.queue.forecast import WEEKS, WIDEST, Forecast, Point, Why, forecast

TODAY = date(2026, 9, 14)
WEEK = timedelta(weeks=1)


def history(drops: list[int], number: int) -> list[Point]:
    """A number that came down by `drops`, week by week, to `number` today; the last one is this
    week's."""
    levels = [number, *(number + sum_ for sum_ in accumulate(reversed(drops)))]
    points = [Point(TODAY - week * WEEK, level) for week, level in enumerate(levels)]
    return list(reversed(points))


def told(drops: list[int], number: int) -> Forecast:
    found = forecast(history(drops, number), TODAY)
    assert isinstance(found, Forecast)
    return found


def test_a_steady_pace_is_known_to_a_tenth() -> None:
    found = told([2] * 26, 20)  # two a week: ten weeks
    assert found.first == TODAY + WEEK * (10 / 1.1)
    assert found.last == TODAY + WEEK * (10 / 0.9)
    assert (found.slow, found.quick, found.weeks) == (1.8, 2.2, WEEKS)


def test_an_unsteady_pace_is_a_range() -> None:
    found = told([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3], 30)
    assert TODAY + 10 * WEEK <= found.first < found.last <= TODAY + 30 * WEEK


def test_vouchers_in_monthly_batches_are_a_steady_pace() -> None:
    found = told([0, 0, 0, 4] * 6, 12)
    assert found.first <= TODAY + 12 * WEEK <= found.last
    assert found.last - found.first < 5 * WEEK


def test_one_great_week_hardly_moves_the_forecast() -> None:
    calm = told([1] * 26, 10)
    jump = told([1] * 20 + [40] + [1] * 5, 10)
    assert jump.last == calm.last
    assert jump.first >= TODAY


@pytest.mark.parametrize(
    ("drops", "number", "why"),
    [
        ([1] * 11, 5, Why.FEW),
        ([], 5, Why.FEW),
        ([0] * 24 + [5, 0], 5, Why.FEW),
        ([0] * 10 + [1, -1, 1, -1] * 4, 5, Why.NO_DECLINE),
        ([-1] * 26, 40, Why.NO_DECLINE),
        ([0] * 26, 40, Why.NO_DECLINE),
        ([2] * 3 + [0] * 23, 40, Why.NO_DECLINE),  # long ago
        ([0] * 13 + [3] * 13, 90, Why.WIDE),
        ([1] * 26, 400, Why.FAR),
    ],
)
def test_where_nothing_can_be_said_it_says_why(drops: list[int], number: int, why: Why) -> None:
    assert forecast(history(drops, number), TODAY) is why


def test_without_any_number_there_is_too_little() -> None:
    assert forecast([], TODAY) is Why.FEW


def test_what_is_older_than_half_a_year_does_not_count() -> None:
    recent = [1] * 26
    assert told([9] * 30 + recent, 10) == told(recent, 10)


DROPS = st.lists(st.integers(-2, 6), min_size=12, max_size=26)


@given(DROPS, st.integers(1, 80), st.data())
def test_a_faster_pace_is_never_later(drops: list[int], number: int, data: st.DataObject) -> None:
    more = data.draw(
        st.lists(st.integers(0, 3), min_size=len(drops), max_size=len(drops)), label="more"
    )
    slower = forecast(history(drops, number), TODAY)
    faster = forecast(history([a + b for a, b in zip(drops, more, strict=True)], number), TODAY)
    if isinstance(slower, Forecast) and isinstance(faster, Forecast):
        assert faster.first <= slower.first
        assert faster.last <= slower.last


@given(DROPS, st.integers(1, 80), st.integers(0, 80))
def test_more_ahead_is_never_earlier(drops: list[int], number: int, more: int) -> None:
    near = forecast(history(drops, number), TODAY)
    far = forecast(history(drops, number + more), TODAY)
    if isinstance(near, Forecast) and isinstance(far, Forecast):
        assert near.first <= far.first
        assert near.last <= far.last


@given(DROPS, st.integers(1, 500))
def test_a_range_is_never_in_the_past_nor_backwards_nor_too_wide(
    drops: list[int], number: int
) -> None:
    found = forecast(history(drops, number), TODAY)
    if isinstance(found, Forecast):
        assert TODAY <= found.first <= found.last
        assert found.last - found.first <= WIDEST
        assert 0 < found.slow <= found.quick
