"""The worker: sweeps what is due, delivers codes, sends notices; woken by commits and the tick."""

import asyncio
from datetime import datetime

import structlog

from bot.nursery import Nursery
from bot.outgoing.notices import NoticeWorker
from core.services import Core

log = structlog.get_logger(__name__)

WORK = ("notices", "codes")
"""What commits leave behind for it (`core.db.engine.leave_work`)."""


class Worker:
    """One turn does all that is due; turns never overlap."""

    def __init__(self, core: Core, notices: NoticeWorker, nursery: Nursery) -> None:
        self._core = core
        self._notices = notices
        self._nursery = nursery
        self._woken = asyncio.Event()
        self._turn = asyncio.Lock()
        for name in WORK:
            core.db.on_work(name, self.wake)

    def wake(self) -> None:
        """Have a turn soon."""
        self._woken.set()

    async def run(self) -> None:
        """Take turns for ever."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            try:
                await self.turn()
            except Exception:
                log.exception("turn failed")

    async def turn(self) -> None:
        """Do all that is due now."""
        async with self._turn:
            while await self._step():
                pass

    async def _step(self) -> int:
        """Sweep, deliver codes, send one batch of notices: many notices, or a slow Telegram, never
        keep codes waiting for long. How many notices."""
        now = self._core.clock.now()
        await self._core.sweep.run(now)
        for code_id in await self._core.codes.due(now):
            # beside one another: a gateway that hangs must not keep other people's codes
            self._nursery.start(self._core.codes.deliver(code_id), name="deliver a code")
        return await self._notices.run_once()

    async def settle(self) -> None:
        """Return when nothing runs and nothing is due."""
        await self.turn()
        while await self._nursery.settled():
            await self.turn()

    async def next_due(self) -> datetime | None:
        """The next instant at which anything falls due."""
        instants = [
            await self._core.sweep.next_due(),
            await self._core.codes.next_due(),
            await self._core.notices.next_due(self._core.clock.now()),
        ]
        return min((instant for instant in instants if instant is not None), default=None)
