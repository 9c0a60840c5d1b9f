"""What people have noticed: seen in a chat, opened from an SMS, reported by the operator."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.db.among import among
from core.db.engine import leave_work
from core.notices import service
from core.notices.plan import Channel
from core.notices.readers import number_corrected
from core.notices.tables import NoticeRecord
from core.notices.values import BROADCAST, OUT, State


async def seen(
    session: AsyncSession, chat_id: int, iin: str | None, message_id: int | None, moment: datetime
) -> None:
    """A tap or a message has come from that chat: its person (`iin`) has seen what went out
    before; the message whose button was pressed belongs to the conversation from now on."""
    opened = await _locked(
        session,
        NoticeRecord.chat_id == chat_id,
        NoticeRecord.ended_at.is_(None),
        NoticeRecord.sent_at <= moment,
    )
    for record in opened:
        if record.ended_at is not None:  # by somebody else, a moment ago
            continue
        if record.message_id == message_id:
            record.ended_at, record.due_at = moment, None
        if record.seen_at is None and record.iin == iin:
            await _note_seen(session, record, moment)


async def opened(session: AsyncSession, token: str, moment: datetime) -> bool:
    """The link of an SMS was opened: the SMS has been read. Whether there is such a link."""
    found = await _locked(session, NoticeRecord.token == token)
    for record in found:
        if record.seen_at is None:
            await _note_seen(session, record, moment)
    return bool(found)


async def sms_reported(session: AsyncSession, sms_id: int, delivered: bool, at: datetime) -> None:
    """The operator says that an SMS has arrived, or never will. Arrived stays arrived, also where
    our own worker hears only later that a gateway has it. What is said of a number that staff have
    corrected meanwhile tells nothing of the family: the SMS goes to the new one."""
    found = await _locked(session, NoticeRecord.sms_id == sms_id)
    if not found:
        return
    [record] = found
    on_its_way = record.state in (State.PENDING, State.SENT) and record.delivered_at is None
    if on_its_way and await number_corrected(session, record):
        record.state, record.due_at, record.attempts = State.PENDING, at, 0
        record.sms_id = record.sent_at = None
        leave_work(session, service.WORK)
    elif delivered or record.delivered_at is not None:
        record.delivered_at = record.delivered_at or at
        if record.state in (State.SENT, State.UNDELIVERABLE):
            record.state, record.because = State.DELIVERED, None
        await _take_off_the_list(session, record.series, at, "reached")
    elif record.state == State.SENT:
        record.state, record.because = State.UNDELIVERABLE, "undelivered"


async def _locked(session: AsyncSession, *theirs: ColumnElement[bool]) -> Sequence[NoticeRecord]:
    """Those notices, locked with the calls of their series, in the order in which everybody locks
    notices: no deadlock with whoever cancels a series meanwhile."""
    columns = NoticeRecord.id, NoticeRecord.series, NoticeRecord.kind
    rows = (await session.execute(select(*columns).where(*theirs))).all()
    ids = {row.id for row in rows}
    series = {row.series for row in rows if row.series and row.kind != BROADCAST}
    calls = await session.scalars(select(NoticeRecord.id).where(*_listed(series))) if series else ()
    locked = await session.scalars(
        select(NoticeRecord)
        .where(among(NoticeRecord.id, sorted(ids | {*calls})))
        .order_by(NoticeRecord.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return [record for record in locked if record.id in ids]


def _listed(series: Iterable[str]) -> Sequence[ColumnElement[bool]]:
    """On the call list."""
    channel, state = NoticeRecord.channel == Channel.CALL, NoticeRecord.state == State.SENT
    return NoticeRecord.series.in_(series), channel, state


async def _note_seen(session: AsyncSession, record: NoticeRecord, moment: datetime) -> None:
    """Who has seen anything of a series need not be called."""
    record.seen_at = moment
    if record.state in OUT:
        record.state = State.SEEN
    if record.kind != BROADCAST:  # nobody is called about one, and its series is everybody's
        await _take_off_the_list(session, record.series, moment, "seen")


async def _take_off_the_list(
    session: AsyncSession, series: str | None, moment: datetime, because: str
) -> None:
    if series is None:
        return
    await session.execute(
        update(NoticeRecord)
        .where(*_listed([series]))
        .values(state=State.CANCELLED, because=because, ended_at=moment)
        .execution_options(synchronize_session=False)
    )
