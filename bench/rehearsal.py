"""Parents tap at an installation that stands, until Ctrl-C: for a rehearsal of a new version.

    cd /etc/oryn && sudo -u oryn /opt/oryn/current/.venv/bin/python -m bench.rehearsal

The installation's Telegram is the desk (`BOT_API_URL`): docs/rehearsal.md sets it up. It is told
pretended families with a voucher each; whatever else is in its database stays as it is.
"""

import argparse
import asyncio
import signal
import sys
from contextlib import suppress

import aiohttp

from bench.families import give_vouchers
from bench.figures import percentile
from bench.parents import Parents, told
from bot.logs import configure
from bot.settings import Settings
from core.clock import SystemClock
from core.db.engine import Database

EVERY = 10.0
"""Seconds between two lines."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.rehearsal", description=__doc__)
    parser.add_argument("--families", type=int, default=1000, help="at most")
    parser.add_argument("--a-second", type=float, default=2, help="how many begin each second")
    options = parser.parse_args()
    settings = Settings()
    if "api.telegram.org" in settings.bot_api_url:
        raise SystemExit("BOT_API_URL is Telegram itself: its parents are not for trying.")
    configure("WARNING")
    asyncio.run(_tap(settings, options.families, options.a_second))


async def _tap(settings: Settings, families: int, a_second: float) -> None:
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(settings.bot_api_url, connector=connector) as desk:
        wanted = {"users": [{"started": True} for _ in range(families)]}
        async with desk.post("/sim/users", json=wanted) as seated:
            people = (await seated.json())["users"]
        parents = Parents(desk, a_second)
        parents.phase = ""
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, parents.go_home)
        db = Database(settings.database_url)
        try:
            await give_vouchers(db, people, SystemClock().now())
            async with asyncio.TaskGroup() as group:
                await _report(group.create_task(parents.come(people)), parents)
            for figure in await told(db, parents, people):
                sys.stdout.write(f"{figure.title:<26}  {figure.value:>6g}\n")
        finally:
            await db.close()


async def _report(coming: asyncio.Task[None], parents: Parents) -> None:
    """A line now and then, until all have come."""
    seen = 0
    while not coming.done():
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(coming), EVERY)
        every = parents.seconds[""]
        lately, seen = every[seen:], len(every)
        worst = f", p99 {percentile(lately, 0.99):.1f} s" if lately else ""
        sys.stdout.write(f"{parents.sent} sent, {parents.unanswered.total()} unanswered{worst}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
