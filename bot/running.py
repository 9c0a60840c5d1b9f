"""A running house: built, its worker awake, its ticker ticking."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.assembly import House, build
from bot.logs import configure
from bot.scheduler import start_ticking
from bot.settings import Settings
from core.clock import Clock, SystemClock

THRESHOLD = (20_000, 10, 20)
"""Objects, and collections of the younger generation, between two collections of each: an update
leaves some thousand objects, and nearly all of them go by themselves."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def running(settings: Settings, clock: Clock) -> AsyncIterator[House]:
    """A house whose worker runs for as long as the context lasts."""
    try:
        async with build(settings, clock) as house:
            _keep_for_good()
            house.nursery.start(house.worker.run(), name="service:worker")
            scheduler = start_ticking(house)
            try:
                yield house
            finally:
                scheduler.shutdown(wait=False)
    except Exception:
        log.exception("cannot run")  # the server's own words for it would quote the error
        raise


def _keep_for_good() -> None:
    """What there is now stays for as long as the process: no garbage collection looks through it
    any more. aiogram alone brings 200,000 objects, and each look stops every answer for 150 ms."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLD)


def work() -> None:
    """`oryn worker`: sweeps, codes and notices, and no updates."""
    settings = Settings()
    settings.check_for_telegram()
    configure(settings.log_level)
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    async with running(settings, SystemClock()):
        await asyncio.Event().wait()
