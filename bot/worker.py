"""The worker: sweeps what is due, delivers codes, reads receipts, sends notices; each kind of work
for itself, woken by commits and by the tick."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog

from bot.nursery import Nursery
from core.db.engine import DatabaseDown

log = structlog.get_logger(__name__)


class Chore:
    """One kind of work. `do` does, or begins, what is due now, and tells how much it was; it never
    overlaps itself."""

    def __init__(
        self,
        name: str,
        do: Callable[[], Awaitable[int]],
        next_due: Callable[[], Awaitable[datetime | None]],
    ) -> None:
        """`name` is what commits leave behind for it (`core.db.engine.leave_work`)."""
        self.name = name
        self.next_due = next_due
        self._do = do
        self._woken = asyncio.Event()
        self._doing = asyncio.Lock()

    def wake(self) -> None:
        """Have it done soon."""
        self._woken.set()

    async def run(self) -> None:
        """Do it for ever, whenever it is woken."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            try:
                await self.once()
            except DatabaseDown:
                log.warning("the database is down", work=self.name)
            except Exception:
                log.exception("work failed", work=self.name)

    async def once(self) -> int:
        """Do what is due now; how much it was."""
        async with self._doing:
            return await self._do()


class Worker:
    """All chores side by side: none waits for another."""

    def __init__(self, chores: Sequence[Chore], nursery: Nursery) -> None:
        self._chores = chores
        self._nursery = nursery

    def wake(self) -> None:
        """Have everything looked at soon."""
        for chore in self._chores:
            chore.wake()

    async def run(self) -> None:
        """Work for ever."""
        async with asyncio.TaskGroup() as group:
            for chore in self._chores:
                group.create_task(chore.run(), name=f"service:{chore.name}")

    async def settle(self) -> None:
        """Return when nothing runs and nothing is due."""
        while True:
            done = [await chore.once() for chore in self._chores]
            if not await self._nursery.settled() and not any(done):
                return

    async def next_due(self) -> datetime | None:
        """The next instant at which anything falls due."""
        instants = [await chore.next_due() for chore in self._chores]
        return min((instant for instant in instants if instant is not None), default=None)
