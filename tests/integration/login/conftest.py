"""Entering on a fresh database: two registered parents, an inbox, and no network."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from core.citizens.port import Citizen
from core.citizens.table import TableCitizens
from core.clock import TravelClock
from core.codes.service import Codes
from core.codes.values import CodeAnswer
from core.db.engine import Database
from core.identity.rules import Iin, Phone
from core.login.service import Login
from core.login.values import CodeAsked, Entered, Visitor
from core.login.visitors import Visitors
from core.sms.service import SmsSender
from tests.integration.inbox import Inbox, code_text

AIGUL = Citizen(
    Iin("870515300129"), Phone("+77758759999"), "Әлиева Айгүл Серікқызы", date(1987, 5, 15)
)
DANIYAR = Citizen(Iin("900101300017"), Phone("+77716250916"), "Омаров Данияр", date(1990, 1, 1))
HOME, OTHER = 100, 200
"""Two chats."""


@dataclass
class Door:
    """Login, and what a parent does at it."""

    database: Database
    clock: TravelClock
    inbox: Inbox
    citizens: TableCitizens
    codes: Codes
    login: Login
    visitors: Visitors
    updates: int = 0

    def later(self, **span: float) -> None:
        self.clock.move(self.clock.now() + timedelta(**span))

    async def begin(
        self,
        chat_id: int = HOME,
        who: Citizen = AIGUL,
        phone: Phone | None = None,
        by_contact: bool = False,
    ) -> CodeAsked:
        return await self.login.begin(
            chat_id,
            who.iin,
            phone or who.phone,
            by_contact=by_contact,
            language="kk",
            moment=self.clock.now(),
        )

    async def type(
        self, chat_id: int, attempt_id: int, digits: str, key: str | None = None
    ) -> Entered | CodeAnswer:
        self.updates += 1
        return await self.login.enter(
            chat_id, attempt_id, digits, self.clock.now(), key or str(self.updates)
        )

    async def enter(self, chat_id: int = HOME, who: Citizen = AIGUL) -> Entered:
        """The whole way in, with the code that arrives."""
        asked = await self.begin(chat_id, who)
        assert await self.codes.deliver(asked.code_id)
        entered = await self.type(chat_id, asked.attempt_id, self.inbox.digits)
        assert isinstance(entered, Entered)
        return entered

    async def visitor(self, chat_id: int = HOME) -> Visitor:
        return await self.visitors.load(chat_id, self.clock.now())


@pytest.fixture
async def door(database: Database, clock: TravelClock) -> Door:
    inbox = Inbox()
    citizens = TableCitizens(database)
    await citizens.add([AIGUL, DANIYAR])
    codes = Codes(database, SmsSender(database, [inbox], clock), b"secret", code_text, clock)
    login = Login(database, codes, citizens)
    return Door(database, clock, inbox, citizens, codes, login, Visitors(database))
