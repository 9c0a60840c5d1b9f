"""A whole house to be fuzzed: the real application over the demo data, with a Telegram and SMS
gateways that answer at once."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from fastapi import FastAPI
from sqlalchemy import event, select

from bot.assembly import House, build
from bot.settings import Settings
from core.applications.tables import ApplicationRecord
from core.clock import TravelClock
from core.db.upsert import insert
from core.identity.rules import Iin
from core.login.tables import ChatRecord, ConsentRecord, PersonRecord
from core.places.tables import PlaceRecord
from core.portal.values import Item
from core.registry.values import Kind
from core.sms.port import Accepted, Sms, Taken
from core.sms.rules import Report
from core.sms.tables import SmsRecord
from core.staff.service import Staff
from documents.templates import template
from seed.people import PEOPLE, STAFF, START
from seed.plant import plant
from tests.fuzz.telegram import FuzzedTelegram
from webhook import router

SECRET = "of-the-fuzzer"
TOKEN = "42:fuzz"
HURRY = 1_000_000
"""Messages a second: nobody is held up."""


class Gateway:
    """Takes every message, and keeps the newest text for each phone."""

    newest: dict[str, str] = {}

    def __init__(self, _settings: Settings, name: str, _http: object) -> None:
        self.name = name

    async def send(self, sms: Sms) -> Accepted:
        self.newest[sms.phone.value] = sms.text
        return Accepted(str(sms.id), 1, None)

    async def status(self, sms: Sms) -> Accepted:
        return Accepted(str(sms.id), 1, None)

    async def reports(self, messages: Sequence[Taken]) -> Mapping[int, Report]:
        return {}


@dataclass
class Known:
    """Ids and numbers that rows really have."""

    ids: list[int]
    numbers: list[str]
    files: list[bytes]
    sms: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class Fuzzed:
    """The house, its doors, and what is known of it."""

    house: House
    app: FastAPI
    telegram: FuzzedTelegram
    clock: TravelClock
    known: Known

    async def seat(self) -> None:
        """Everybody at the desk sits in their chat, with a session; staff are staff."""
        now = self.clock.now()
        async with self.house.core.db.write() as session:
            for person in PEOPLE:
                facts = {
                    "full_name": person.full_name,
                    "birth_date": person.birth_date,
                    "phone": person.phone,
                }
                row = insert(session, PersonRecord).values(iin=person.iin, created_at=now, **facts)
                await session.execute(row.on_conflict_do_update(index_elements=["iin"], set_=facts))
                id_ = await session.scalar(
                    select(PersonRecord.id).where(PersonRecord.iin == person.iin)
                )
                other = await session.scalar(
                    select(ChatRecord).where(
                        ChatRecord.person_id == id_, ChatRecord.id != person.id
                    )
                )
                if other is not None:
                    other.person_id = None
                    await session.flush()
                sitting = {
                    "person_id": id_,
                    "session_until": now + timedelta(days=30),
                    "language": person.language_code,
                    "district": "kokshetau",
                    "blocked_at": None,
                }
                chat = insert(session, ChatRecord).values(id=person.id, created_at=now, **sitting)
                await session.execute(
                    chat.on_conflict_do_update(index_elements=["id"], set_=sitting)
                )
                session.add(
                    ConsentRecord(chat_id=person.id, person_id=id_, version="1", given_at=now)
                )
        for person, role, district in STAFF:
            await Staff(self.house.core.db).grant(
                Iin(person.iin), role, district, by=None, moment=now
            )

    async def look(self) -> None:
        """What has come since: text messages that receipts can be about."""
        async with self.house.core.db.read() as session:
            newest = select(SmsRecord.id, SmsRecord.phone).order_by(SmsRecord.id.desc()).limit(50)
            self.known.sms = [(id_, phone) for id_, phone in await session.execute(newest)]

    async def later(self, **by: Any) -> None:
        """Time passes, and what falls due is done."""
        self.clock.move(self.clock.now() + timedelta(**by))
        await self.house.worker.settle()


def settings(database_url: str) -> Settings:
    return Settings.model_validate(
        {
            "bot_token": TOKEN,
            "bot_name": "orynbot",
            "database_url": database_url,
            "secret_key": "k" * 32,
            "webhook_url": "https://fuzzed.example",
            "webhook_secret": SECRET,
            "portal_secret": SECRET,
            "sms_gateways": ["smsc", "mobizon"],
            "smsc_secret": SECRET,
            "mobizon_secret": SECRET,
            "telegram_per_second": HURRY,
            "telegram_per_chat": HURRY,
        }
    )


@asynccontextmanager
async def fuzzed(database_url: str) -> AsyncIterator[Fuzzed]:
    """A house over an empty database, or one with the demo data; nothing of it waits for a disk."""
    clock = TravelClock(START, running=False)
    with patch("bot.assembly._gateway", Gateway):
        async with build(settings(database_url), clock) as house:
            db = house.core.db
            if db.is_sqlite:
                event.listen(db.engine.sync_engine, "connect", _never_wait)
            await plant(db, clock.now())
            await house.bot.session.close()
            house.bot.session = telegram = FuzzedTelegram()
            app = FastAPI()
            app.include_router(router)
            app.state.house = house
            known = await _known(house)
            place = Fuzzed(house, app, telegram, clock, known)
            await place.seat()
            voucher = Item("voucher.issue", {"registration_number": "ОДО.2026.248"})
            await house.core.portal_events.take("fuzz-first", voucher, clock.now())
            await house.worker.settle()
            yield place


async def _known(house: House) -> Known:
    async with house.core.db.read() as session:
        ours = ApplicationRecord.applicant_iin.in_([person.iin for person in PEOPLE])
        rows = await session.execute(
            select(ApplicationRecord.id, ApplicationRecord.registration_number).where(ours)
        )
        found = rows.all()
        places = (await session.scalars(select(PlaceRecord.id).limit(10))).all()
    ids = [row[0] for row in found]
    stages = await house.core.exports.stages()
    files = [template(kind, stages, "en").to_bytes() for kind in Kind]
    return Known([*ids, *places, 1, 2, 3], [row[1] for row in found], files)


def _never_wait(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()
