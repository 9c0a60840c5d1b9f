"""The inbox of receipts: kept at once, handled later; and what is asked when none comes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.db.engine import Database, leave_work
from core.db.upsert import insert
from core.identity.rules import Phone
from core.sms import rules, smsc
from core.sms.port import Reporter, Taken
from core.sms.receipts import Receipt
from core.sms.rules import FINAL, Report, Standing, State
from core.sms.tables import ReceiptRecord, SmsRecord
from core.trace import follow

log = structlog.get_logger()

OnReport = Callable[[AsyncSession, int, bool, datetime], Awaitable[None]]
"""A message's id, whether it was delivered, and when we heard of it."""

WORK = "receipts"
"""The work that a receipt leaves behind (`Database.on_work`)."""
BATCH = 100
"""Receipts handled, and messages asked after, at once: as many as Mobizon answers for."""


class Receipts:
    """Receipts of all gateways, whatever their order, and however often they come."""

    def __init__(self, db: Database, reporters: Sequence[Reporter]) -> None:
        self._db = db
        self._reporters = {reporter.name: reporter for reporter in reporters}
        self._turn = asyncio.Lock()
        self.on_report: OnReport | None = None
        """Called inside the transaction that brings a message to a final state."""

    async def take(self, receipt: Receipt, moment: datetime) -> None:
        """Keep a receipt, and wake whoever handles it; the same one again changes nothing.

        One of SMSC's names the message by our own id, which was there before SMSC heard of it:
        an id with another phone is not of our making.
        """
        async with self._db.write() as session:
            if receipt.phone is not None and not await _sent_to(session, receipt):
                log.info("receipt_unknown", gateway=receipt.gateway, id=receipt.gateway_id)
                return
            row = insert(session, ReceiptRecord).values(
                gateway=receipt.gateway,
                event=receipt.event,
                gateway_id=receipt.gateway_id,
                status=receipt.status,
                received_at=moment,
                due_at=moment,
                tries=0,
            )
            await session.execute(row.on_conflict_do_nothing())
            leave_work(session, WORK)

    async def handle(self, now: datetime) -> int:
        """Do what is due: look at receipts, and ask after messages that got none. How many
        receipts and messages. It asks gateways, so it can take long; calls take turns."""
        done = 0
        async with self._turn:
            while handled := await self._batch(now):
                done += handled
        return done

    async def _batch(self, now: datetime) -> int:
        async with self._db.read() as session:
            due = list(
                await session.scalars(
                    select(ReceiptRecord)
                    .where(ReceiptRecord.due_at <= now)
                    .order_by(ReceiptRecord.due_at)
                    .limit(BATCH)
                )
            )
            about = {receipt.id: await _message(session, receipt) for receipt in due}
            silent = list(
                await session.scalars(
                    select(SmsRecord)
                    .where(SmsRecord.ask_at <= now)
                    .order_by(SmsRecord.ask_at)
                    .limit(BATCH)
                )
            )
        hinted = [
            message
            for receipt in due
            if receipt.gateway != smsc.NAME and (message := about[receipt.id]) is not None
        ]
        told = await self._ask(hinted + silent)
        for receipt in due:
            try:
                await self._look(receipt, about[receipt.id], told, now)
            except Exception:  # one that fails holds up no other, and is looked at once more
                log.exception("receipt failed", receipt=receipt.id)
                await self._put_off(receipt, now)
        for message in silent:
            await self._asked(message, told.get(message.id), now)
        return len(due) + len(silent)

    async def _ask(self, messages: Sequence[SmsRecord]) -> Mapping[int, Report]:
        """What the gateways say of these messages now. No transaction is open meanwhile."""
        told: dict[int, Report] = {}
        for name, reporter in self._reporters.items():
            theirs = {
                message.id: Taken(message.id, message.gateway_id, Phone(message.phone))
                for message in messages
                if message.gateway == name and message.gateway_id is not None
            }
            for begin in range(0, len(theirs), BATCH):
                told |= await reporter.reports(list(theirs.values())[begin : begin + BATCH])
        return told

    async def _look(
        self,
        receipt: ReceiptRecord,
        message: SmsRecord | None,
        told: Mapping[int, Report],
        now: datetime,
    ) -> None:
        """One look at a receipt: it is done with, or waits for another look."""
        report = None
        if message is not None and not _being_sent(message, now):
            report = _believed(receipt, message, told)
        if message is None or report is None:
            await self._put_off(receipt, now)
            return
        async with self._db.write() as session:
            row = await session.get_one(ReceiptRecord, receipt.id, with_for_update=True)
            row.tries += 1
            row.due_at, row.handled_at = None, now
            await self._apply(session, message.id, report, receipt.gateway, now)

    async def _put_off(self, receipt: ReceiptRecord, now: datetime) -> None:
        """Nothing can be done with it now; after some minutes it is given up."""
        async with self._db.write() as session:
            row = await session.get_one(ReceiptRecord, receipt.id, with_for_update=True)
            row.tries += 1
            row.due_at = now + rules.look_again(row.tries)
            if now >= row.received_at + rules.EARLY:
                row.due_at, row.handled_at = None, now
                log.info("receipt_dropped", gateway=row.gateway, receipt=row.id)

    async def _asked(self, message: SmsRecord, report: Report | None, now: datetime) -> None:
        async with self._db.write() as session:
            if report is not None and message.gateway is not None:
                await self._apply(session, message.id, report, message.gateway, now)
            record = await session.get_one(SmsRecord, message.id)
            if record.ask_at is not None:
                record.ask_at = rules.ask_again(record.created_at, now)

    async def _apply(
        self, session: AsyncSession, sms_id: int, report: Report, gateway: str, now: datetime
    ) -> None:
        """Bring a message forward, never backwards, and tell whoever waits for its end."""
        record = await session.get_one(
            SmsRecord, sms_id, with_for_update=True, populate_existing=True
        )
        before = Standing(State(record.state), record.reported)
        standing = rules.after(before, report, holder=record.gateway == gateway)
        if standing == before:
            return
        record.state, record.reported = standing.state, standing.reported
        if standing.state not in FINAL:
            return
        record.ask_at = None
        if standing.state == before.state:
            return
        delivered = standing.state is State.DELIVERED
        if delivered:
            record.delivered_at = now
        with follow(record.trace):
            log.info("sms_reported", sms=sms_id, gateway=gateway, state=standing.state.value)
        await session.flush()
        if self.on_report is not None:
            await self.on_report(session, sms_id, delivered, now)


