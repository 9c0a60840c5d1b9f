"""Duties: what is done over and over in the background, and what came of it last."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import at_hour, local
from core.db.engine import Database
from core.watch.found import Found

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATE = timedelta(minutes=5)
"""A duty that much behind is ill itself: nobody does it."""


@dataclass(frozen=True)
class Duty:
    """`run` tells what it found wrong. `every`: how often; a whole day means at half past three in
    the night."""

    name: str
    every: timedelta
    run: Callable[[Database, datetime], Awaitable[Found]]

    def first(self, now: datetime) -> datetime:
        """When it is due for the first time."""
        return self.after(now) if self.every == DAY else now

    def after(self, now: datetime) -> datetime:
        """When it is due again."""
        return next_night(now) if self.every == DAY else now + self.every


@dataclass(frozen=True)
class Pulse:
    """What a duty found when it was done last, at `at`. `late`: nobody has done it since, though
    it was due."""

    name: str
    ok: bool
    late: bool
    at: datetime | None  # None: never
    ill_since: datetime | None
    ids: tuple[str, ...]


def next_night(now: datetime) -> datetime:
    """The next 03:30 in Kazakhstan, before the queue's numbers of the night are written."""
    today = at_hour(local(now).date(), 3) + HOUR / 2
    return today if now < today else at_hour(local(now).date() + DAY, 3) + HOUR / 2
