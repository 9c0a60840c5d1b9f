"""A worker that is killed at any instant loses nothing: counted at the desk, not in our tables."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select

from core.applications.service import Applications
from core.calendar.service import CalendarBook
from core.clock import ALMATY
from core.db.engine import Database
from core.notices.plan import Channel
from core.notices.tables import NoticeRecord
from core.notices.values import State
from demo import tcp_socket
from sandbox.app import build
from sandbox.settings import DeskSettings
from tests.delivery import worker
from tests.delivery.families import Family, drawn, enrol, seat
from tests.e2e.player import Desk
from tests.serving import serving

MORNING = datetime(2026, 4, 7, 10, 0, tzinfo=ALMATY)
TOKEN = "1:kills"
PATIENCE = 600
"""Seconds that a worker which is left alone may take for what is left."""
UNDER_WAY = (State.PENDING, State.SENDING)
TROUBLES: tuple[dict[str, Any], ...] = (
    {"code": 429, "retry_after": 1, "share": 0.005},
    {"code": 500, "share": 0.06},
    {"code": 403, "share": 0.02},
    {"code": 0, "share": 0.03},
    {"code": 0, "share": 0.03, "late": True},
    {"code": 0, "delay": 3, "share": 0.005, "late": True},
)
"""What the desk answers at random: the last two take the message, and the bot never hears of it."""


@dataclass
class Tally:
    """What a run came to. `in_flight`: messages that were out when a worker was killed, and not
    recorded; `unheard`: messages that arrived, and whose answer did not."""

    notices: int
    kills: int
    in_flight: int
    unheard: int
    doubled: int
    lost: int
    unfinished: int
    seconds: float


@asynccontextmanager
async def desk_alone(random: Random) -> AsyncIterator[Desk]:
    """A desk whose Telegram has troubles, without a bot."""
    with tcp_socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(100)
        base = f"http://127.0.0.1:{door.getsockname()[1]}"
        app = build(
            DeskSettings(
                bot_url=base,  # no bot listens: its receipts find nobody
                desk_secret="d",
                portal_secret="p",
                bot_token=TOKEN,
                start=MORNING,
            )
        )
        async with serving(app, door), aiohttp.ClientSession(base) as http:
            for trouble in TROUBLES:
                order = {"target": "telegram", "method": "sendMessage", "times": 10**6}
                await Desk(http, base, None).post(
                    "/sim/faults", **order, **trouble, seed=random.randrange(10**6)
                )
            try:
                yield Desk(http, base, None)
            finally:
                app.state.desk.close()


async def issue(db: Database, families: list[Family], now: datetime) -> None:
    """A voucher for each family."""
    book = CalendarBook(db)
    await book.seed(range(2026, 2028))
    applications = Applications(db, book)
    for family in families:
        await applications.issue_voucher(family.number, actor="portal", moment=now)


async def in_flight(db: Database, families: list[Family], calls: list[dict[str, Any]]) -> int:
    """At a kill: messages that the desk has taken from this life of the worker (its `calls`) and
    that we have no record of."""
    async with db.read() as session:
        sending = set(
            await session.scalars(
                select(NoticeRecord.iin).where(
                    NoticeRecord.state == State.SENDING, NoticeRecord.channel == Channel.TELEGRAM
                )
            )
        )
    chats = {family.id for family in families if family.iin in sending}
    taken = [call for call in calls if call["method"] == "sendMessage" and call["answer"].get("ok")]
    return sum(call["params"]["chat_id"] in chats for call in taken)


async def unfinished(db: Database, now: datetime) -> int:
    """Notices whose time has come and that have not ended one way or the other."""
    async with db.read() as session:
        counted = await session.scalar(
            select(func.count(NoticeRecord.id)).where(
                NoticeRecord.state.in_(UNDER_WAY), NoticeRecord.due_at <= now + worker.LEASE * 2
            )
        )
    return counted or 0


async def arrived(desk: Desk, families: list[Family]) -> tuple[int, int, int]:
    """From the desk alone: how many got nothing, how many messages too many there are, and how
    many messages arrived without the bot hearing of it."""
    texts = Counter(sms["phone"] for sms in await desk.get("/sim/sms"))
    calls = await desk.get("/sim/calls", method="sendMessage")
    unheard = sum("unheard" in call and call["unheard"]["ok"] for call in calls)
    lost = doubled = 0
    for family in families:
        chat = (await desk.get(f"/sim/users/{family.id}/chat"))["messages"]
        told = sum(family.number in message["text"] for message in chat)
        reachable = family.chat or family.receipts is not None
        lost += reachable and not told and not texts[family.phone]
        doubled += max(0, told - 1)
    return lost, doubled, unheard


async def run(url: str, *, count: int, kills: int, seed: int) -> Tally:
    """Send `count` voucher notices with a worker that is killed `kills` times."""
    random = Random(seed)
    families = [drawn(random, number) for number in range(1, count + 1)]
    for family in families:
        family.blocked = False  # nobody is told of a block here: the desk refuses at random
    db, began = Database(url), time.time()
    clock = worker.ElapsedClock(MORNING, began)
    flying = since = 0
    async with desk_alone(random) as desk:
        await seat(desk, families)
        await enrol(db, families, MORNING)
        await issue(db, families, MORNING)
        settings = {
            "bot_token": TOKEN,
            "bot_api_url": desk.base,
            "database_url": url,
            "secret_key": "s" * 32,
            "smsc_url": f"{desk.base}/smsc",
            "smsc_login": "desk",
            "smsc_password": "desk",
            "tick_seconds": 0.2,
        }
        for _ in range(kills):
            with worker.working(settings, clock):
                await asyncio.sleep(random.uniform(0.2, 1.5))
            await asyncio.sleep(0.1)  # what the dead worker had written is still being read
            calls = await desk.get("/sim/calls", since=since)
            flying += await in_flight(db, families, calls)
            since = calls[-1]["seq"] if calls else since
        with worker.working(settings, clock):
            for _ in range(PATIENCE):
                if not await unfinished(db, clock.now()):
                    break
                await asyncio.sleep(1)
        left = await unfinished(db, clock.now())
        lost, doubled, unheard = await arrived(desk, families)
    await db.close()
    tally = Tally(count, kills, flying, unheard, doubled, lost, left, round(time.time() - began, 1))
    sys.stderr.write(f"\n{tally}\n")
    return tally


def hold(tally: Tally) -> None:
    """The promises: every notice ends, none is lost, and none doubled but what was under way."""
    assert tally.unfinished == 0
    assert tally.lost == 0
    assert tally.doubled <= tally.in_flight + tally.unheard


async def test_a_worker_that_is_killed_loses_nothing(sqlite_url: str) -> None:
    tally = await run(sqlite_url, count=40, kills=5, seed=3)
    hold(tally)


@pytest.mark.soak
async def test_two_thousand_notices_and_two_hundred_kills(
    database_url: str,
) -> None:
    hold(await run(database_url, count=2_000, kills=200, seed=5))
