"""The beat of a process that can take a tap (D18)."""

import asyncio
import secrets

import structlog

from bot.assembly import House
from core.db.engine import DatabaseDown
from core.outages.rules import BEAT

log = structlog.get_logger(__name__)

SOON = 1.0
"""Seconds until the next try: the longer a database is found to be down, the later it is seen that
it is up."""


async def start_beating(house: House) -> None:
    """Say so now, and for as long as the house stands: to be called by whoever hands updates to
    its dispatcher, and by no other. A database that is down lets nobody beat, and so it is an
    outage, too: without it no tap can be taken."""
    process = secrets.token_hex(8)
    pause = await _beat(house, process)
    house.nursery.start(_go_on(house, process, pause), name="service:beating")


async def _go_on(house: House, process: str, pause: float) -> None:
    while True:
        await asyncio.sleep(pause)
        pause = await _beat(house, process)


async def _beat(house: House, process: str) -> float:
    """One beat; how many seconds until the next."""
    try:
        await house.core.outages.beat(process, house.core.clock.now())
    except DatabaseDown:
        log.warning("the database is down", work="beat")
    except Exception:
        log.exception("no beat")
    else:
        return BEAT.total_seconds()
    return SOON
