"""APScheduler as the ticker: it only wakes what works, the work is found in the database."""

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.assembly import House
from core.db.engine import DatabaseDown
from core.db.turns import step_back

log = structlog.get_logger(__name__)

LOOK_SECONDS = 10
"""How often the watch looks which of its duties are due: one statement when none is."""


def start_ticking(house: House) -> AsyncIOScheduler:
    """Wake the worker and the watch, at once and for ever. The caller shuts the scheduler down."""

    async def wake() -> None:
        house.nursery.start(_wake(house), name="wake")

    async def look() -> None:
        house.nursery.start(_look(house), name="watch")

    scheduler = AsyncIOScheduler(timezone="UTC")
    for job, seconds in ((wake, house.settings.tick_seconds), (look, LOOK_SECONDS)):
        scheduler.add_job(
            job, "interval", seconds=seconds, id=job.__name__, coalesce=True, max_instances=1
        )
    scheduler.start()
    house.nursery.start(_look(house), name="watch")
    return scheduler


async def _wake(house: House) -> None:
    step_back()
    try:
        await house.worker.look()
    except DatabaseDown:
        log.warning("the database is down", work="tick")


async def _look(house: House) -> None:
    step_back()
    try:
        await house.watch.run_due(house.core.clock.now())
    except DatabaseDown:
        log.warning("the database is down", work="watch")
