"""The worker: sweeps what is due, delivers codes, reads receipts, sends notices; each kind of work
for itself, woken by commits and by the tick."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog

from bot.nursery import Nursery
from core import agenda
from core.agenda import Due
from core.db.engine import DatabaseDown
from core.services import Core

log = structlog.get_logger(__name__)


class Chore:
    """One kind of work. `do` does, or begins, what is due now, and tells how much it was; it never
    overlaps itself."""

    def __init__(
        self,
        name: str,
        do: Callable[[], Awaitable[int]],
        due: Callable[[Due], datetime | None],
    ) -> None:
        """`name` is what commits leave behind for it (`core.db.engine.leave_work`)."""
        self.name = name
        self.due = due
        self._do = do
        self._woken = asyncio.Event()
        self._doing = asyncio.Lock()
        self._over = False

    def wake(self) -> None:
        """Have it done soon."""
        self._woken.set()

    @property
    def stirring(self) -> bool:
        """Whether it is being done, or is about to be: what it has claimed is due no more."""
        return self._woken.is_set() or self._doing.locked()

    def stop(self) -> None:
        """Never begin it again."""
        self._over = True
        self._woken.set()

    async def through(self) -> None:
        """Return when it is not being done."""
        async with self._doing:
            return

    async def run(self) -> None:
        """Do it whenever it is woken, until it is stopped."""
        while True:
            await self._woken.wait()
            if self._over:
                return
            try:
                await self.once()
            except DatabaseDown:
                log.warning("the database is down", work=self.name)
            except Exception:
                log.exception("work failed", work=self.name)

    async def once(self) -> int:
        """Do what is due now; how much it was."""
        async with self._doing:
            self._woken.clear()
            return await self._do()


class Worker:
    """All chores side by side: none waits for another."""

    def __init__(self, chores: Sequence[Chore], nursery: Nursery, core: Core) -> None:
        self._chores = chores
        self._nursery = nursery
        self._core = core
        self._over = False

    def stop(self) -> None:
        """Begin nothing new."""
        self._over = True
        for chore in self._chores:
            chore.stop()

    async def through(self) -> None:
        """Return when what was begun before the stop is through."""
        for chore in self._chores:
            await chore.through()

    async def look(self) -> None:
        """Have done soon what is due: one statement tells."""
        if self._over:
            return
        for chore in self._now(await self._due()):
            chore.wake()

    async def run(self) -> None:
        """Work until it is stopped."""
        async with asyncio.TaskGroup() as group:
            for chore in self._chores:
                group.create_task(chore.run(), name=f"service:{chore.name}")

    async def settle(self) -> datetime | None:
        """Return when nothing runs and nothing is due: the next instant at which anything is."""
        while True:
            stirring = [chore for chore in self._chores if chore.stirring]
            due = await self._due()
            now = self._now(due)
            doing = [chore for chore in self._chores if chore in stirring or chore in now]
            done = [await chore.once() for chore in doing]
            if not await self._nursery.settled() and not any(done) and not stirring:
                return agenda.first(*(chore.due(due) for chore in self._chores))

    async def next_due(self) -> datetime | None:
        """The next instant at which anything falls due."""
        due = await self._due()
        return agenda.first(*(chore.due(due) for chore in self._chores))

    async def _due(self) -> Due:
        return await agenda.due(self._core.db, self._core.clock.now())

    def _now(self, due: Due) -> list[Chore]:
        now = self._core.clock.now()
        return [chore for chore in self._chores if (at := chore.due(due)) and at <= now]
