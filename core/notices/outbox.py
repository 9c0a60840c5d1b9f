"""The worker's side of the notices: claimed with a lease, recorded in small batches."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.db.engine import Database, leave_work
from core.login.tables import ChatRecord
from core.notices import noticed, service
from core.notices.escalation import ALWAYS_BY_SMS, by_sms
from core.notices.plan import Channel, Lane, quiet
from core.notices.readers import Reader, overtaken, readers_of, series_seen
from core.notices.tables import NoticeRecord
from core.notices.values import (
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

LEASE = timedelta(seconds=60)
"""How long a worker may take over a claimed notice before another may claim it."""
PAUSES = tuple(timedelta(seconds=s) for s in (5, 15, 60, 300, 900))
"""Pauses between attempts, each up to a quarter longer by chance; the last one repeats."""
CLOSINGS = 5
"""Attempts to take the buttons off an old message: they are harmless, so no more than that."""
EXEMPT = or_(NoticeRecord.lane == Lane.ANSWER, NoticeRecord.message_id.is_not(None))
"""Goes out in the quiet hours too: an answer, and an edit, which nobody hears."""


RECALLING, RECALLED = "recalling", "recalled"
"""Why a message that went out is taken off its chat, and that it is."""


class Notices:
    """Claims, outcomes, and what a parent's tap tells about them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def due_lanes(self, now: datetime) -> set[tuple[Channel, Lane]]:
        """Where something is due: each lane is asked for itself, by one step of an index."""
        roads = [(channel, lane) for channel in (Channel.TELEGRAM, Channel.SMS) for lane in Lane]
        asked = [
            exists().where(
                NoticeRecord.channel == channel, NoticeRecord.lane == lane, *_is_due(now)
            )
            for channel, lane in roads
        ]
        async with self._db.read() as session:
            row = (await session.execute(select(*asked))).one()
        return {road for road, is_due in zip(roads, row, strict=True) if is_due}

    async def claim(
        self, now: datetime, channel: Channel, lane: Lane, limit: int = 50
    ) -> list[Notice]:
        """Take due notices for `LEASE`, charging the attempt. What has become pointless or reaches
        nobody is put aside; an empty list means that nothing is due in that lane."""
        while True:
            async with self._db.write() as session:
                due = await _due(session, now, channel, lane, limit)
                claimed = await _claim(session, due, now) if due else []
            if claimed or not due:
                return claimed

    async def record(self, outcomes: Sequence[tuple[Notice, Outcome]], now: datetime) -> None:
        """Note what came of claimed notices. One that somebody else has claimed since, because the
        lease was over, is theirs to note."""
        async with self._db.write() as session:
            records = {
                record.id: record
                for record in await session.scalars(
                    select(NoticeRecord)
                    .where(NoticeRecord.id.in_([notice.id for notice, _ in outcomes]))
                    .order_by(NoticeRecord.id)
                    .with_for_update()
                )
            }
            for notice, outcome in outcomes:
                record = records.get(notice.id)
                if record is None or not _theirs(record, notice):
                    continue
                if isinstance(outcome, Gone):
                    await _gone(session, record, notice, now)
                else:
                    _note(session, record, notice, outcome, now)
            await _hear_reports(session, [outcome for _, outcome in outcomes])

    async def seen(
        self, chat_id: int, iin: str | None, message_id: int | None, moment: datetime
    ) -> None:
        """A tap or a message has come from that chat (see `service.seen`)."""
        async with self._db.write() as session:
            await noticed.seen(session, chat_id, iin, message_id, moment)

    async def opened(self, token: str, moment: datetime) -> bool:
        """The link of an SMS was opened; whether there is such a link."""
        async with self._db.write() as session:
            return await noticed.opened(session, token, moment)


