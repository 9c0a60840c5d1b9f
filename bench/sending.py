"""Sending a broadcast: at Telegram's pace, beside other engines; and at 1,000 a second."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import delete

from bench import databases
from bench.bot import MORNING, MorningClock
from bench.callback import PEERS, port_of, settings_of
from bench.contest import Aim, Contest, Side
from bench.environments import python_of
from bench.processes import answers, free_address, process, processor_seconds, until_up
from bench.vouchers import Vouchers
from core.broadcasts.rules import Kind, Stage
from core.broadcasts.tables import BroadcastRecord
from core.db.engine import Database
from core.notices.tables import NoticeRecord
from core.staff.rules import Role
from core.staff.tables import StaffRecord

PACED, PER_SECOND = 450, 30
FLOOD, FLOOD_PER_SECOND = 3000, 1000
LOOK = 0.1
TEXT = {"kk": "Ашық есік күні", "ru": "День открытых дверей", "en": "Open day"}

Measure = Callable[[], Awaitable[Mapping[str, float]]]


def pace(share: float = 1.0, *, peers: bool = True) -> Contest:
    """Row 5. `peers`: aiogram-broadcaster, too, which has to be installed for that."""
    return Contest(
        name="pace",
        title=f"A broadcast at {PER_SECOND} a second to a Telegram that keeps its limits",
        figures={"ratio": "time / ideal", "refused": "429s"},
        sides=partial(_paced, max(2, round(PACED * share)), peers),
        aims=[
            Aim(5, "time / ideal", "ratio", "ours", must=1.03, aim=1.01),
            Aim(5, "429s", "refused", "ours", must=0, aim=0),
        ],
        together=True,
    )


def flood(share: float = 1.0) -> Contest:
    """Row 6."""
    return Contest(
        name="flood",
        title=f"A broadcast at {FLOOD_PER_SECOND:,} a second, its progress in the database",
        figures={"rate": "messages a second", "cores": "cores"},
        sides=partial(_flood, max(2, round(FLOOD * share))),
        aims=[
            Aim(6, "messages a second, PostgreSQL", "rate", "pg", must=950, aim=950, higher=True),
            Aim(6, "cores for that", "cores", "pg", aim=0.6),
        ],
    )


@asynccontextmanager
async def _paced(messages: int, peers: bool) -> AsyncIterator[Sequence[Side]]:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(databases.folder())
        http = await stack.enter_async_context(aiohttp.ClientSession())

        async def api() -> str:
            return await _api(stack, folder, "enforced")

        url = databases.sqlite(folder)
        ours = await _ours(stack, folder, http, url, await api(), messages, PER_SECOND)
        loop = partial(_peer, folder, http, await api(), messages, "tutorial_loop.py", None)
        sides = [Side("ours", "ours", ours), Side("loop", "the tutorials' loop", loop)]
        if peers:
            python = python_of("aiogram-broadcaster")
            other = partial(_peer, folder, http, await api(), messages, "broadcaster.py", python)
            sides.append(Side("broadcaster", "aiogram-broadcaster", other))
        yield [Side(s.name, s.title, partial(_beside_ideal, messages, s.measure)) for s in sides]


@asynccontextmanager
async def _flood(messages: int) -> AsyncIterator[Sequence[Side]]:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(databases.folder())
        http = await stack.enter_async_context(aiohttp.ClientSession())
        server = stack.enter_context(databases.server(folder))
        urls = {"pg": await databases.postgresql(server), "sqlite": databases.sqlite(folder)}
        sides = []
        for name, title in (("sqlite", "SQLite"), ("pg", "PostgreSQL")):
            address = await _api(stack, folder)
            measure = await _ours(
                stack, folder, http, urls[name], address, messages, FLOOD_PER_SECOND
            )
            sides.append(Side(name, f"ours on {title}", measure))
        yield sides


async def _api(stack: AsyncExitStack, folder: Path, *how: str) -> str:
    """A Bot API of its own for each: their limits are."""
    address = free_address()
    command = ("-m", "bench.bot_api", port_of(address), *how)
    await stack.enter_async_context(process(*command, folder=folder))
    await until_up(f"{address}/count")
    return address


async def _ours(
    stack: AsyncExitStack,
    folder: Path,
    http: aiohttp.ClientSession,
    url: str,
    api: str,
    messages: int,
    per_second: int,
) -> Measure:
    """The real bot, to which a broadcast is given each time."""
    db = Database(url)
    stack.push_async_callback(db.close)
    await Vouchers(db, messages).plant()
    async with db.write() as session:
        session.add(StaffRecord(id=1, iin="0" * 12, role=Role.ADMINISTRATOR, granted_at=MORNING))
    clock, address = MorningClock(time.time()), free_address()
    settings = settings_of(api, url) | {"TELEGRAM_PER_SECOND": str(per_second)}
    command = ("-m", "bench.bot", port_of(address), str(clock.began))
    running = await stack.enter_async_context(process(*command, folder=folder, **settings))
    await answers(http, f"{address}/health/ready")

    async def measure() -> Mapping[str, float]:
        await _ask(http, api, "again")
        before, began = processor_seconds(running.pid), time.perf_counter()
        async with db.write() as session:
            await session.execute(delete(NoticeRecord).where(NoticeRecord.kind == "broadcast"))
            session.add(_broadcast(clock))
        counts = await _sent(http, api, messages)
        wall = time.perf_counter() - began
        cores = (processor_seconds(running.pid) - before) / wall
        return {**_figures(counts), "cores": cores}

    return measure


def _broadcast(clock: MorningClock) -> BroadcastRecord:
    """To everybody, at once."""
    now = clock.now()
    return BroadcastRecord(
        created_by=1,
        created_at=now,
        stage=Stage.SCHEDULED,
        kind=Kind.STATUTORY,
        audience={},
        content={"texts": TEXT},
        starts_at=now - timedelta(seconds=1),
        due_at=now - timedelta(seconds=1),
    )


async def _peer(
    folder: Path,
    http: aiohttp.ClientSession,
    api: str,
    messages: int,
    script: str,
    python: str | None,
) -> Mapping[str, float]:
    """Another engine, started anew each time: it keeps nothing."""
    await _ask(http, api, "again")
    chosen = {"python": python} if python else {}
    command = (str(PEERS / script), api, str(messages))
    async with process(*command, folder=folder, **chosen):
        return _figures(await _sent(http, api, messages))


async def _beside_ideal(messages: int, measure: Measure) -> Mapping[str, float]:
    told = await measure()
    return {"ratio": PER_SECOND / told["rate"], "refused": told["refused"]}


def _figures(counts: Mapping[str, float]) -> Mapping[str, float]:
    """From the first message to the last there is one step less than there are messages."""
    rate = (counts["passed"] - 1) / counts["seconds"]
    return {"rate": rate, "refused": counts["refused"]}


async def _sent(http: aiohttp.ClientSession, api: str, messages: int) -> Mapping[str, float]:
    """What is counted once so many messages have passed."""
    while True:
        counts = await _ask(http, api, "count")
        if counts["passed"] >= messages:
            return counts
        await asyncio.sleep(LOOK)


async def _ask(http: aiohttp.ClientSession, api: str, what: str) -> Mapping[str, Any]:
    async with http.get(f"{api}/{what}") as response:
        told: Mapping[str, Any] = await response.json()
        return told
