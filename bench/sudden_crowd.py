"""A sudden crowd: 2,000 people tap faster than they can be answered while a broadcast is sent;
beside it the same with ten more who hammer, fifty taps a second each."""

import asyncio
import time
from bisect import bisect_right, insort
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import aiohttp
from sqlalchemy import delete

from bench import databases
from bench.bot import MORNING
from bench.contest import Aim, Contest, Side
from bench.figures import percentile
from bench.processes import SECRET, TOKEN, free_address, process, until_up
from bench.telegram import CONNECTIONS, Pressed, Telegram
from bench.telegram import SECRET as WEBHOOK_SECRET
from bench.vouchers import VERSION, Vouchers
from bot.keyboards.application import OpenApplication, Tab
from bot.keyboards.voucher import ActButton
from core.applications.rules import Event
from core.broadcasts.rules import Audience, Content, Kind, Stage
from core.broadcasts.tables import BroadcastRecord
from core.db.engine import Database
from core.login.tables import PersonRecord
from core.staff.rules import Role
from core.staff.tables import StaffRecord

PEOPLE = 2_000
SECONDS = 8.0
"""In which all of them tap."""
HAMMERERS = 10
HAMMERED = 0.02
"""Seconds between two taps of one who hammers."""
CONFIRMS = 4
"""One in so many confirms a voucher; the others look at their application."""
BROADCASTS = 8
"""To all of them; TELEGRAM_PER_SECOND is what is paid for, so that only the bot sets the pace."""
BOTH = (("pg", "PostgreSQL"), ("sqlite", "SQLite"))


def contest(share: float = 1.0) -> Contest:
    """What others feel of those who hammer; whether the order of arrival holds."""
    people = max(20, round(PEOPLE * share))
    return Contest(
        name="crowd",
        title=f"{people} people at once, {CONNECTIONS} connections, a broadcast meanwhile",
        figures={
            "p50": "ms in hand, p50",
            "p99": "ms in hand, p99",
            "rate": "answered a second",
            "overtaken": "taps by which one was overtaken at most",
            "put_off": "put off",
            "surplus": "taps of those who hammer, answered a second",
            "broadcast": "messages of the broadcast a second",
        },
        sides=partial(_sides, people, SECONDS * share),
        aims=[
            Aim(0, f"p99 of the others on {name}, with hammerers / without", "p99",
                f"hammered_{short}", f"calm_{short}")
            for short, name in BOTH
        ],
    )  # fmt: skip


@asynccontextmanager
async def _sides(people: int, seconds: float) -> AsyncIterator[Sequence[Side]]:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(databases.folder())
        api = free_address()
        await stack.enter_async_context(process("-m", "bench.bot_api", _port(api), folder=folder))
        await until_up(f"{api}/bot1/getMe")
        server = stack.enter_context(databases.server(folder))
        urls = {"pg": await databases.postgresql(server), "sqlite": databases.sqlite(folder)}
        sides = []
        for short, name in BOTH:
            crowd = await _begin(stack, folder, api, urls[short], people, seconds)
            sides.append(Side(f"calm_{short}", f"{name}, nobody hammers", partial(crowd, 0)))
            hammered = partial(crowd, HAMMERERS)
            sides.append(Side(f"hammered_{short}", f"{name}, ten hammer", hammered))
        yield sides


async def _begin(
    stack: AsyncExitStack, folder: Path, api: str, url: str, people: int, seconds: float
) -> Callable[[int], Awaitable[Mapping[str, float]]]:
    """Start a bot; how a crowd at it is measured."""
    db = Database(url)
    stack.push_async_callback(db.close)
    vouchers = Vouchers(db, people + HAMMERERS)
    await vouchers.plant()
    settings = {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": api,
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "WEBHOOK_URL": "https://bench.invalid",
        "WEBHOOK_SECRET": WEBHOOK_SECRET,
        "SMSC_LOGIN": "bench",
        "SMSC_PASSWORD": "bench",
        "SMSC_URL": api,
        "TELEGRAM_PER_SECOND": "1000",
        "LOG_LEVEL": "WARNING",
    }
    address = free_address()

    async def measure(hammerers: int) -> Mapping[str, float]:
        await vouchers.again()
        arguments = ("-m", "bench.bot", _port(address), str(time.time()))
        async with process(*arguments, folder=folder, **settings):
            await until_up(f"{address}/health/ready")
            return await _crowd(db, int(_port(address)), api, people, hammerers, seconds)

    return measure


