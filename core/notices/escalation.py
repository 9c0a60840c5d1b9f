"""From Telegram to SMS: what no chat takes goes by SMS at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.db.engine import leave_work
from core.notices import service
from core.notices.plan import Channel, Lane
from core.notices.tables import NoticeRecord
from core.notices.values import State
from core.trace import follow

BY_SMS_TOO = frozenset(
    {"voucher_issued", "voucher_withdrawn", "confirmation_missed", "restored_by_staff"}
)
"""Kinds that go by SMS where Telegram reaches nobody and no SMS is planned."""
ALWAYS_BY_SMS = "term_extended"
"""The kind that goes by SMS there whatever else is planned: it takes back what that has said."""


async def by_sms(session: AsyncSession, missed: Sequence[NoticeRecord], now: datetime) -> None:
    """Telegram notices that reach nobody: the SMS of their series go out now instead of at their
    time; where none is planned, one is added for what cannot wait."""
    series = {record.series for record in missed if record.series is not None}
    if not series:
        return
    theirs = NoticeRecord.series.in_(series), NoticeRecord.channel == Channel.SMS
    rows = await session.execute(select(NoticeRecord.key, NoticeRecord.series).where(*theirs))
    keys: dict[str, str | None] = dict(rows.all())
    planned = set(keys.values())
    # one that is locked is just being sent, or cancelled: waiting for it could be for ever
    waiting = select(NoticeRecord).where(
        *theirs, NoticeRecord.state == State.PENDING, NoticeRecord.attempts == 0
    )
    for sms in await session.scalars(waiting.with_for_update(skip_locked=True)):
        sms.due_at = min(sms.due_at or now, now)
        leave_work(session, service.WORK)
    for record in missed:
        needed = record.series not in {None, *planned} and record.kind in BY_SMS_TOO
        if needed or (record.kind == ALWAYS_BY_SMS and _key(record) not in keys):
            await _add(session, record, now)


async def _add(session: AsyncSession, record: NoticeRecord, now: datetime) -> None:
    with follow(record.trace):
        await service.add(
            session,
            kind=record.kind,
            key=_key(record),
            iin=record.iin,
            moment=now,
            details=record.details,
            lane=Lane.VOUCHER,
            channel=Channel.SMS,
            expires_at=record.expires_at,
            application_id=record.application_id,
            series=record.series,
        )
        await session.flush()  # the row takes its id from here


def _key(record: NoticeRecord) -> str:
    """Of the SMS that goes instead of a Telegram notice."""
    return f"{Channel.SMS}:{record.key}"
