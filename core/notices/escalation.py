"""From Telegram to SMS: what no chat takes goes by SMS at once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.db.engine import leave_work
from core.notices import service
from core.notices.plan import Channel, Lane
from core.notices.tables import NoticeRecord
from core.notices.values import State

BY_SMS_TOO = frozenset({"voucher_issued", "confirmation_missed"})
"""Kinds that go by SMS where Telegram reaches nobody and no SMS is planned."""


async def by_sms(session: AsyncSession, record: NoticeRecord, now: datetime) -> None:
    """A Telegram notice reaches nobody: the SMS of its series goes out now instead of at its
    time; where none is planned, one is added for what cannot wait."""
    if record.series is None:
        return
    planned = await session.scalar(
        select(NoticeRecord)
        .where(NoticeRecord.series == record.series, NoticeRecord.channel == Channel.SMS)
        .with_for_update()
    )
    if planned is not None:
        if planned.state == State.PENDING and planned.attempts == 0:
            planned.due_at = min(planned.due_at or now, now)
            leave_work(session, service.WORK)
    elif record.kind in BY_SMS_TOO:
        await service.add(
            session,
            kind=record.kind,
            key=f"{record.kind}:{Channel.SMS}:{record.series}",
            iin=record.iin,
            moment=now,
            details=record.details,
            lane=Lane.VOUCHER,
            channel=Channel.SMS,
            expires_at=record.expires_at,
            application_id=record.application_id,
            series=record.series,
        )
