"""Two gateways, the messages that went out through them, and the inbox of receipts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import agenda
from core.clock import TravelClock
from core.db.engine import Database
from core.identity.rules import Phone
from core.sms.inbox import Receipts
from core.sms.port import Accepted, Taken
from core.sms.receipts import Receipt
from core.sms.rules import Report
from core.sms.service import SmsSender
from core.sms.tables import ReceiptRecord, SmsRecord
from tests.integration.inbox import Inbox

PHONE = Phone("+77758759999")


class Gateway(Inbox):
    """A gateway that can also be asked what became of messages."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.truth: dict[str, Report] = {}
        self.questions: list[list[str]] = []

    async def reports(self, messages: Sequence[Taken]) -> Mapping[int, Report]:
        self.questions.append([message.gateway_id for message in messages])
        known = (message for message in messages if message.gateway_id in self.truth)
        return {message.id: self.truth[message.gateway_id] for message in known}


@dataclass
class Office:
    """Two gateways, the messages that went out through them, and the inbox of receipts."""

    database: Database
    clock: TravelClock
    smsc: Gateway = field(default_factory=lambda: Gateway("smsc"))
    mobizon: Gateway = field(default_factory=lambda: Gateway("mobizon"))
    told: list[tuple[int, bool]] = field(default_factory=list)
    events: int = 0

    def __post_init__(self) -> None:
        self.receipts = Receipts(self.database, [self.smsc, self.mobizon])
        self.receipts.on_report = self._note

    async def sent_by(self, gateway: Gateway, gateway_id: str = "") -> int:
        """A message that this gateway has taken; SMSC tells our own id back."""
        sender = SmsSender(self.database, [gateway], self.clock)
        async with self.database.read() as session:
            number = (await session.scalar(select(func.max(SmsRecord.id))) or 0) + 1
        gateway.answer = Accepted(gateway_id or str(number), 1, None)
        return (await sender.send("voucher", PHONE, "text")).sms_id

    async def smsc_says(self, sms_id: int, status: int, phone: Phone = PHONE) -> None:
        event = f"{sms_id}:{status}"
        await self._take(Receipt("smsc", event, str(sms_id), str(status), phone.value))

    async def mobizon_says(self, gateway_id: str, status: str, event: str = "") -> None:
        self.events += 1
        name = f"{event or self.events}:{gateway_id}"
        await self._take(Receipt("mobizon", name, gateway_id, status))

    async def handle(self) -> int:
        return await self.receipts.handle(self.clock.now())

    async def row(self, sms_id: int) -> SmsRecord:
        async with self.database.read() as session:
            return await session.get_one(SmsRecord, sms_id)

    async def state(self, sms_id: int) -> str:
        return (await self.row(sms_id)).state

    async def kept(self) -> list[ReceiptRecord]:
        async with self.database.read() as session:
            return list(await session.scalars(select(ReceiptRecord)))

    async def next_due(self) -> datetime | None:
        """When there is something to do with receipts next."""
        return (await agenda.due(self.database, self.clock.now())).receipts

    async def drain(self) -> None:
        """Let time pass until nothing is left to do."""
        while (due := await self.next_due()) is not None:
            self.clock.move(max(due, self.clock.now()))
            await self.handle()

    def later(self, **span: float) -> None:
        self.clock.move(self.clock.now() + timedelta(**span))

    async def _take(self, receipt: Receipt) -> None:
        await self.receipts.take(receipt, self.clock.now())

    async def _note(
        self, session: AsyncSession, sms_id: int, delivered: bool, at: datetime
    ) -> None:
        self.told.append((sms_id, delivered))
