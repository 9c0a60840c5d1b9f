"""What time it is: a Clock is passed in; nothing else asks."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

ALMATY = ZoneInfo("Asia/Almaty")
"""UTC+5 for all of Kazakhstan since 1 March 2024 (D1)."""


class Clock(Protocol):
    """Tells the time as an aware datetime in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class TravelClock:
    """Runs like a watch from `start` and can be moved forward, never back: the desk's time."""

    def __init__(self, start: datetime, *, running: bool = True) -> None:
        self._told = start.astimezone(UTC)
        self._running = running
        self._since = time.monotonic()

    def now(self) -> datetime:
        if not self._running:
            return self._told
        return self._told + timedelta(seconds=time.monotonic() - self._since)

    def reach(self, to: datetime) -> None:
        """Move to `to`, unless the watch is past it already."""
        self._told = max(to.astimezone(UTC), self.now())
        self._since = time.monotonic()

    def move(self, to: datetime) -> None:
        """Move to `to`. ValueError when that lies in the past."""
        if to < self.now():
            raise ValueError("time never goes backwards")
        self._told = to.astimezone(UTC)
        self._since = time.monotonic()


def local(moment: datetime) -> datetime:
    """The same moment as people in Kazakhstan see it."""
    return moment.astimezone(ALMATY)


def start_of(day: date) -> datetime:
    """00:00 in Kazakhstan of `day`, in UTC."""
    return at_hour(day, 0)


def at_hour(day: date, hour: int) -> datetime:
    """`hour`:00 in Kazakhstan of `day`, in UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=ALMATY).astimezone(UTC)
