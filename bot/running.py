"""A running house: built, its worker awake, its ticker ticking; and how it ends."""

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from prometheus_client import start_http_server

from bot.alone import Taken, alone
from bot.assembly import House, build
from bot.logs import configure
from bot.scheduler import start_ticking
from bot.settings import Settings
from core.clock import Clock, SystemClock

THRESHOLD = (20_000, 10, 20)
"""Objects, and collections of the younger generation, between two collections of each: an update
leaves some thousand objects, and nearly all of them go by themselves."""

log = structlog.get_logger(__name__)

GRACE = 4.0
"""Seconds for what is in hand when the process is to end; a server's answers have as many before.
What is not through by then is cut off and comes again: an update unanswered, a notice unrecorded.
"""


@asynccontextmanager
async def running(settings: Settings, clock: Clock, *, works: bool = True) -> AsyncIterator[House]:
    """A house that runs for as long as the context lasts; `works`: with its worker, which other
    processes are without one (`oryn serve`). Raises Taken."""
    try:
        settings.prepare_folder()
        with alone(settings.database_url):
            async with build(settings, clock) as house:
                _keep_for_good()
                await house.core.outages.begin(clock.now())  # before anything is swept (D18)
                if works:
                    house.nursery.start(house.worker.run(), name="service:worker")
                scheduler = start_ticking(house) if works else None
                try:
                    yield house
                finally:
                    if scheduler is not None:
                        scheduler.shutdown(wait=False)
                    await _finish(house)
    except Taken:
        raise
    except Exception:
        log.exception("cannot run")  # the server's own words for it would quote the error
        raise


async def _finish(house: House) -> None:
    """Let what is in hand come to its end, for as long as there is."""
    try:
        async with asyncio.timeout(GRACE):
            await house.stop()
            await house.worker.through()
            while polled := house.dispatcher._handle_update_tasks:  # aiogram waits for none
                await asyncio.wait(polled)
            while await house.nursery.settled():
                pass
    except TimeoutError:
        log.warning("cut off at the end")


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
    try:
        with asyncio.Runner(loop_factory=_loop()) as runner:
            runner.run(_work(settings))
    except Taken as taken:
        raise SystemExit(str(taken)) from None


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The one that uvicorn takes for the web processes."""
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop


async def _work(settings: Settings) -> None:
    asked_to_end = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_end.set)
    async with running(settings, SystemClock()):
        if settings.metrics_port:  # not before it works: deploy/roll waits for that
            start_http_server(settings.metrics_port, settings.http_host)
        await asked_to_end.wait()
