"""The bot over a fresh database, with Telegram, the SMS and the citizens' base played."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

import pytest
from aiogram import Dispatcher
from aiogram.types import Update

from bot.dispatcher import build_dispatcher
from bot.facts import Facts
from bot.nursery import Nursery
from core.applications.service import Applications
from core.audit.log import Audit
from core.broadcasts.runs import BroadcastRuns
from core.broadcasts.service import Broadcasts
from core.broadcasts.unreached import UnreachedLists
from core.citizens.port import Citizen
from core.citizens.table import TableCitizens
from core.clock import TravelClock
from core.db.engine import Database
from core.families.service import Families
from core.figures.service import Figures
from core.identity.rules import Iin, Phone
from core.login.service import Login
from core.login.visitors import Visitors
from core.notices.calls import Calls
from core.notices.lives import Lives
from core.notices.outbox import Notices
from core.outages.service import Outages
from core.places.leave_book import Leaves
from core.places.service import Places
from core.portal.events import PortalEvents
from core.queue.renewal import Renewal
from core.registry.exports import Exports
from core.registry.imports import Imports
from core.services import Core
from core.sms.inbox import Receipts
from core.staff.service import Staff
from core.vouchers.distribution import Distribution
from core.vouchers.service import Vouchers
from tests import factories
from tests.factories import Desk
from tests.telegram_stub import TelegramStub

FACTS = Facts(support_phone="+7 716 255 11 22", consent_version="2026-04")
PHONE = "+77750000001"
IIN = factories.iin(1)


@dataclass
class Parent:
    """One private chat, and what happens in it."""

    desk: Desk
    core: Core
    dispatcher: Dispatcher
    telegram: TelegramStub
    id: int = 1
    language: str | None = "kk"
    _updates: Iterator[int] = field(default_factory=lambda: count(1))

    async def say(self, text: str, **more: Any) -> int:
        """Write a message; its id."""
        return await self._message(text=text, **more)

    async def share(self, phone: str, owner: int | None = None) -> int:
        """Share a contact."""
        contact = {"phone_number": phone, "first_name": "A", "user_id": owner or self.id}
        return await self._message(contact=contact)

    async def photo(self) -> int:
        """Send a photo."""
        size = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
        return await self._message(photo=[size])

    async def document(
        self, name: str = "a.csv", size: int = 1, content: bytes | None = None
    ) -> int:
        """Send a file; with `content`, wait until the bot has done with it."""
        if content is not None:
            self.telegram.files["f"] = content
        file = {"file_id": "f", "file_unique_id": "u", "file_name": name, "file_size": size}
        message_id = await self._message(document=file)
        await self.dispatcher["nursery"].settled()
        return message_id

    async def tap(self, label: str) -> None:
        """Press the newest button with that label."""
        message_id, button = self.telegram.message_with(label)
        assert button.callback_data is not None
        await self.press(button.callback_data, message_id)

    async def press(self, data: str, message_id: int = 1000) -> None:
        """Press whatever data."""
        query = {
            "id": "7",
            "from": self._user,
            "chat_instance": "c",
            "data": data,
            "message": {"message_id": message_id, "date": 0, "chat": self._chat},
        }
        await self.feed({"callback_query": query})

    async def feed(self, update: dict[str, Any]) -> None:
        """Hand an update to the bot."""
        whole = Update.model_validate({"update_id": next(self._updates), **update})
        await self.dispatcher.feed_update(self.telegram.bot, whole)

    async def enter(self) -> None:
        """From /start to the journal."""
        await self.say("/start")
        await self.tap("Қазақша")
        await self.tap("Көкшетау қаласы")
        await self.tap("Кіру")
        await self.tap("Келісемін")
        await self.share(PHONE)
        await self.say(IIN)
        await self.say(self.desk.pocket.newest_code)

    async def seen(self) -> str:
        """What the chat has shown last."""
        return self.telegram.texts[-1]

    @property
    def _user(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": "A",
            "language_code": self.language,
        }

    @property
    def _chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": "A"}

    async def _message(self, **content: Any) -> int:
        message_id = next(self._updates)
        base = {"message_id": message_id, "date": 0, "chat": self._chat, "from": self._user}
        await self.feed({"message": {**base, **content}})
        return message_id


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is said in the chat does not depend on the database: core's own tests, the model and
    the scenarios run on both."""
    return sqlite_url


@pytest.fixture
async def parent(database: Database, clock: TravelClock) -> AsyncIterator[Parent]:
    """A parent whom the citizens' base knows, in front of a bot that they have not met."""
    desk = await factories.desk(database, clock)
    citizens = TableCitizens(database)
    await citizens.add(
        [Citizen(Iin(IIN), Phone(PHONE), "Ахметова Айгүл Серікқызы", date(1990, 5, 17))]
    )
    core = Core(
        db=database,
        clock=clock,
        calendar=desk.book,
        visitors=Visitors(database),
        codes=desk.codes,
        login=Login(database, desk.codes, citizens),
        applications=Applications(database, desk.book),
        places=Places(database),
        signing=desk.signing,
        notices=Notices(database),
        calls=Calls(database),
        lives=Lives(database),
        receipts=Receipts(database, []),
        sweep=desk.sweep,
        outages=Outages(database, desk.book),
        staff=Staff(database),
        audit=Audit(database),
        imports=Imports(database),
        exports=Exports(database),
        portal_events=PortalEvents(database, desk.book),
        families=Families(database, desk.book),
        vouchers=Vouchers(database, desk.book),
        distribution=Distribution(database, desk.book),
        leaves=Leaves(database),
        renewal=Renewal(database),
        figures=Figures(database),
        broadcasts=Broadcasts(database),
        broadcast_runs=BroadcastRuns(database),
        unreached=UnreachedLists(database),
    )
    telegram = TelegramStub()
    async with Nursery() as nursery:
        dispatcher = build_dispatcher(core, telegram.gate, FACTS, nursery)
        yield Parent(desk, core, dispatcher, telegram)