def _believed(
    receipt: ReceiptRecord, message: SmsRecord, told: Mapping[int, Report]
) -> Report | None:
    """SMSC signs its status; Mobizon does not, so what it says when asked counts."""
    if receipt.gateway == smsc.NAME:
        return smsc.report(int(receipt.status)) or Report(State.ACCEPTED, receipt.status)
    return told.get(message.id)


def _being_sent(message: SmsRecord, now: datetime) -> bool:
    """Our own record of the sending is not complete: the receipt is early."""
    young = now < message.created_at + rules.SENDING_AT_MOST
    return message.state == State.SENDING and young


async def _message(session: AsyncSession, receipt: ReceiptRecord) -> SmsRecord | None:
    """The message that a receipt is about: SMSC names it by our id, others by their own."""
    if receipt.gateway == smsc.NAME:
        return await session.get(SmsRecord, int(receipt.gateway_id))
    return await session.scalar(
        select(SmsRecord).where(
            SmsRecord.gateway == receipt.gateway, SmsRecord.gateway_id == receipt.gateway_id
        )
    )


async def _sent_to(session: AsyncSession, receipt: Receipt) -> bool:
    number = int(receipt.gateway_id)
    if number >= 2**31:
        return False
    found = select(SmsRecord.id).where(SmsRecord.id == number, SmsRecord.phone == receipt.phone)
    return await session.scalar(found) is not None
