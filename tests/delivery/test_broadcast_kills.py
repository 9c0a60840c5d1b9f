"""A broadcast that is paused, killed, resumed and killed again reaches everybody: played over the
desk by the head who sends it, and counted at the desk."""

import asyncio
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import aiohttp
import pytest

from core.db.engine import Database
from core.identity.rules import Iin
from core.login.tables import ChatRecord, PersonRecord
from core.staff.rules import Role
from core.staff.service import Staff
from tests.delivery import worker
from tests.delivery.families import Family, enrol, seat
from tests.delivery.test_kills import MORNING, PATIENCE, TOKEN, desk_alone, in_flight
from tests.e2e import ways
from tests.e2e.player import Desk, Player
from tests.factories import iin

TEXTS = {"kk": "Ашық есік күні", "ru": "День открытых дверей", "en": "Open day"}
NAMES = ways.LANGUAGE_NAMES
HEAD = 4999


@dataclass
class Count:
    """What a run came to, counted at the desk: `in_flight` messages were out at a kill and not
    recorded."""

    people: int
    told: int
    doubled: int
    wrong_language: int
    in_flight: int
    paused_at: int
    seconds: float


async def run(url: str, *, people: int, kills: int, per_second: int, seed: int) -> Count:
    """Send a broadcast to so many people; the process is killed while it is paused, once
    while it runs, and `kills` times more."""
    random, began = Random(seed), time.time()
    clock, db = worker.ElapsedClock(MORNING, began), Database(url)
    families = [
        Family(0, iin(n), f"+7775{n:07d}", random.choice(list(TEXTS)), True, False, 0, "delivered")
        for n in range(1, people + 1)
    ]
    async with desk_alone(random, troubles=()) as desk:
        head = await appoint(desk, db)  # first: people are entered by number, and this is one
        await seat(desk, families)
        await enrol(db, families, MORNING)
        settings = {
            "bot_token": TOKEN,
            "bot_api_url": desk.base,
            "database_url": url,
            "secret_key": "s" * 32,
            "smsc_url": f"{desk.base}/smsc",
            "smsc_login": "desk",
            "smsc_password": "desk",
            "tick_seconds": 0.2,
            "telegram_per_second": per_second,
        }
        since = flying = 0
        with worker.working(settings, clock, listens=True):
            await desk.get("/sim/clock")  # the start held up the desk: its connections were shut
            await write(head)
            await head.press("Send…")
            await hasten(desk, head, "send", text=str(people))
            await reached(desk, people // 6)
            await head.press("⏸ Pause")
            paused_at = sum((await messages(desk)).values())
            assert people // 6 <= paused_at < people
        with worker.working(settings, clock, listens=True):
            await asyncio.sleep(1.5)
            assert sum((await messages(desk)).values()) == paused_at, "it stays paused"
            await hasten(desk, head, "press", button=head.t.plain("▶️ Resume"))
            await reached(desk, paused_at + 1)
        for _ in range(kills):
            flying += await out_unrecorded(desk, db, families, since)
            since = await newest(desk)
            with worker.working(settings, clock, listens=True):
                await asyncio.sleep(random.uniform(1.5, 3))
        flying += await out_unrecorded(desk, db, families, since)
        with worker.working(settings, clock, listens=True):
            await ended(head)
        told = await messages(desk)
        wrong = [one for one in families if not await in_own_language(desk, one)]
    await db.close()
    count = Count(
        people=people,
        told=sum(family.id in told for family in families),
        doubled=sum(told.values()) - len(told),
        wrong_language=len(wrong),
        in_flight=flying,
        paused_at=paused_at,
        seconds=round(time.time() - began, 1),
    )
    sys.stderr.write(f"\n{count}\n")
    return count


async def appoint(desk: Desk, db: Database) -> Player:
    """A head who has entered."""
    phone = f"+7775{HEAD:07d}"
    person = await desk.post(
        "/sim/users",
        first_name="Head",
        language_code="ru",
        phone=phone,
        iin=iin(HEAD),
        started=True,
    )
    await Staff(db).grant(Iin(iin(HEAD)), Role.HEAD, None, by=None, moment=MORNING)
    entered = {"created_at": MORNING, "iin": iin(HEAD), "phone": phone, "full_name": "Head"}
    async with db.write() as session:
        session.add(PersonRecord(id=person["id"], birth_date=date(1990, 5, 17), **entered))
        await session.flush()
        session.add(
            ChatRecord(
                id=person["id"],
                language="ru",
                district="kokshetau",
                person_id=person["id"],
                session_until=MORNING + timedelta(days=1),
                created_at=MORNING,
            )
        )
    return desk.player(person["id"], "ru")


async def write(head: Player) -> None:
    """The broadcast in three languages."""
    await head.say("/broadcast")
    await head.press("New broadcast")
    for language, text in TEXTS.items():
        await head.press_label(f"✏️ {NAMES[language]}")
        await head.say(text)


async def hasten(desk: Desk, head: Player, act: str, **body: Any) -> None:
    """Do something without waiting until the bot has nothing more to do: it has much to do."""
    with suppress(TimeoutError):
        await desk.http.post(
            f"/sim/users/{head.id}/{act}", json=body, timeout=aiohttp.ClientTimeout(total=0.3)
        )


async def messages(desk: Desk) -> Counter[int]:
    """How many messages of the broadcast each chat has got."""
    calls = await desk.get("/sim/calls", method="sendMessage")
    return Counter(
        call["params"]["chat_id"]
        for call in calls
        if call["params"]["text"] in TEXTS.values() and call["answer"].get("ok")
    )


async def reached(desk: Desk, number: int) -> None:
    """Wait until so many messages have arrived."""
    async with asyncio.timeout(PATIENCE):
        while sum((await messages(desk)).values()) < number:  # noqa: ASYNC110 over HTTP
            await asyncio.sleep(0.1)


async def newest(desk: Desk) -> int:
    calls = await desk.get("/sim/calls")
    return int(calls[-1]["seq"])


async def out_unrecorded(desk: Desk, db: Database, families: list[Family], since: int) -> int:
    """At a kill: what was out, and is not recorded."""
    await asyncio.sleep(0.1)  # what the dead process had written is still being read
    return await in_flight(db, families, await desk.get("/sim/calls", since=since))


async def ended(head: Player) -> None:
    """Wait for the report, below the progress."""
    report = head.t.plain("✅ <b>Broadcast №{id}</b> is sent", id=1)
    words = report.replace("<b>", "").replace("</b>", "")
    async with asyncio.timeout(PATIENCE):
        while sum(words in one["text"] for one in await head.chat()) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.5)


async def in_own_language(desk: Desk, family: Family) -> bool:
    chat = (await desk.get(f"/sim/users/{family.id}/chat"))["messages"]
    return {message["text"] for message in chat} == {TEXTS[family.language]}


def hold(count: Count) -> None:
    """The promise."""
    assert count.told == count.people, "nobody is left out"
    assert count.wrong_language == 0
    assert count.doubled <= count.in_flight, "nobody is told twice, those in flight aside"


async def test_a_broadcast_outlives_a_kill(sqlite_url: str) -> None:
    hold(await run(sqlite_url, people=40, kills=0, per_second=20, seed=1))


@pytest.mark.soak
async def test_three_thousand_people_in_three_languages(database_url: str) -> None:
    hold(await run(database_url, people=3_000, kills=6, per_second=100, seed=2))
