"""The numbers of one-time codes."""

from datetime import UTC, datetime, timedelta

import pytest

from core.codes import rules

NOON = datetime(2026, 4, 7, 7, 0, tzinfo=UTC)


def test_digits_are_six_also_when_the_number_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(len(rules.new_digits()) == 6 for _ in range(100))
    monkeypatch.setattr("secrets.randbelow", lambda _limit: 42)
    assert rules.new_digits() == "000042"


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