async def _crowd(
    db: Database, port: int, api: str, people: int, hammerers: int, seconds: float
) -> Mapping[str, float]:
    telegram = Telegram(port)
    async with asyncio.TaskGroup() as group:
        bringing = group.create_task(telegram.bring())
        await _warm_up(telegram, people)
        await _broadcasts(db)
        sent, began = await _messages(api), time.perf_counter()
        hammering = [group.create_task(_hammer(telegram, people + 1 + n)) for n in range(hammerers)]
        for number in range(1, people + 1):
            await asyncio.sleep(began + number * seconds / people - time.perf_counter())
            telegram.press(number, _button(number), awaited=True)
        await telegram.all_answered()
        took = time.perf_counter() - began
        passed = await _messages(api) - sent
        for task in (*hammering, bringing):
            task.cancel()
    theirs = [pressed for pressed in telegram.answered if pressed.person <= people]
    in_hand = [1000 * (pressed.answered - pressed.handed) for pressed in theirs]
    surplus = len(telegram.answered) - len(theirs)
    return {
        "p50": percentile(in_hand, 0.5),
        "p99": percentile(in_hand, 0.99),
        "rate": people / took,
        "overtaken": _overtaken(theirs),
        "put_off": telegram.put_off,
        "surplus": surplus / took,
        "broadcast": max(0, passed - len(theirs)) / took,
    }


async def _warm_up(telegram: Telegram, people: int) -> None:
    for number in range(1, people // 20 + 1):
        telegram.press(number, "l", awaited=True)
    await telegram.all_answered()
    telegram.answered.clear()


async def _hammer(telegram: Telegram, person: int) -> None:
    data = OpenApplication(application=person, version=VERSION, tab=Tab.STATUS).pack()
    while True:
        telegram.press(person, data)
        await asyncio.sleep(HAMMERED)


def _button(number: int) -> str:
    if number % CONFIRMS == 0:
        act = ActButton(application=number, version=VERSION, act=Event.CONFIRM_INTEREST)
        return act.pack()
    return OpenApplication(application=number, version=VERSION, tab=Tab.INFORMATION).pack()


def _overtaken(answered: Sequence[Pressed]) -> int:
    """How many that came later were answered before one, at most."""
    before: list[float] = []
    most = 0
    for pressed in answered:
        most = max(most, len(before) - bisect_right(before, pressed.came))
        insort(before, pressed.came)
    return most


async def _broadcasts(db: Database) -> None:
    """Begins some, to everybody; those of the round before are forgotten."""
    async with db.write() as session:
        await session.execute(delete(BroadcastRecord))
        await session.execute(delete(StaffRecord))
        person = await session.get_one(PersonRecord, 1)
        head = StaffRecord(iin=person.iin, role=Role.HEAD.value, granted_at=MORNING)
        session.add(head)
        await session.flush()
        session.add_all(
            BroadcastRecord(
                created_by=head.id,
                created_at=MORNING,
                stage=Stage.SCHEDULED.value,
                kind=Kind.STATUTORY.value,
                audience=Audience().kept(),
                content=Content({"kk": "Сәлем", "ru": "Привет", "en": "Hello"}).kept(),
                due_at=MORNING,
            )
            for _ in range(BROADCASTS)
        )


async def _messages(api: str) -> int:
    async with aiohttp.ClientSession() as http, http.get(f"{api}/count") as response:
        return int((await response.json(content_type=None))["passed"])


def _port(address: str) -> str:
    return address.rpartition(":")[2]
