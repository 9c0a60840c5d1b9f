"""Time comes from a clock, in UTC; people see Kazakhstan's (D1)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.clock import ALMATY, SystemClock, TravelClock, at_hour, local, start_of

MORNING = datetime(2026, 4, 7, 11, 30, tzinfo=ALMATY)


def test_the_systems_clock_tells_aware_utc() -> None:
    before = datetime.now(UTC)
    told = SystemClock().now()
    assert told.tzinfo is UTC
    assert before <= told <= datetime.now(UTC)


def test_a_standing_clock_stands_until_it_is_moved() -> None:
    clock = TravelClock(MORNING, running=False)
    assert clock.now() == clock.now() == datetime(2026, 4, 7, 6, 30, tzinfo=UTC)
    clock.move(MORNING + timedelta(hours=2))
    assert clock.now() == MORNING + timedelta(hours=2)
    assert clock.now().tzinfo is UTC


def test_a_running_clock_goes_on_from_where_it_was_moved() -> None:
    clock = TravelClock(MORNING)
    clock.move(MORNING + timedelta(days=3))
    first = clock.now()
    assert first >= MORNING + timedelta(days=3)
    assert clock.now() >= first


@pytest.mark.parametrize("running", [True, False])
def test_time_never_goes_backwards(running: bool) -> None:
    clock = TravelClock(MORNING, running=running)
    with pytest.raises(ValueError, match="backwards"):
        clock.move(MORNING - timedelta(seconds=1))
    assert clock.now() >= MORNING


def test_a_watch_that_is_past_an_instant_has_reached_it() -> None:
    clock = TravelClock(MORNING, running=False)
    clock.reach(MORNING + timedelta(hours=1))
    clock.reach(MORNING)
    assert clock.now() == MORNING + timedelta(hours=1)


def test_all_of_the_country_is_five_hours_ahead_since_march_2024() -> None:
    assert local(datetime(2024, 2, 29, 12, tzinfo=UTC)).hour == 18
    assert local(datetime(2024, 3, 1, 12, tzinfo=UTC)).hour == 17
    assert local(datetime(2026, 7, 1, 12, tzinfo=UTC)).hour == 17


def test_a_day_begins_at_its_own_midnight() -> None:
    assert start_of(date(2026, 4, 10)) == datetime(2026, 4, 9, 19, tzinfo=UTC)
    assert at_hour(date(2026, 4, 10), 9) == datetime(2026, 4, 10, 4, tzinfo=UTC)
    assert local(start_of(date(2026, 4, 10))).date() == date(2026, 4, 10)
