"""The notices of a broadcast as a whole: counted, held, let go, dropped, recalled."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.broadcasts.rules import DELETABLE, VALID, series_of
from core.broadcasts.values import Progress
from core.db.engine import leave_work
from core.notices import service as notices
from core.notices.outcomes import RECALLED, RECALLING
from core.notices.plan import Channel, Lane
from core.notices.tables import NoticeRecord
from core.notices.values import HELD, OUT, State

PACE = timedelta(seconds=30)
"""What "of late" means for the pace."""
LATE = timedelta(minutes=10)
"""Before a message is too old to be deleted, a recall leaves it alone: it stands in line first."""
UNDER_WAY = (State.PENDING, State.SENDING)


def _of(broadcast_id: int) -> ColumnElement[bool]:
    return NoticeRecord.series == series_of(broadcast_id)


def _in_line(broadcast_id: int) -> list[ColumnElement[bool]]:
    """Those that the index of what is due holds: few, however many have gone out. Who has come
    back to the bot stands in the line of answers."""
    return [
        NoticeRecord.channel == Channel.TELEGRAM,
        NoticeRecord.lane.in_((int(Lane.ANSWER), int(Lane.BROADCAST))),
        NoticeRecord.due_at.is_not(None),
        _of(broadcast_id),
    ]


async def waiting(session: AsyncSession, broadcast_id: int) -> int:
    """How many are still to be sent or deleted."""
    return (
        await session.scalar(
            select(func.count()).select_from(NoticeRecord).where(*_in_line(broadcast_id))
        )
        or 0
    )


async def hold(session: AsyncSession, broadcast_id: int) -> None:
    """Nothing goes out until `release`. One that is being sent just now is held by its sender."""
    await session.execute(
        update(NoticeRecord)
        .where(*_in_line(broadcast_id), NoticeRecord.state == State.PENDING)
        .values(due_at=HELD)
        .execution_options(synchronize_session=False)
    )


async def release(session: AsyncSession, broadcast_id: int, now: datetime) -> None:
    """Those that are held are due, and worth being sent for as long as if they were new."""
    released = await session.execute(
        update(NoticeRecord)
        .where(
            *_in_line(broadcast_id),
            NoticeRecord.state == State.PENDING,
            NoticeRecord.due_at >= NoticeRecord.expires_at,
        )
        .values(due_at=now, planned_at=now, expires_at=now + VALID)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(released, CursorResult)
    if released.rowcount:
        leave_work(session, notices.WORK)


async def drop(session: AsyncSession, broadcast_id: int) -> None:
    """What has not gone out never will. One that is being sent just now may."""
    await session.execute(
        update(NoticeRecord)
        .where(*_in_line(broadcast_id), NoticeRecord.state == State.PENDING)
        .values(state=State.CANCELLED.value, because="stopped", due_at=None)
        .execution_options(synchronize_session=False)
    )


async def recall(session: AsyncSession, broadcast_id: int, limit: int, now: datetime) -> int:
    """Have the next messages deleted that are young enough, the oldest first: how many."""
    next_ones = (
        select(NoticeRecord.id)
        .where(
            _of(broadcast_id),
            NoticeRecord.state.in_(OUT),
            NoticeRecord.because.is_(None),
            NoticeRecord.sent_at > now - DELETABLE + LATE,
        )
        .order_by(NoticeRecord.id)
        .limit(limit)
        .with_for_update()
    )
    ids = (await session.scalars(next_ones)).all()
    await session.execute(
        update(NoticeRecord)
        .where(NoticeRecord.id.in_(ids))
        # ended: a tap that comes now takes it for no open notice, and leaves it to us
        .values(because=RECALLING, due_at=now, ended_at=now, attempts=0, lane=int(Lane.BROADCAST))
        .execution_options(synchronize_session=False)
    )
    leave_work(session, notices.WORK)
    return len(ids)


async def progress(
    session: AsyncSession, broadcast_id: int, recipients: int, *, written: bool, now: datetime
) -> Progress:
    """How far it is, in one statement. `recipients`: who were counted as it began; once all are
    `written`, the rows tell."""
    state, because = NoticeRecord.state, NoticeRecord.because
    out = state.in_(OUT)
    in_line = NoticeRecord.due_at.is_not(None)
    since = now - PACE
    row = (
        await session.execute(
            select(
                func.count(),
                _number(out),
                _number(state == State.SEEN),
                _number(state == State.UNDELIVERABLE),
                _number(state.in_((State.FAILED, State.EXPIRED))),
                _number(state == State.CANCELLED),
                _number(state.in_(UNDER_WAY)),
                _number(NoticeRecord.sent_at > since),
                _number(and_(out, because == RECALLED)),
                _number(and_(out, because == RECALLING, in_line)),
                _number(and_(out, or_(because.is_(None), and_(because == RECALLING, ~in_line)))),
            ).where(_of(broadcast_id))
        )
    ).one()
    rows, sent, seen, blocked, failed, dropped, under_way, of_late, *recalled = map(int, row)
    unwritten = 0 if written else max(0, recipients - rows)
    return Progress(
        total=rows + unwritten,
        sent=sent,
        seen=seen,
        blocked=blocked,
        failed=failed,
        dropped=dropped,
        left=under_way + unwritten,
        pace=of_late / PACE.total_seconds(),
        recalled=recalled[0],
        recalling=recalled[1],
        kept=recalled[2],
    )


def _number(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
