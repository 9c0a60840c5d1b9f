"""The sweep: whatever has fallen due is done, in the order in which it fell due."""

from datetime import datetime

from sqlalchemy import select

from core.applications import terms
from core.calendar.service import CalendarBook
from core.db.engine import Database
from core.places import leaves, stays
from core.queue import service as queue
from core.signing import requests

NEXT_DUE = select(*(part.next_due() for part in (requests, terms, stays, leaves, queue)))
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
        while handled := await self._batch(now):
            done += handled
        return done

    async def next_due(self) -> datetime | None:
        """The next instant at which something falls due; None: nothing ever does."""
        async with self._db.read() as session:
            instants = (await session.execute(NEXT_DUE)).one()
        return min((instant for instant in instants if instant is not None), default=None)

    async def _batch(self, now: datetime) -> int:
        due = await self.next_due()
        if due is None or due > now:
            return 0
        calendar = await self._calendar.load()
        async with self._db.write() as session:
            return (
                await requests.sweep(session, now)
                + await terms.sweep(session, calendar, now)
                + await stays.sweep(session, now)
                + await leaves.sweep(session, now)
                + await queue.sweep(session, now)
            )
