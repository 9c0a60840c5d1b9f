"""A message moves forward only, whatever is said about it and in whatever order."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from core.sms.rules import RANK, Report, Standing, State, after, ask_again, look_again

NOW = datetime(2026, 4, 7, 6, 30, tzinfo=UTC)
REPORTS = [
    (Report(State.ACCEPTED, "0"), True),
    (Report(State.FAILED, "20"), True),
    (Report(State.FAILED, "3"), True),
    (Report(State.DELIVERED, "1"), True),
    (Report(State.DELIVERED, "2"), True),
    (Report(State.FAILED, "25"), False),
]


@pytest.mark.parametrize("start", [state for state in State if RANK[state] < 2])
def test_every_order_of_reports_ends_alike(start: State) -> None:
    ends = set()
    for order in permutations(REPORTS):
        standing = Standing(start)
        for report, holder in order:
            before, standing = standing, after(standing, report, holder=holder)
            assert RANK[standing.state] >= RANK[before.state]
        ends.add(standing)
    assert ends == {Standing(State.DELIVERED, "2")}


def test_delivered_is_believed_over_failed() -> None:
    failed = Standing(State.FAILED, "20")
    delivered = Report(State.DELIVERED, "1")
    assert after(failed, delivered, holder=True) == Standing(State.DELIVERED, "1")
    assert after(failed, delivered, holder=False) == Standing(State.DELIVERED, "1")


def test_a_failure_of_a_gateway_that_does_not_have_it_says_nothing() -> None:
    accepted = Standing(State.ACCEPTED)
    assert after(accepted, Report(State.FAILED, "20"), holder=False) == accepted


def test_the_pauses_between_two_looks_grow_up_to_a_minute() -> None:
    pauses = [look_again(tries).total_seconds() for tries in range(1, 9)]
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]
    assert look_again(10_000) == timedelta(minutes=1)


def test_a_silent_message_is_asked_after_ever_more_rarely_for_a_day() -> None:
    asked, now = 0, NOW + timedelta(minutes=5)
    while (next_time := ask_again(NOW, now)) is not None:
        assert next_time >= now + timedelta(minutes=5)
        asked, now = asked + 1, next_time
    assert asked < 12
    assert now - NOW >= timedelta(hours=25)
