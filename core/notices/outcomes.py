"""What came of claimed notices, in their records."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.db.among import among
from core.db.engine import leave_work, run_many
from core.db.ready import Ready, table_of
from core.login.tables import ChatRecord, PersonRecord
from core.notices import noticed, service
from core.notices.escalation import by_sms
from core.notices.tables import NoticeRecord
from core.notices.values import (
    HELD,
    Again,
    Closed,
    Gone,
    Held,
    Notice,
    Outcome,
    Pointless,
    Recalled,
    Refused,
    Sent,
    SmsTaken,
    State,
)
from core.sms.tables import SmsRecord

log = structlog.get_logger(__name__)

PAUSES = tuple(timedelta(seconds=s) for s in (5, 15, 60, 300, 900))
"""Pauses between attempts, each up to a quarter longer by chance; the last one repeats."""
RECALLING, RECALLED = "recalling", "recalled"
"""Why a message that went out is taken off its chat, and that it is."""

NOTICES = table_of(NoticeRecord).c
SENT = Ready(
    update(table_of(NoticeRecord))
    .where(NOTICES.id == bindparam("notice"))
    .values(
        state=State.SENT.value,
        sent_at=bindparam("moment", type_=NOTICES.sent_at.type),
        chat_id=bindparam("chat"),
        message_id=bindparam("message"),
        due_at=None,
    )
)

Outcomes = Sequence[tuple[Notice, Outcome]]


async def note(session: AsyncSession, outcomes: Outcomes, now: datetime) -> None:
    """Note what came of claimed notices, but for those that somebody else has claimed since."""
    await _lock_chats(session, outcomes)
    held = await _held(session, [notice.id for notice, _ in outcomes])
    ours = [(notice, outcome) for notice, outcome in outcomes if _holds(held, notice)]
    sent, others = [], []
    for notice, outcome in ours:
        if isinstance(outcome, Sent) and not notice.closing and held[notice.id].because is None:
            sent.append(
                {
                    "notice": notice.id,
                    "moment": now,
                    "chat": notice.chat_id,
                    "message": outcome.message_id,
                }
            )
        else:
            others.append((notice, outcome))
    if sent:
        await run_many(session, SENT, sent)
    if others:
        await _note_each(session, others, now)


async def _lock_chats(session: AsyncSession, outcomes: Outcomes) -> None:
    """The chats that are gone, before their notices: so does whoever comes back. No deadlock."""
    gone = {notice.chat_id for notice, outcome in outcomes if isinstance(outcome, Gone)}
    if gone:
        theirs = select(ChatRecord.id).where(among(ChatRecord.id, gone))
        await session.execute(theirs.order_by(ChatRecord.id).with_for_update())


async def _held(session: AsyncSession, ids: Sequence[int]) -> dict[int, Any]:
    """Their leases, locked in the order in which everybody locks them: no deadlock."""
    columns = NoticeRecord.id, NoticeRecord.attempts, NoticeRecord.due_at, NoticeRecord.because
    found = await session.execute(
        select(*columns)
        .where(among(NoticeRecord.id, ids))
        .order_by(NoticeRecord.id)
        .with_for_update()
    )
    return {row.id: row for row in found}


def _holds(held: Mapping[int, Any], notice: Notice) -> bool:
    """Whether it is still in the hands of whoever claimed `notice`."""
    row = held.get(notice.id)
    return row is not None and (row.attempts, row.due_at) == (notice.attempts, notice.lease_until)


async def _note_each(session: AsyncSession, outcomes: Outcomes, now: datetime) -> None:
    """Those with something of their own."""
    theirs = among(NoticeRecord.id, [notice.id for notice, _ in outcomes])
    records = {
        record.id: record for record in await session.scalars(select(NoticeRecord).where(theirs))
    }
    for notice, outcome in outcomes:
        record = records[notice.id]
        if isinstance(outcome, Gone):
            await _gone(session, record, notice, now)
        else:
            _note(session, record, notice, outcome, now)
    await _hear_reports(session, [outcome for _, outcome in outcomes])


def _note(
    session: AsyncSession,
    record: NoticeRecord,
    notice: Notice,
    outcome: Sent | SmsTaken | Refused | Again | Pointless | Closed | Held | Recalled,
    now: datetime,
) -> None:
    if notice.closing and not isinstance(outcome, Again):  # whatever it is, it is no longer tried
        record.due_at, record.ended_at = None, now
        if isinstance(outcome, Recalled):
            record.because = RECALLED
        return
    match outcome:
        case Sent():  # answered, or over, while it was on its way: its buttons go
            record.state, record.sent_at = State.SENT, now
            record.chat_id, record.message_id = notice.chat_id, outcome.message_id
            record.due_at, record.attempts = now, 0
            leave_work(session, service.WORK)
        case SmsTaken():
            record.state, record.sent_at, record.due_at = State.SENT, now, None
            record.sms_id = outcome.sms_id
        case Refused():
            log.error("notice refused", notice_id=record.id, because=outcome.because)
            end(record, State.FAILED, outcome.because)
        case Again():
            _again(record, notice, outcome, now)
        case Pointless():
            end(record, State.CANCELLED, "out_of_date")
        case Held():
            record.state, record.due_at = State.PENDING, HELD


async def _hear_reports(session: AsyncSession, outcomes: Sequence[Outcome]) -> None:
    """An operator's receipt may come before we know which notice the SMS carried."""
    taken = [outcome.sms_id for outcome in outcomes if isinstance(outcome, SmsTaken)]
    if not taken:
        return
    await session.flush()
    # locked, or a receipt that is just being handled would find neither us nor be found by us
    messages = select(SmsRecord).where(SmsRecord.id.in_(taken)).order_by(SmsRecord.id)
    for sms in (await session.scalars(messages.with_for_update(read=True))).all():
        if sms.reported is not None:
            delivered = sms.delivered_at is not None
            at = sms.delivered_at or sms.created_at
            await noticed.sms_reported(session, sms.id, delivered, at)


