"""The desk's time: the bot's, as it was last told, and the seconds since."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ALMATY = ZoneInfo("Asia/Almaty")

_DURATION = re.compile(
    r"P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)


class DeskClock:
    """Runs with real time from the instant that it was set to."""

    def __init__(self, start: datetime) -> None:
        self.told = False
        self._base = start
        self._since = time.monotonic()

    def now(self) -> datetime:
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def set(self, instant: datetime) -> None:
        self._base = instant
        self._since = time.monotonic()


def iso(instant: datetime) -> str:
    """As people of the region read it: local time, whole seconds."""
    return instant.astimezone(ALMATY).isoformat(timespec="seconds")


def parse_instant(text: str) -> datetime:
    """An ISO 8601 instant; without an offset it is the region's time. Raises ValueError."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=ALMATY)


def parse_duration(text: str) -> timedelta:
    """An ISO 8601 duration of weeks, days, hours, minutes and seconds. Raises ValueError."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError("a duration looks like P1D, PT2H or P1DT12H30M")
    weeks, days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def weekdays_later(instant: datetime, days: int) -> datetime:
    """The same local time so many weekdays later: what the desk knows without the bot."""
    local = instant.astimezone(ALMATY)
    while days > 0:
        local += timedelta(days=1)
        days -= local.weekday() < 5
    return local
