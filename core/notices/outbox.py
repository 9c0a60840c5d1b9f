"""The worker's side of the notices: claimed with a lease, recorded in small batches."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.db.among import among
from core.db.base import Instant
from core.db.engine import Database
from core.db.ready import Ready
from core.notices import noticed
from core.notices.escalation import ALWAYS_BY_SMS, by_sms
from core.notices.outcomes import end, end_overtaken, note
from core.notices.plan import Channel, Lane, quiet
from core.notices.readers import Reader, overtaken, readers_of, series_seen
from core.notices.tables import NoticeRecord
from core.notices.values import Notice, Outcome, State

LEASE = timedelta(seconds=60)
"""How long a worker may take over a claimed notice before another may claim it."""
CLOSINGS = 5
"""Attempts to take the buttons off an old message: they are harmless, so no more than that."""
EXEMPT = or_(NoticeRecord.lane == Lane.ANSWER, NoticeRecord.message_id.is_not(None))
"""Goes out in the quiet hours too: an answer, and an edit, which nobody hears."""


ROADS = [(channel, lane) for channel in (Channel.TELEGRAM, Channel.SMS) for lane in Lane]
NOW = bindparam("now", type_=Instant())


def _is_due(
    channel: Channel, lane: Lane, moment: Any, *, at_night: bool
) -> list[ColumnElement[bool]]:
    on_road = NoticeRecord.channel == channel.value, NoticeRecord.lane == lane.value
    return [*on_road, NoticeRecord.due_at <= moment, *([EXEMPT] if at_night else [])]


ANY_DUE = {
    at_night: Ready(
        select(*(exists().where(*_is_due(*road, NOW, at_night=at_night)) for road in ROADS))
    )
    for at_night in (False, True)
}
"""For each of ROADS, whether anything is due there; in the quiet hours (True), and else."""


class Notices:
    """Claims, outcomes, and what a parent's tap tells about them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def due_lanes(self, now: datetime) -> set[tuple[Channel, Lane]]:
        """Where something is due: each lane is asked for itself, by one step of an index."""
        [row] = await self._db.ask(ANY_DUE[quiet(now)], now=now)
        return {road for road, is_due in zip(ROADS, row, strict=True) if is_due}

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
            await note(session, outcomes, now)

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
        .where(*_is_due(channel, lane, now, at_night=quiet(now)))
        .order_by(NoticeRecord.due_at, NoticeRecord.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return found.all()


async def _claim(session: AsyncSession, due: Sequence[NoticeRecord], now: datetime) -> list[Notice]:
    old = await overtaken(session, due, now)
    for record in due:
        if record.id in old:
            end(record, State.CANCELLED, "overtaken")
    due = [record for record in due if record.id not in old]
    readers = await readers_of(session, due)
    texts = [record for record in due if record.channel == Channel.SMS]
    seen = await series_seen(session, texts) if texts else set()
    standing = [record for record in due if _stands(record, readers[record.id], seen, now)]
    missed = [  # an SMS that reaches nobody has no other way to go
        record
        for record in due
        if record.state == State.UNDELIVERABLE and record.channel == Channel.TELEGRAM
    ]
    await by_sms(session, missed, now)
    if standing:
        await _lease(session, standing, now)
    return [_claimed(record, readers[record.id], now) for record in standing]


def _stands(record: NoticeRecord, reader: Reader, seen: set[str | None], now: datetime) -> bool:
    """Whether a due notice is to be sent; if not, what becomes of it is noted."""
    closing = record.message_id is not None
    if closing:
        if record.attempts < CLOSINGS:
            return True
        record.due_at, record.ended_at = None, now
    elif record.state == State.SENDING and record.because is not None:
        end_overtaken(record, record.because)  # whoever was sending it did not come back
    elif now >= record.expires_at:
        end(record, State.EXPIRED, "too_late")
    elif record.series in seen and not _told_anyway(record):
        end(record, State.CANCELLED, "seen")
    elif record.channel == Channel.SMS and reader.phone is None:
        end(record, State.UNDELIVERABLE, "no_phone")
    elif record.channel == Channel.TELEGRAM and reader.missing is not None:
        end(record, State.UNDELIVERABLE, reader.missing)
    else:
        return True
    return False


def _told_anyway(record: NoticeRecord) -> bool:
    """What staff have asked for, and what takes back what was seen before, goes all the same."""
    return "asked_by" in record.details or record.kind == ALWAYS_BY_SMS


async def _lease(session: AsyncSession, standing: Sequence[NoticeRecord], now: datetime) -> None:
    """They are ours until the lease is over: all of them by one statement."""
    await session.execute(
        update(NoticeRecord)
        .where(among(NoticeRecord.id, [record.id for record in standing]))
        .values(
            due_at=now + LEASE,
            attempts=NoticeRecord.attempts + 1,
            state=case(
                (NoticeRecord.message_id.is_(None), State.SENDING), else_=NoticeRecord.state
            ),
        )
        .execution_options(synchronize_session=False)
    )


def _claimed(record: NoticeRecord, reader: Reader, now: datetime) -> Notice:
    closing = record.message_id is not None
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
        attempts=record.attempts + 1,
        claimed_at=now,
        lease_until=now + LEASE,
        expires_at=record.expires_at,
        token=record.token,
        sms_id=record.sms_id,
        trace=record.trace,
    )