def _again(record: NoticeRecord, notice: Notice, outcome: Again, now: datetime) -> None:
    """Later, unless the deadline that it serves comes first: then it has expired."""
    growing = PAUSES[min(notice.attempts, len(PAUSES)) - 1] * random.uniform(1, 1.25)
    due = now + (outcome.pause or growing)
    record.sms_id = outcome.sms_id or record.sms_id
    if notice.closing:
        record.due_at = due
    elif record.because is not None:  # answered, or over, while it was on its way
        end_overtaken(record, record.because)
    elif due >= record.expires_at:
        end(record, State.EXPIRED, outcome.because)
    else:
        record.state, record.due_at = State.PENDING, due


async def _gone(session: AsyncSession, record: NoticeRecord, notice: Notice, now: datetime) -> None:
    """The chat is blocked or gone. Both are noted at once, or whoever comes back in between would
    wake nothing. Whoever came back while it was on its way, or entered from another chat, is
    there: once more."""
    chat = await session.get_one(ChatRecord, notice.chat_id)
    if chat.blocked_at is None and chat.back_at and chat.back_at >= notice.claimed_at:
        _again(record, notice, Again("blocked"), now)
        return
    chat.blocked_at = now
    if notice.closing:
        record.due_at, record.ended_at = None, now
        return
    if record.only_chat is None and await _entered_elsewhere(session, record, chat):
        _again(record, notice, Again("blocked"), now)
        return
    end(record, State.UNDELIVERABLE, "blocked")
    await by_sms(session, [record], now)


async def _entered_elsewhere(session: AsyncSession, record: NoticeRecord, left: ChatRecord) -> bool:
    """Whether its reader has another chat by now, which takes notices."""
    theirs = select(ChatRecord.id).join(PersonRecord, PersonRecord.id == ChatRecord.person_id)
    other = theirs.where(
        PersonRecord.iin == record.iin, ChatRecord.id != left.id, ChatRecord.blocked_at.is_(None)
    )
    return await session.scalar(other) is not None


def end(record: NoticeRecord, state: State, because: str) -> None:
    record.state, record.because, record.due_at = state, because, None


def end_overtaken(record: NoticeRecord, because: str) -> None:
    """It has been answered, or its term is over, and it need not go any more."""
    end(record, State.CANCELLED if because == "answered" else State.EXPIRED, because)
