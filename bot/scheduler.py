"""APScheduler as the ticker: it only wakes the worker, the work is found in the database."""

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.worker import Worker


def start_ticking(worker: Worker, seconds: float) -> AsyncIOScheduler:
    """Wake the worker every `seconds`. The caller shuts the scheduler down."""

    async def tick() -> None:
        worker.wake()

    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(tick, "interval", seconds=seconds, coalesce=True, max_instances=1)
    scheduler.start()
    return scheduler