async def _due(
    session: AsyncSession, now: datetime, channel: Channel, lane: Lane, limit: int
) -> Sequence[NoticeRecord]:
    found = await session.scalars(
        select(NoticeRecord)
        .where(NoticeRecord.channel == channel, NoticeRecord.lane == lane, *_is_due(now))
        .order_by(NoticeRecord.due_at, NoticeRecord.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return found.all()


def _is_due(now: datetime) -> list[ColumnElement[bool]]:
    due: list[ColumnElement[bool]] = [NoticeRecord.due_at <= now]
    return [*due, EXEMPT] if quiet(now) else due


async def _claim(session: AsyncSession, due: Sequence[NoticeRecord], now: datetime) -> list[Notice]:
    old = await overtaken(session, due, now)
    for record in due:
        if record.id in old:
            _end(record, State.CANCELLED, "overtaken")
    due = [record for record in due if record.id not in old]
    readers = await readers_of(session, due)
    texts = [record for record in due if record.channel == Channel.SMS]
    seen = await series_seen(session, texts) if texts else set()
    standing = [record for record in due if _stands(record, readers[record.id], seen, now)]
    missed = [record for record in due if record.state == State.UNDELIVERABLE]
    await by_sms(session, missed, now)
    return [_claimed(record, readers[record.id], now) for record in standing]


def _stands(record: NoticeRecord, reader: Reader, seen: set[str | None], now: datetime) -> bool:
    """Whether a due notice is to be sent; if not, what becomes of it is noted."""
    closing = record.message_id is not None
    if closing:
        if record.attempts < CLOSINGS:
            return True
        record.due_at, record.ended_at = None, now
    elif record.state == State.SENDING and record.because is not None:
        _end_overtaken(record, record.because)  # whoever was sending it did not come back
    elif now >= record.expires_at:
        _end(record, State.EXPIRED, "too_late")
    elif record.series in seen and not _told_anyway(record):
        _end(record, State.CANCELLED, "seen")
    elif record.channel == Channel.SMS and reader.phone is None:
        _end(record, State.UNDELIVERABLE, "no_phone")
    elif record.channel == Channel.TELEGRAM and reader.missing is not None:
        _end(record, State.UNDELIVERABLE, reader.missing)
    else:
        return True
    return False


def _told_anyway(record: NoticeRecord) -> bool:
    """What staff have asked for, and what takes back what was seen before, goes all the same."""
    return "asked_by" in record.details or record.kind == ALWAYS_BY_SMS


def _theirs(record: NoticeRecord, notice: Notice) -> bool:
    """Whether it is still in the hands of whoever claimed `notice`."""
    return (record.attempts, record.due_at) == (notice.attempts, notice.lease_until)


def _claimed(record: NoticeRecord, reader: Reader, now: datetime) -> Notice:
    closing = record.message_id is not None
    record.due_at = now + LEASE
    record.attempts += 1
    if not closing:
        record.state = State.SENDING
    return Notice(
        id=record.id,
        kind=record.kind,
        channel=Channel(record.channel),
        lane=Lane(record.lane),
        closing=closing,
        chat_id=record.chat_id if closing else reader.chat_id,
        message_id=record.message_id,
        phone=reader.phone,
        language=reader.language,
        iin=reader.iin,
        application_id=record.application_id,
        details=record.details,
        attempts=record.attempts,
        lease_until=now + LEASE,
        expires_at=record.expires_at,
        token=record.token,
        sms_id=record.sms_id,
        trace=record.trace,
    )


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
        case Sent():
            record.state, record.sent_at = State.SENT, now
            record.chat_id, record.message_id = notice.chat_id, outcome.message_id
            record.due_at = None
            if record.because is not None:  # answered, or over, while it was on its way
                record.due_at, record.attempts = now, 0
                leave_work(session, service.WORK)
        case SmsTaken():
            record.state, record.sent_at, record.due_at = State.SENT, now, None
            record.sms_id = outcome.sms_id
        case Refused():
            log.error("notice refused", notice_id=record.id, because=outcome.because)
            _end(record, State.FAILED, outcome.because)
        case Again():
            _again(record, notice, outcome, now)
        case Pointless():
            _end(record, State.CANCELLED, "out_of_date")
        case Held():
            record.state, record.due_at = State.PENDING, record.expires_at


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
        _end_overtaken(record, record.because)
    elif due >= record.expires_at:
        _end(record, State.EXPIRED, outcome.because)
    else:
        record.state, record.due_at = State.PENDING, due


async def _gone(session: AsyncSession, record: NoticeRecord, notice: Notice, now: datetime) -> None:
    """The chat is blocked or gone. Both are noted at once, or whoever comes back in between would
    wake nothing."""
    await session.execute(
        update(ChatRecord).where(ChatRecord.id == notice.chat_id).values(blocked_at=now)
    )
    if notice.closing:
        record.due_at, record.ended_at = None, now
        return
    _end(record, State.UNDELIVERABLE, "blocked")
    await by_sms(session, [record], now)


def _end(record: NoticeRecord, state: State, because: str) -> None:
    record.state, record.because, record.due_at = state, because, None


def _end_overtaken(record: NoticeRecord, because: str) -> None:
    """It has been answered, or its term is over, and it need not go any more."""
    _end(record, State.CANCELLED if because == "answered" else State.EXPIRED, because)
