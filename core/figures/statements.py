"""The report's statements: one for each question, each by an index, on both databases."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from core.applications.rules import MISSED, Event, Status
from core.applications.tables import ApplicationRecord, CategoryRecord, HistoryRecord
from core.clock import local, start_of
from core.figures.values import LONG, SHORT, WEEK, Answers, Texts, Way
from core.named import Named
from core.notices.plan import Channel
from core.notices.tables import NoticeRecord
from core.sms.tables import SmsRecord

ANSWERS = (Event.CONFIRM_INTEREST, Event.REFUSE_VOUCHER, Event.REMOVE_FROM_QUEUE)
MISSED_OR_NOT = (Event.CONFIRMATION_MISSED, Event.CONFIRMATION_REOPENED)
KNOWN = {event.value: event for event in Event}
ISSUED = aliased(HistoryRecord)
TOLD = aliased(NoticeRecord)
Columns = TypeVarTuple("Columns")


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


async def answers(session: AsyncSession, district: str | None, now: datetime) -> dict[int, Answers]:
    """Answers to vouchers over the last SHORT and LONG days. What the sweep took for missed and a
    press in time took back (D8) was not missed."""
    issued_at = (
        select(func.max(ISSUED.at))
        .where(
            ISSUED.application_id == HistoryRecord.application_id,
            ISSUED.event == Event.ISSUE_VOUCHER.value,
            ISSUED.at <= HistoryRecord.at,
        )
        .correlate(HistoryRecord)
        .scalar_subquery()
    )
    short = case((HistoryRecord.at > now - timedelta(days=SHORT), 1), else_=0)
    given = and_(
        HistoryRecord.event.in_(ANSWERS),
        HistoryRecord.from_status == Status.AWAITING_CONFIRMATION.value,
    )
    hours = case((given, _hours(session, issued_at, HistoryRecord.at)))  # missed: none
    sign = case((HistoryRecord.event == Event.CONFIRMATION_REOPENED.value, -1), else_=1)
    rows = await session.execute(
        _history(
            select(short.label("short"), hours.label("hours"), func.sum(sign)),
            district,
            now - timedelta(days=LONG),
            now,
        )
        .where(or_(given, HistoryRecord.event.in_(MISSED_OR_NOT)))
        .group_by("short", "hours")
    )
    found = {SHORT: Counter[int | None](), LONG: Counter[int | None]()}
    for is_short, hour, total in rows:
        key = None if hour is None else int(hour)
        found[LONG][key] += total
        if is_short:
            found[SHORT][key] += total
    return {
        days: Answers(
            hours={hour: count for hour, count in counted.items() if hour is not None},
            missed=max(counted[None], 0),
        )
        for days, counted in found.items()
    }


async def reached(session: AsyncSession, district: str | None, now: datetime) -> dict[Way, int]:
    """How the news of each voucher of the last SHORT days reached its family: by any notice of its
    series. Who has answered before anything went out was in the chat."""
    answered = and_(NoticeRecord.because == "answered", NoticeRecord.sent_at.is_(None))
    arrived = or_(NoticeRecord.delivered_at.is_not(None), NoticeRecord.seen_at.is_not(None))
    ways = (
        (Way.TELEGRAM, Channel.TELEGRAM, or_(NoticeRecord.seen_at.is_not(None), answered)),
        (Way.SMS, Channel.SMS, arrived),
        (Way.CALL, Channel.CALL, arrived),
    )
    # by EXISTS: grouped by series, SQLite would read the index of all series there are
    worked = [
        (
            exists().where(
                NoticeRecord.series == TOLD.series, NoticeRecord.channel == channel, how
            ),
            way.value,
        )
        for way, channel, how in ways
    ]
    each = (
        select(case(*worked, else_=Way.NOBODY.value).label("way"))
        .select_from(TOLD)
        .where(
            TOLD.kind == "voucher_issued",
            TOLD.channel == Channel.TELEGRAM,
            TOLD.planned_at > now - timedelta(days=SHORT),
            TOLD.planned_at <= now,
        )
    )
    if district is not None:
        each = each.join(ApplicationRecord, ApplicationRecord.id == TOLD.application_id).where(
            *_of(district)
        )
    counted = each.subquery()
    rows = await session.execute(select(counted.c.way, func.count()).group_by(counted.c.way))
    return {**dict.fromkeys(Way, 0), **{Way(way): count for way, count in rows}}


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


async def week(
    session: AsyncSession, district: str | None, now: datetime
) -> tuple[dict[Event, int], int]:
    """What happened in the last seven days, and by how much the queue grew in them."""
    waits = Status.IN_QUEUE.value
    came = func.sum(case((HistoryRecord.to_status == waits, 1), else_=0))
    went = func.sum(case((HistoryRecord.from_status == waits, 1), else_=0))
    rows = await session.execute(
        _history(
            select(HistoryRecord.event, func.count(), came, went), district, now - WEEK, now
        ).group_by(HistoryRecord.event)
    )
    happened: dict[Event, int] = {}
    grew = 0
    for event, count, joined, left_ in rows:
        grew += joined - left_
        if event in KNOWN:
            happened[KNOWN[event]] = count
    return happened, grew


def _history(
    statement: Select[*Columns], district: str | None, since: datetime, until: datetime
) -> Select[*Columns]:
    """The changes of that time, in that district."""
    statement = statement.select_from(HistoryRecord).where(
        HistoryRecord.at > since, HistoryRecord.at <= until
    )
    if district is None:
        return statement
    return statement.join(
        ApplicationRecord, ApplicationRecord.id == HistoryRecord.application_id
    ).where(*_of(district))


def _of(district: str | None) -> list[ColumnElement[bool]]:
    return [] if district is None else [ApplicationRecord.district == district]


def _hours(
    session: AsyncSession,
    since: ColumnElement[Any],
    until: InstrumentedAttribute[datetime],
) -> ColumnElement[Any]:
    """Whole hours between, as each database subtracts."""
    if session.get_bind().dialect.name == "sqlite":
        begun, ended = (cast(func.strftime("%s", at), Integer) for at in (since, until))
        return (ended - begun) // 3600
    return func.floor(func.extract("epoch", until - since) / 3600)
