"""The clock's way: it leaps to what falls due next, and only while nobody has anything in hand."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.agenda import due, first
from core.db.engine import Database, DatabaseDown
from sandbox.desk import Desk
from tests.faults.clock import SharedClock
from tests.faults.crew import Crew
from tests.faults.telegram import Telegram
from tests.faults.wire import NotedCalls

STUCK = 120.0
"""Seconds after which what is due and not done is stuck."""
LOOK = 0.02
"""Seconds between two looks at the processes."""
TICKS = 1.2
"""Seconds in which two ticks of a worker have passed: what is due and has not been begun then
waits for something else."""
ONE_SECOND = timedelta(seconds=1)
SILENCE, AT_ONCE = 2.0, 0.3
"""Seconds without any sign of life after which somebody waits for the clock, as for a lease of a
process that was killed; and seconds between two moves of the clock from then on."""
DRIFT = timedelta(seconds=10)


class Stuck(Exception):
    """Something that is due is never done."""


@dataclass
class Journey:
    """Moves the clock of a round."""

    clock: SharedClock
    desk: Desk
    calls: NotedCalls
    telegram: Telegram
    crew: Crew
    db: Database
    _moved: float = 0  # when the clock was moved last, or was found to be busy
    _idle: float | None = None  # since when something is due that nobody does
    _creep: timedelta = ONE_SECOND  # how far the clock then goes
    _signs: tuple[int, ...] = ()
    _silent: float = 0  # since when there are no others

    async def travel(self, to: datetime) -> None:
        """Move on to `to`, stopping at all that falls due until it is done."""
        self.set_out()
        while not await self.step(to):
            pass

    def set_out(self) -> None:
        """What was due until now was somebody else's to wait for."""
        self._moved, self._idle, self._creep = time.monotonic(), None, ONE_SECOND
        self._signs = ()

    async def step(self, to: datetime) -> bool:
        """Look once, and leap where nothing is in hand: to what falls due next, or to `to`. True:
        that is reached, and all that was due is done. Raises Stuck."""
        await self._quiet()
        if not await self._rests():
            self._idle, self._creep = None, ONE_SECOND
            return False
        coming, now = await self._next_due(), self.clock.now()
        if not await self._rests():
            return False
        if coming is not None and coming <= now:  # a channel that rests, or a slow tick
            self._idle = self._idle or time.monotonic()
            if time.monotonic() > self._idle + TICKS:
                self._move(now + self._creep)
                self._creep *= 2
                self._idle += AT_ONCE
        elif now >= to:
            return True
        else:
            self.set_out()
            self._move(min(to, coming or to))
        if time.monotonic() > self._moved + STUCK:
            raise Stuck(f"due at {coming}, now it is {now}")
        return False

    async def drift(self) -> None:
        """Look once while updates are under way, or people act: where nothing happens any more,
        they wait for the clock."""
        self._moved = time.monotonic()
        signs = self.telegram.brought, self.calls.made, len(self.crew.killed)
        await asyncio.sleep(LOOK)
        if signs != self._signs:
            self._signs, self._silent = signs, time.monotonic()
        elif time.monotonic() > self._silent + SILENCE:
            await self._next_due()  # the silence of a database that is down is none
            self._move(self.clock.now() + DRIFT)
            self._silent += AT_ONCE

    async def _rests(self) -> bool:
        """Whether no process has anything in hand."""
        question = self.clock.ask()
        await asyncio.sleep(LOOK)
        return self.crew.rest(question)

    async def _quiet(self) -> None:
        began = time.monotonic()
        while self.telegram.under_way:
            await self.drift()
            if time.monotonic() > began + STUCK:
                raise Stuck("an update that is never taken")

    def _move(self, to: datetime) -> None:
        self.clock.move(to)
        self.desk.clock.set(self.clock.now())

    async def _next_due(self) -> datetime | None:
        while True:
            try:
                found = await due(self.db, self.clock.now())
            except DatabaseDown:
                await asyncio.sleep(0.05)
            else:
                return first(found.sweep, found.codes, found.telegram, found.sms)
