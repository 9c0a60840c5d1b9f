"""What operators measure, read from the records: the same whichever process is asked, and not
forgotten by a restart."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.broadcasts.rules import Stage
from core.broadcasts.tables import BroadcastRecord
from core.clock import local, start_of
from core.codes.tables import CodeRecord
from core.db.engine import Database
from core.notices.plan import Channel, Lane
from core.notices.tables import LISTED, NoticeRecord
from core.portal.tables import PortalOutboxRecord
from core.sms.tables import ReceiptRecord, SmsRecord
from core.watch.values import DAY

BOUNDS = (1, 5, 15, 60, 300, 900, 3600)
"""Upper bounds of the buckets, in seconds from when a notice was meant to go out."""
UNDER_WAY = (Stage.SCHEDULED, Stage.RUNNING, Stage.PAUSED, Stage.RECALLING)


@dataclass(frozen=True)
class Line:
    """What is due now: how many, and for how many seconds the oldest has been."""

    due: int
    oldest: float


@dataclass(frozen=True)
class Ended:
    """Notices that were meant to go out today, by how they stand, and the attempts they took."""

    channel: str
    state: str
    because: str
    notices: int
    attempts: int


@dataclass(frozen=True)
class Delays:
    """How long today's notices took to go out: how many within each of BOUNDS, in all, and the sum
    of the seconds."""

    within: tuple[int, ...]
    count: int
    seconds: float


@dataclass(frozen=True)
class Texts:
    """Text messages of today that a gateway has, or refused; `cost` in tenge."""

    gateway: str
    state: str
    messages: int
    segments: int
    cost: float


@dataclass(frozen=True)
class Figures:
    """All of them. Today begins at midnight in Kazakhstan."""

    lines: dict[tuple[str, str], Line]  # by channel and lane
    codes: Line
    untold: Line  # changes that the portal has not taken yet, due or not
    ended: list[Ended]
    delays: dict[str, Delays]  # by channel
    texts: list[Texts]
    receipts: dict[str, int]  # by gateway
    calls_listed: int
    broadcasts: dict[str, int]  # those that are not over, by stage


async def figures(db: Database, now: datetime) -> Figures:
    """Every figure as it is now: each reads an index, no further back than midnight."""
    today = start_of(local(now).date())
    async with db.read() as session:
        return Figures(
            lines=await _lines(session, now),
            codes=await _codes(session, now),
            untold=await _untold(session, now),
            ended=await _ended(session, today, now),
            delays=await _delays(session, today, now),
            texts=await _texts(session, today),
            receipts=await _receipts(session, today),
            calls_listed=await session.scalar(
                select(func.count()).select_from(NoticeRecord).where(text(LISTED))
            )
            or 0,
            broadcasts=await _broadcasts(session),
        )


async def _broadcasts(session: AsyncSession) -> dict[str, int]:
    rows = await session.execute(
        select(BroadcastRecord.stage, func.count())
        .where(BroadcastRecord.stage.in_(UNDER_WAY))
        .group_by(BroadcastRecord.stage)
    )
    return {**{stage.value: 0 for stage in UNDER_WAY}, **dict(rows.all())}


async def _lines(session: AsyncSession, now: datetime) -> dict[tuple[str, str], Line]:
    rows = await session.execute(
        select(
            NoticeRecord.channel,
            NoticeRecord.lane,
            func.count(),
            func.min(NoticeRecord.due_at),
        )
        .where(
            NoticeRecord.channel.in_(list(Channel)),
            NoticeRecord.lane.in_(list(Lane)),
            NoticeRecord.due_at <= now,
        )
        .group_by(NoticeRecord.channel, NoticeRecord.lane)
    )
    lines = {(channel.value, lane.name.lower()): Line(0, 0) for channel, lane in _roads()}
    for channel, lane, due, oldest in rows:
        lines[channel, Lane(lane).name.lower()] = _line(due, oldest, now)
    return lines


def _roads() -> list[tuple[Channel, Lane]]:
    return [(channel, lane) for channel in Channel for lane in Lane]


async def _codes(session: AsyncSession, now: datetime) -> Line:
    due, oldest = (
        await session.execute(
            select(func.count(), func.min(CodeRecord.retry_at)).where(CodeRecord.retry_at <= now)
        )
    ).one()
    return _line(due, oldest, now)


async def _untold(session: AsyncSession, now: datetime) -> Line:
    untold = PortalOutboxRecord.due_at < now + DAY  # each is tried again within the hour
    number, oldest = (
        await session.execute(
            select(func.count(), func.min(PortalOutboxRecord.created_at)).where(untold)
        )
    ).one()
    return _line(number, oldest, now)


def _line(due: int, oldest: datetime | None, now: datetime) -> Line:
    return Line(due, (now - oldest).total_seconds() if oldest else 0)


async def _ended(session: AsyncSession, today: datetime, now: datetime) -> list[Ended]:
    because = func.coalesce(NoticeRecord.because, "")
    rows = await session.execute(
        select(
            NoticeRecord.channel,
            NoticeRecord.state,
            because,
            func.count(),
            func.sum(NoticeRecord.attempts),
        )
        .where(NoticeRecord.planned_at.between(today, now))
        .group_by(NoticeRecord.channel, NoticeRecord.state, because)
    )
    return [Ended(*row) for row in rows]


async def _delays(session: AsyncSession, today: datetime, now: datetime) -> dict[str, Delays]:
    took = _seconds(session)
    rows = await session.execute(
        select(
            NoticeRecord.channel,
            func.count(),
            func.sum(took),
            *(func.sum(case((took <= bound, 1), else_=0)) for bound in BOUNDS),
        )
        .where(
            NoticeRecord.planned_at.between(today, now),
            NoticeRecord.sent_at.is_not(None),
            NoticeRecord.channel != Channel.CALL,
        )
        .group_by(NoticeRecord.channel)
    )
    return {
        channel: Delays(tuple(within), count, float(seconds))
        for channel, count, seconds, *within in rows
    }


def _seconds(session: AsyncSession) -> ColumnElement[Any]:
    """From when it was meant to go out until it was out, as each database subtracts."""
    if session.get_bind().dialect.name == "sqlite":
        days = func.julianday(NoticeRecord.sent_at) - func.julianday(NoticeRecord.planned_at)
        return days * 86400
    return func.extract("epoch", NoticeRecord.sent_at - NoticeRecord.planned_at)


async def _texts(session: AsyncSession, today: datetime) -> list[Texts]:
    gateway = func.coalesce(SmsRecord.gateway, "none")
    rows = await session.execute(
        select(
            gateway,
            SmsRecord.state,
            func.count(),
            func.sum(SmsRecord.segments),
            func.sum(SmsRecord.cost),
        )
        .where(SmsRecord.created_at >= today)
        .group_by(gateway, SmsRecord.state)
    )
    return [
        Texts(name, state, messages, segments, float(cost or 0))
        for name, state, messages, segments, cost in rows
    ]


async def _receipts(session: AsyncSession, today: datetime) -> dict[str, int]:
    gateway = func.coalesce(ReceiptRecord.gateway, "")  # or SQLite reads that index, all of it
    rows = await session.execute(
        select(gateway, func.count()).where(ReceiptRecord.received_at >= today).group_by(gateway)
    )
    return dict(rows.all())
