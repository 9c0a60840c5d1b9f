"""A channel that fails as a whole rests, and one notice finds out when it works again."""

from datetime import timedelta

import pytest

from bot.outgoing.health import FAILURES, RESTS, Health
from core.clock import TravelClock


@pytest.fixture
def health(clock: TravelClock) -> Health:
    return Health("telegram", clock)


def fail(health: Health, times: int = FAILURES) -> None:
    for _ in range(times):
        health.failed()


def test_some_failures_are_no_outage(health: Health) -> None:
    for _ in range(10):
        fail(health, FAILURES - 1)
        health.worked()
    assert health.room(50) == 50


def test_failures_in_a_row_are(health: Health, clock: TravelClock) -> None:
    fail(health)
    assert health.room(50) == 0
    assert health.rest_until == clock.now() + RESTS[0]


def test_after_the_rest_one_notice_finds_out(health: Health, clock: TravelClock) -> None:
    fail(health)
    clock.move(clock.now() + RESTS[0])
    assert [health.room(50), health.room(50)] == [1, 0]
    health.worked()
    assert health.room(50) == 50


def test_rests_grow_and_end_all_the_same(health: Health, clock: TravelClock) -> None:
    fail(health)
    rests = []
    for _ in range(10):
        assert health.rest_until is not None
        rests.append(health.rest_until - clock.now())
        clock.move(health.rest_until)
        assert health.room(50) == 1
        health.failed()
    assert rests == sorted(rests)
    assert rests[-1] == timedelta(minutes=5)


def test_what_was_on_its_way_when_the_rest_began_does_not_prolong_it(
    health: Health, clock: TravelClock
) -> None:
    fail(health, FAILURES + 40)
    assert health.rest_until == clock.now() + RESTS[0]


def test_a_probe_that_had_nothing_to_say_leaves_it_to_the_next(
    health: Health, clock: TravelClock
) -> None:
    fail(health)
    clock.move(clock.now() + RESTS[0])
    assert health.room(50) == 1
    health.unused()
    assert health.room(50) == 1
