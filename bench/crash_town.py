"""What surrounds the processes of `bench.crash`: families, and all that they talk to outside."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

import aiohttp
from aiohttp import web
from sqlalchemy import func, select

from bench.bot import MORNING, MorningClock
from bot.keyboards.places import SignPlaceButton
from bot.maintenance import prepare_database
from core.applications.service import Applications
from core.applications.tables import ApplicationRecord, CategoryRecord
from core.calendar.rules import Deadline, WorkingDays
from core.calendar.rules import count as count_days
from core.calendar.seed import seeded_calendar
from core.calendar.service import CalendarBook
from core.db.engine import Database
from core.login.tables import ChatRecord, PersonRecord
from core.places.tables import HoldRecord, KindergartenRecord, PlaceRecord
from core.signing.tables import SigningRequestRecord
from sandbox.people import check_digit

BORN, CHILD_BORN = date(1990, 5, 17), date(2022, 9, 17)
STARTED = 120.0
"""Seconds that a process may take to answer."""
UNTOLD = 90.0
"""Seconds that the notices may take: what the dead worker had in hand waits for its lease."""
HOLDERS = select(HoldRecord.place_id, func.count()).group_by(HoldRecord.place_id)
PRESSED = select(SigningRequestRecord.application_id)
FREE = select(PlaceRecord.id, PlaceRecord.free)


@dataclass
class Outside:
    """Telegram's and the SMS gateway's servers in one: they take everything."""

    address: str = ""
    told: set[str] = field(default_factory=set)
    doubled: int = 0
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    async def method(self, request: web.Request) -> web.Response:
        """A method of the Bot API. What tells of a voucher is counted by chat."""
        given = await request.json()
        chat = str(given.get("chat_id", ""))
        if request.match_info["name"] == "sendMessage" and "ОДО.2026." in str(given["text"]):
            self.doubled += chat in self.told
            self.told.add(chat)
        result: Any = True
        if request.match_info["name"] in ("sendMessage", "editMessageText"):
            result = {
                "message_id": int(str(given.get("message_id") or next(self._ids))),
                "date": 0,
                "chat": {"id": int(chat), "type": "private"},
            }
        return web.json_response({"ok": True, "result": result})

    async def sms(self, request: web.Request) -> web.Response:
        """A message is taken."""
        given = await request.post()
        return web.json_response({"id": int(str(given["id"])), "cnt": 1})

    async def untold(self, families: int) -> int:
        """How many were told nothing, once there has been time enough."""
        began = time.time()
        while len(self.told) < families and time.time() - began < UNTOLD:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        return families - len(self.told)


@asynccontextmanager
async def outside() -> AsyncIterator[Outside]:
    """It listens for as long as the context lasts."""
    servers = Outside()
    app = web.Application()
    app.router.add_post("/bot{token}/{name}", servers.method)
    app.router.add_post("/smsc/sys/send.php", servers.sms)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    servers.address = f"http://127.0.0.1:{port}"
    try:
        yield servers
    finally:
        await runner.cleanup()


def settings(url: str, address: str) -> dict[str, Any]:
    """Of all processes."""
    return {
        "bot_token": "1:crash",
        "bot_api_url": address,
        "bot_name": "orynbot",
        "database_url": url,
        "secret_key": "s" * 32,
        "webhook_url": address,
        "webhook_secret": "of-the-webhook",
        "smsc_url": f"{address}/smsc",
        "smsc_login": "crash",
        "smsc_password": "crash",
        "telegram_per_second": 1000,
        "telegram_per_chat": 50,
        "tick_seconds": 0.5,
    }


async def settle_in(
    db: Database, began: float, *, pressing: int, told: int, places: int, free: int
) -> None:
    """Families that may press for a place, then those whose voucher's notice is due; and places
    with room."""
    families = pressing + told
    await prepare_database(db, MorningClock(began))
    confirmed = count_days(seeded_calendar(range(2026, 2028)), WorkingDays(5), MORNING.date())
    async with db.write() as session:
        session.add(CategoryRecord(code="age3", position=1, name_kk="3", name_ru="3", name_en="3"))
        session.add_all(_person(number) for number in range(1, families + 1))
        await session.flush()
        session.add_all(_chat(number) for number in range(1, families + 1))
        session.add_all(
            _application(number, confirmed if number <= pressing else None)
            for number in range(1, families + 1)
        )
        home = KindergartenRecord(
            district="kokshetau",
            name="«Мадина»",
            folded_name="мадина",
            kind="nursery_kindergarten",
            ownership="state",
            phone="87758759999",
            address="Абай к-сі, 1",
        )
        session.add(home)
        await session.flush()
        session.add_all(
            PlaceRecord(
                id=number,
                kindergarten_id=home.id,
                language="kk",
                mode="general",
                free=free,
            )
            for number in range(1, places + 1)
        )
    applications = Applications(db, CalendarBook(db))
    for number in range(pressing + 1, families + 1):
        await applications.issue_voucher(_number(number), actor="portal", moment=MORNING)


def sign_place(family: int, place: int) -> str:
    """The button that holds the place."""
    return SignPlaceButton(application=family, version=1, place=place).pack()


def update(update_id: int, chat: int, data: str) -> dict[str, Any]:
    """A press as Telegram brings it."""
    person = {"id": chat, "is_bot": False, "first_name": "Parent"}
    private = {"id": chat, "type": "private", "first_name": "Parent"}
    message = {"message_id": 1_000_000 + chat, "date": 0, "chat": private}
    query = {"id": str(update_id), "from": person, "chat_instance": "c", "data": data}
    return {"update_id": update_id, "callback_query": {**query, "message": message}}


async def answers(http: aiohttp.ClientSession, address: str) -> None:
    """Wait until that process answers."""
    async with asyncio.timeout(STARTED):
        while True:
            try:
                async with http.get(f"{address}/health/live") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def _number(family: int) -> str:
    return f"ОДО.2026.{family}"


def _iin(family: int) -> str:
    """Every eleventh number has no check digit: the next day's has one, or the one after."""
    for day in count(1):
        digits = f"9005{day:02d}4{family:04d}"
        if (check := check_digit(digits)) is not None:
            return f"{digits}{check}"
    raise AssertionError


def _person(family: int) -> PersonRecord:
    return PersonRecord(
        id=family,
        iin=_iin(family),
        full_name="Parent",
        birth_date=BORN,
        phone=f"+7775{family:07d}",
        created_at=MORNING,
    )


def _chat(family: int) -> ChatRecord:
    return ChatRecord(
        id=family,
        language="kk",
        district="kokshetau",
        person_id=family,
        linked_at=MORNING,
        session_until=MORNING + timedelta(days=30),
        created_at=MORNING,
    )


def _application(family: int, confirmed: Deadline | None) -> ApplicationRecord:
    """In the queue, or with a voucher that has been confirmed."""
    return ApplicationRecord(
        id=family,
        registration_number=_number(family),
        registered_at=MORNING,
        district="kokshetau",
        category="age3",
        applicant_iin=_iin(family),
        applicant_name="Parent",
        applicant_birth_date=BORN,
        applicant_phone=f"+7775{family:07d}",
        applicant_email=None,
        applicant_address="Көкшетау",
        child_iin=_iin(family),
        child_name="Child",
        child_given_name="Child",
        child_birth_date=CHILD_BORN,
        privilege=None,
        status="voucher_issued" if confirmed else "in_queue",
        deadline=confirmed and confirmed.to_json(),
        ends_at=confirmed and confirmed.ends_at,
        next_event_at=confirmed and confirmed.ends_at,
    )
