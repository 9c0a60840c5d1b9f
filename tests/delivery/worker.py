"""A worker as a process that can be killed: the real one, with a clock that goes on over its
restarts, and short waits."""

import asyncio
import multiprocessing
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.listening import start_listening
from bot.logs import configure
from bot.outgoing import gate, health, sms
from bot.running import running
from bot.settings import Settings
from core.broadcasts import runs
from core.notices import outbox, outcomes

LEASE = timedelta(seconds=8)
PAUSES = tuple(timedelta(seconds=s) for s in (0.5, 1, 2))
RESTS = (timedelta(seconds=1),)
LOOK = timedelta(seconds=0.5)
SEND_TIMEOUT = 4
"""Seconds, where a parent's worker has a minute, minutes, and ten seconds."""

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.delivery.worker"])  # importing aiogram takes seconds


class ElapsedClock:
    """The time of a morning that began at `began` (seconds of the machine's clock)."""

    def __init__(self, morning: datetime, began: float) -> None:
        self._morning = morning.astimezone(UTC)
        self._began = began

    def now(self) -> datetime:
        return self._morning + timedelta(seconds=time.time() - self._began)


@contextmanager
def working(
    settings: Mapping[str, Any], clock: ElapsedClock, *, listens: bool = False
) -> Iterator[None]:
    """A worker that works for as long as the context lasts, and is killed then; `listens`: it
    answers people, too."""
    process = FORKS.Process(target=_work, args=(dict(settings), clock, listens), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


def _work(settings: dict[str, Any], clock: ElapsedClock, listens: bool) -> None:
    runs.LOOK, runs.LEASE = LOOK, LEASE
    outbox.LEASE, outcomes.PAUSES = LEASE, PAUSES
    health.RESTS = RESTS
    gate.TIMEOUT = SEND_TIMEOUT
    sms.LONGEST = LEASE / 2
    configure("CRITICAL")
    asyncio.run(_run(Settings.model_validate(settings), clock, listens))


async def _run(settings: Settings, clock: ElapsedClock, listens: bool) -> None:
    async with running(settings, clock) as house:
        if listens:
            await start_listening(house.bot, house.dispatcher, settings, house.nursery)
        await asyncio.Event().wait()
