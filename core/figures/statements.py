"""The report's statements: one for each question, each by an index, on both databases;
what the history says is in `core.figures.days`."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.applications.rules import MISSED, Status
from core.applications.tables import ApplicationRecord, CategoryRecord
from core.clock import local, start_of
from core.figures.values import SHORT, Texts, Way
from core.named import Named
from core.notices.plan import Channel
from core.notices.tables import NEWS, NoticeRecord
from core.sms.tables import SmsRecord

NOTICE = aliased(NoticeRecord)
WAYS = {3: Way.TELEGRAM, 2: Way.SMS, 1: Way.CALL, 0: Way.NOBODY}
"""The first way that worked has the highest number."""


async def categories(session: AsyncSession) -> dict[str, Named]:
    """Code -> name, in the order of the queue."""
    rows = await session.scalars(select(CategoryRecord).order_by(CategoryRecord.position))
    return {row.code: Named(row.name_kk, row.name_ru, row.name_en) for row in rows}


async def queue(session: AsyncSession, district: str | None) -> dict[tuple[str, str], int]:
    """(district, category) -> how many wait for a voucher."""
    where = [ApplicationRecord.status == Status.IN_QUEUE.value, *_of(district)]
    key = ApplicationRecord.district, ApplicationRecord.category
    rows = await session.execute(select(*key, func.count()).where(*where).group_by(*key))
    return {(where, category): count for where, category, count in rows}


async def left(
    session: AsyncSession, district: str | None, now: datetime
) -> dict[tuple[Status, int], int]:
    """(status, days left) -> running terms. One that has ended and was not swept yet counts as
    ending today."""
    key = ApplicationRecord.status, ApplicationRecord.ends_at
    rows = await session.execute(
        select(*key, func.count())
        .where(
            ApplicationRecord.status.in_([status.value for status in MISSED]),
            *_of(district),
        )
        .group_by(*key)
    )
    counted: Counter[tuple[Status, int]] = Counter()
    for status, ends_at, count in rows:
        assert ends_at is not None, "these states have a term"
        last_day = local(ends_at - timedelta(microseconds=1)).date()
        counted[Status(status), max((last_day - local(now).date()).days, 0)] += count
    return dict(counted)


async def reached(session: AsyncSession, district: str | None, now: datetime) -> dict[Way, int]:
    """How the news of each voucher of the last SHORT days reached its family: by any notice of its
    series."""
    arrived = or_(NOTICE.delivered_at.is_not(None), NOTICE.seen_at.is_not(None))
    best = (  # one look at its series, and none where its own message was seen
        select(
            func.max(
                case(
                    (and_(NOTICE.channel == Channel.TELEGRAM, _seen(NOTICE)), 3),
                    (and_(NOTICE.channel == Channel.SMS, arrived), 2),
                    (and_(NOTICE.channel == Channel.CALL, arrived), 1),
                    else_=0,
                )
            )
        )
        .where(NOTICE.series == NoticeRecord.series)
        .scalar_subquery()
    )
    each = select(case((_seen(NoticeRecord), 3), else_=func.coalesce(best, 0)).label("way")).where(
        text(NEWS),
        NoticeRecord.planned_at > now - timedelta(days=SHORT),
        NoticeRecord.planned_at <= now,
    )
    if district is not None:
        each = each.join(
            ApplicationRecord, ApplicationRecord.id == NoticeRecord.application_id
        ).where(*_of(district))
    counted = each.subquery()
    rows = await session.execute(select(counted.c.way, func.count()).group_by(counted.c.way))
    found = {WAYS[way]: count for way, count in rows}
    return {way: found.get(way, 0) for way in Way}


async def texts(session: AsyncSession, district: str | None, now: datetime) -> tuple[Texts, Texts]:
    """Text messages of this month and of the one before. A district's are those about its
    applications; the region's, all of them, codes too."""
    this = start_of(local(now).date().replace(day=1))
    last = start_of((local(this) - timedelta(days=1)).date().replace(day=1))
    current = case((SmsRecord.created_at >= this, 1), else_=0).label("current")
    statement = (
        select(
            current,
            func.count(),
            func.coalesce(func.sum(SmsRecord.segments), 0),
            func.coalesce(func.sum(SmsRecord.cost), 0),
        )
        .where(
            SmsRecord.created_at >= last,
            SmsRecord.created_at <= now,
            SmsRecord.gateway.is_not(None),
        )
        .group_by("current")
    )
    if district is not None:
        statement = (
            statement.join(NoticeRecord, NoticeRecord.sms_id == SmsRecord.id)
            .join(ApplicationRecord, ApplicationRecord.id == NoticeRecord.application_id)
            .where(*_of(district))
        )
    found = {
        bool(is_current): Texts(messages, int(segments), float(cost))
        for is_current, messages, segments, cost in await session.execute(statement)
    }
    none = Texts(0, 0, 0.0)
    return found.get(True, none), found.get(False, none)


def _of(district: str | None) -> list[ColumnElement[bool]]:
    return [] if district is None else [ApplicationRecord.district == district]


def _seen(notice: type[NoticeRecord]) -> ColumnElement[bool]:
    """In the chat: or the voucher was answered before the message went out."""
    return or_(
        notice.seen_at.is_not(None), and_(notice.because == "answered", notice.sent_at.is_(None))
    )
