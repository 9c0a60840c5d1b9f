"""From when until when, as staff type it."""

from datetime import datetime

import pytest

from bot.days import span_in
from core.clock import ALMATY


def at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 4, day, hour, minute, tzinfo=ALMATY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09.04.2026 22:15 – 23:30", (at(9, 22, 15), at(9, 23, 30))),
        ("9.4.2026 22:15-23:30", (at(9, 22, 15), at(9, 23, 30))),
        ("09.04.2026 22:15 – 10.04.2026 0:40", (at(9, 22, 15), at(10, 0, 40))),
        ("09.04.2026 22:15 – 00:40", (at(9, 22, 15), at(10, 0, 40))),
        ("9/4/26 22:15 – 23:30", (at(9, 22, 15), at(9, 23, 30))),
        ("09.04.2026 22.15-23.30", None),
        ("22:15 – 23:30", None),
        ("09.04.2026 22:15", None),
        ("09.04.2026 22:15 – 25:30", None),
        ("31.04.2026 22:15 – 23:30", None),
        ("31.03.2026 22:15 – 31.04.2026 23:30", None),
        ("32.04.2026 22:15 – 10.04.2026 23:30", None),
    ],
)
def test_a_day_and_two_times_are_a_span(
    text: str, expected: tuple[datetime, datetime] | None
) -> None:
    assert span_in(text) == expected
