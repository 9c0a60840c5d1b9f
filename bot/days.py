"""Days as people type them."""

import re
from datetime import date

DAY = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b")


def days_in(text: str) -> list[date]:
    """The days of a text, as 09.04.2026 or 9-4-2026, in their order; what is no day of the
    calendar is left out."""
    return [
        day for match in DAY.finditer(text) if (day := _day(*map(int, match.groups()))) is not None
    ]


def _day(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
