"""Codes on a fresh database, with an inbox for a gateway."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from core import agenda
from core.agenda import Due
from core.clock import TravelClock
from core.codes.service import Codes
from core.codes.tables import CodeRecord
from core.codes.values import CodeAnswer
from core.db.engine import Database
from core.sms.service import SmsSender
from tests.integration.inbox import Inbox, code_text

IIN = "870515300129"
PHONE = "+77758759999"
HOME, STRANGER = 100, 666
"""The parent's own chat, and somebody else's."""


@dataclass
class Desk:
    """Codes, and what asks for them and enters them."""

    database: Database
    clock: TravelClock
    inbox: Inbox
    codes: Codes
    updates: int = 0

    async def row(self, code_id: int) -> CodeRecord:
        """A code as it is kept."""
        async with self.database.read() as session:
            return await session.get_one(CodeRecord, code_id)

    async def due(self) -> Due:
        """What falls due next."""
        return await agenda.due(self.database, self.clock.now())

    def later(self, **span: float) -> None:
        self.clock.move(self.clock.now() + timedelta(**span))

    async def ask(self, **changes: Any) -> int:
        """A code for signing, asked for by the parent's own chat, but for `changes`."""
        wanted: dict[str, Any] = {
            "purpose": "sign",
            "iin": IIN,
            "trusted": True,
            "chat_id": HOME,
            "target_id": 1,
            "phone": PHONE,
            "language": "kk",
            "moment": self.clock.now(),
        }
        async with self.database.write() as session:
            return await self.codes.ask(session, **wanted | changes)

    async def sent(self, **changes: Any) -> int:
        """A code that was asked for and has gone out."""
        code_id = await self.ask(**changes)
        assert await self.codes.deliver(code_id)
        return code_id

    async def enter(self, code_id: int, digits: str, key: str | None = None) -> CodeAnswer:
        """What a person enters, in an update of its own unless `key` names one."""
        self.updates += 1
        key = key or str(self.updates)  # others are counted while this one waits for its turn
        async with self.database.write() as session:
            return await self.codes.check(session, code_id, digits, self.clock.now(), key)


@pytest.fixture
def desk(database: Database, clock: TravelClock) -> Desk:
    inbox = Inbox()
    codes = Codes(database, SmsSender(database, [inbox], clock), b"secret", code_text, clock)
    return Desk(database, clock, inbox, codes)
