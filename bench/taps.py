"""Taps during a broadcast: 900 notices through a desk that keeps Telegram's limits, and people who
tap meanwhile."""

import asyncio
import time
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.families import release, settle_in
from bench.figures import Figure, percentile
from bench.processes import House, house
from core.db.engine import Database

MESSAGES = 900
PER_SECOND = 30
PUNISHMENT = 5
"""Seconds for which the desk refuses everything after an overrun."""
TAPPERS = 20
TAPS_A_SECOND = 4
TAPS = 120
LOOK = 0.05
"""Seconds between two looks at how many messages have come."""


class Taps:
    """People who go from the menu to their application and back, one after the other."""

    def __init__(self, home: House, people: Sequence[int]) -> None:
        self._home = home
        self._people = people
        self._screens: dict[int, tuple[int, cycle[str]]] = {}

    async def begin(self) -> None:
        """Open the menu in every chat."""
        for person in self._people:
            shown = await self._home.post(f"/sim/users/{person}/send", text="/menu")
            message = shown["messages"][-1]["message_id"]
            self._screens[person] = message, cycle(["j", "m"])

    async def tap(self, count: int) -> list[float]:
        """So many taps, evenly spread; the seconds from each tap to the bot's last word."""
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            tasks = []
            for number, person in zip(range(count), cycle(self._people), strict=False):
                await asyncio.sleep(began + number / TAPS_A_SECOND - time.perf_counter())
                tasks.append(group.create_task(self._tap(person)))
        return [task.result() for task in tasks]

    async def _tap(self, person: int) -> float:
        message, buttons = self._screens[person]
        began = time.perf_counter()
        await self._home.post(
            f"/sim/users/{person}/press", message_id=message, button=next(buttons)
        )
        return time.perf_counter() - began


async def measure() -> list[Figure]:
    """Two broadcasts, one of them with taps; and as many taps without a broadcast."""
    with TemporaryDirectory(prefix="orynbot-bench-") as folder:
        async with house(Path(folder)) as home:
            db = Database(home.database_url)
            try:
                return await _measure(home, db)
            finally:
                await db.close()


async def _measure(home: House, db: Database) -> list[Figure]:
    chats = await settle_in(home, db, TAPPERS + 2 * MESSAGES)
    tappers, first, second = chats[:TAPPERS], chats[TAPPERS:-MESSAGES], chats[-MESSAGES:]
    async with home.bot():
        taps = Taps(home, tappers)
        await taps.begin()
        await _limits(home, punish=PUNISHMENT)
        quiet = await taps.tap(TAPS)
        await _limits(home, punish=PUNISHMENT)
        alone, _ = await _broadcast(home, db, first, taps, 0)
        lonely = await home.get("/sim/limits")
        await _limits(home, punish=PUNISHMENT)
        busy, during = await _broadcast(home, db, second, taps, TAPS)
        crowded = await home.get("/sim/limits")
    ideal = MESSAGES / PER_SECOND
    return [
        Figure("ideal", f"{MESSAGES} messages, ideal time", ideal, "s"),
        Figure("broadcast", "measured", round(alone, 2), "s"),
        Figure("ratio", "measured / ideal (at most 1.03)", round(alone / ideal, 3)),
        Figure("refused", "429s (none)", lonely["refused"]),
        Figure(
            "busy_ratio",
            f"measured / ideal, with {TAPS} taps meanwhile, each an edit",
            round(busy / ((MESSAGES + TAPS) / PER_SECOND), 3),
        ),
        Figure("busy_refused", "429s (none)", crowded["refused"]),
        *_percentiles("quiet", "a tap with nothing else going on", quiet),
        *_percentiles("busy", "a tap during the broadcast", during),
    ]


def _percentiles(name: str, title: str, seconds: list[float]) -> list[Figure]:
    return [
        Figure(f"{name}_p{share}", f"{title}, p{share}", round(1000 * value, 1), "ms")
        for share in (50, 99)
        for value in [percentile(seconds, share / 100)]
    ]


async def _limits(home: House, *, punish: float) -> None:
    """The desk refuses what is over Telegram's limits from now on, and counts anew."""
    await home.post("/sim/limits", enforce=True, punish=punish)


async def _broadcast(
    home: House, db: Database, chats: Sequence[int], taps: Taps, taps_count: int
) -> tuple[float, list[float]]:
    """Seconds from the last look at which nothing had come to the one at which everything had,
    what answers the taps included; and the seconds of each tap."""
    await release(home, db, chats)
    async with asyncio.TaskGroup() as group:
        arrival = group.create_task(_arrival(home, len(chats) + taps_count))
        tapping = group.create_task(taps.tap(taps_count))
    return arrival.result(), tapping.result()


async def _arrival(home: House, count: int) -> float:
    """Seconds in which so many messages and edits come."""
    began = time.perf_counter()
    while True:
        limits = await home.get("/sim/limits")
        now = time.perf_counter()
        if limits["passed"] == 0:
            began = now
        if limits["passed"] >= count:
            break
        await asyncio.sleep(LOOK)
    return now - began
