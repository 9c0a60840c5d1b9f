"""The numbers of one-time codes."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from core.clock import ALMATY
from core.codes import rules

NOON = datetime(2026, 4, 7, 7, 0, tzinfo=UTC)


def digits(secret: bytes = b"secret", code: int = 1, subject: str = "s", after: int = 0) -> str:
    return rules.digits_of(secret, code, subject, NOON + timedelta(microseconds=after))


def test_digits_are_six_and_spread_evenly() -> None:
    made = [digits(code=number) for number in range(20_000)]
    assert all(len(one) == 6 and one.isdecimal() for one in made)
    firsts = Counter(one[0] for one in made)
    assert len(firsts) == 10
    assert max(firsts.values()) < 1.15 * min(firsts.values())


def test_digits_stay_the_same_however_often_they_are_made() -> None:
    assert digits() == digits()
    here = rules.digits_of(b"secret", 1, "s", NOON.astimezone(ALMATY))
    assert here == digits()


def test_nobody_foresees_the_digits_of_another_code() -> None:
    """Of another request, of another person, of a restored database that counts anew; and not
    without the secret."""
    others = {digits(b"other"), digits(code=2), digits(subject="t"), digits(after=1)}
    assert len(others) == 4
    assert digits() not in others


def test_two_codes_of_the_same_digits_look_different_at_rest() -> None:
    assert rules.hash_of(b"secret", 1, "123456") != rules.hash_of(b"secret", 2, "123456")


def test_without_the_secret_no_hash_can_be_made() -> None:
    assert rules.hash_of(b"secret", 1, "123456") != rules.hash_of(b"other", 1, "123456")
    assert rules.subject_of(b"secret", "870515300129") != rules.subject_of(b"x", "870515300129")


def test_a_code_lives_five_minutes_but_never_past_its_cap() -> None:
    cap = NOON + timedelta(minutes=2)
    assert rules.expiry(NOON, None) == NOON + timedelta(minutes=5)
    assert rules.expiry(NOON, cap) == cap
    assert rules.expiry(NOON, NOON + timedelta(hours=1)) == NOON + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(10, 15), (11, 30), (12, 60), (13, 60), (10_000, 60)],
)
def test_ten_wrong_in_a_row_cost_a_quarter_of_an_hour_doubling_to_one(
    failures: int, minutes: int
) -> None:
    assert rules.lock_time(failures) == timedelta(minutes=minutes)


@pytest.mark.parametrize("failures", [0, 1, 9])
def test_fewer_cost_nothing(failures: int) -> None:
    assert rules.lock_time(failures) is None
