"""The sweep: whatever has fallen due is done, in the order in which it fell due."""

from datetime import datetime
from types import ModuleType

import structlog
from sqlalchemy import select

from core.applications import terms
from core.calendar.service import CalendarBook
from core.db.engine import Database
from core.figures import days, digest
from core.notices import calls
from core.places import leaves, stays
from core.queue import service as queue
from core.signing import requests

log = structlog.get_logger(__name__)

PARTS = (requests, terms, stays, leaves, queue, days, calls, digest)
BY_CALENDAR = (terms, digest)
NEXT_DUE = select(*(part.next_due() for part in PARTS))
"""When each part wants to look next, in one statement: the worker asks at every turn."""


class Sweep:
    """Makes visible what the passing of time has already decided (design decision 2).

    Its work grows with what is due: each part reads one index.
    """

    def __init__(self, db: Database, calendar: CalendarBook) -> None:
        self._db = db
        self._calendar = calendar

    async def run(self, now: datetime) -> int:
        """Do everything that is due at `now`, in short transactions. Returns how much it was."""
        done = 0
        while handled := await self._round(now):
            done += handled
        return done

    async def _instants(self) -> tuple[datetime | None, ...]:
        async with self._db.read() as session:
            return tuple((await session.execute(NEXT_DUE)).one())

    async def _round(self, now: datetime) -> int:
        """A batch of each part that has something due: one that fails never stops the others."""
        handled = 0
        for part, due in zip(PARTS, await self._instants(), strict=True):
            if due is None or due > now:
                continue
            try:
                handled += await self._batch(part, now)
            except Exception:  # it is due still, and comes again with the next turn
                log.exception("sweep failed", part=part.__name__)
        return handled

    async def _batch(self, part: ModuleType, now: datetime) -> int:
        calendar = await self._calendar.load()
        async with self._db.write() as session:
            of_days = (calendar,) if part in BY_CALENDAR else ()
            handled: int = await part.sweep(session, *of_days, now)
            return handled
