"""Judging terms by an outage (D18): those that run, and those that have ended since."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from core.applications.changes import change, situation
from core.applications.rules import BY_CLOCK, MISSED, reopening
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.calendar.rules import Calendar
from core.db.among import among
from core.notices.calls import reached_of
from core.notices.plan import Channel
from core.notices.service import series_of
from core.notices.tables import NoticeRecord
from core.notices.values import State
from core.outages.extending import Extension, extend, extension_of, outages_of
from core.outages.rules import LAST_HOURS
from core.outages.tables import OutageRecord

BATCH = 200
RESERVED = timedelta(hours=1)
"""An application may be looked at so much later than its term ends: an act is being signed (D8)."""
JUST_BEFORE = timedelta(microseconds=1)
OPEN = [status.value for status in MISSED]
MISSES = [event.value for event in BY_CLOCK]


@dataclass(frozen=True)
class Touched:
    """The terms that an outage extends, by their ends: those that run, and those that the sweep
    has ended while nothing else has happened since."""

    outage: OutageRecord
    running: dict[datetime, Extension]
    ended: dict[datetime, Extension]


async def touched_by(
    session: AsyncSession, outage: OutageRecord, calendar: Calendar, now: datetime
) -> Touched:
    """What the outage touches, together with all the others that are known; it need not be one of
    them. Raises YearNotCovered."""
    running = select(ApplicationRecord.ends_at).where(*_running(outage, now)).distinct()
    ended = select(HistoryRecord.at).where(*_missed(outage)).distinct()
    return Touched(
        outage,
        await _extensions(session, running, outage, calendar, now),
        await _extensions(session, ended, outage, calendar, now),
    )


async def number_of(session: AsyncSession, touched: Touched, now: datetime) -> int:
    """How many terms that is."""
    counts = [
        await session.scalar(
            found.with_only_columns(func.count(ApplicationRecord.id)).order_by(None)
        )
        for found in (_to_extend(touched, now), _to_take_back(touched))
    ]
    return sum(count or 0 for count in counts)


async def extend_running(
    session: AsyncSession, touched: Touched, calendar: Calendar, now: datetime, after: int
) -> list[int]:
    """Extend the next of the terms that run, beginning after that id. The ids."""
    records = await _batch(session, _to_extend(touched, now), after)
    for ends_at, extension in touched.running.items():
        theirs = [record for record in records if record.ends_at == ends_at]
        await extend(session, theirs, extension, now)
    return [record.id for record in records]


async def extend_ended(
    session: AsyncSession, touched: Touched, calendar: Calendar, now: datetime, after: int
) -> list[int]:
    """Take back the next of the misses, beginning after that id, and extend those terms. The
    ids."""
    records = await _batch(session, _to_take_back(touched), after)
    for ends_at, extension in touched.ended.items():
        theirs = [r for r in records if r.missed and r.missed["ends_at"] == ends_at.isoformat()]
        missed = {series_of(r.id, r.missed["version"]): r for r in theirs if r.missed}
        for record in theirs:
            await _take_back(session, record, extension, calendar, now)
        await _list_again(session, missed, now)
        await extend(session, theirs, extension, now)
    return [record.id for record in records]


async def _take_back(
    session: AsyncSession,
    record: ApplicationRecord,
    extension: Extension,
    calendar: Calendar,
    now: datetime,
) -> None:
    """As if a press had come in time (D8)."""
    in_time = extension.ends_at - JUST_BEFORE
    event = reopening(situation(record), in_time)
    assert event is not None
    await change(
        session,
        record,
        event,
        calendar=calendar,
        pressed_at=in_time,
        at=now,
        actor="operator",
        details={"outages": [outage.id for outage in extension.outages]},
    )


async def _list_again(
    session: AsyncSession, missed: Mapping[str, ApplicationRecord], now: datetime
) -> None:
    """Who was to be called when the term ended is so until its new end. By the series that the
    miss has ended."""
    reached = await reached_of(session, {*missed})
    calls = await session.scalars(
        select(NoticeRecord)
        .where(
            among(NoticeRecord.series, [series for series in missed if series not in reached]),
            NoticeRecord.channel == Channel.CALL,
            NoticeRecord.state == State.EXPIRED,
        )
        .order_by(NoticeRecord.id)
        .with_for_update()
    )
    for call in calls.all():
        record = missed[call.series or ""]
        call.series = series_of(record.id, record.version)
        call.details = {**call.details, "version": record.version}
        call.state, call.sent_at = State.SENT, call.sent_at or now
        call.because = call.ended_at = None
    await session.flush()  # they are extended with the term's other notices


async def _extensions(
    session: AsyncSession,
    ends: Select[Any],
    outage: OutageRecord,
    calendar: Calendar,
    now: datetime,
) -> dict[datetime, Extension]:
    found: Collection[datetime] = (await session.scalars(ends)).all()
    if not found:
        return {}
    known = [one for one in await outages_of(session, found) if one.key != outage.key]
    extensions = (extension_of(end, [*known, outage], calendar, now) for end in found)
    return {extension.ends_at: extension for extension in extensions if extension}


async def _batch(
    session: AsyncSession, found: Select[ApplicationRecord], after: int
) -> Sequence[ApplicationRecord]:
    batch = found.where(ApplicationRecord.id > after).limit(BATCH)
    locked = batch.with_for_update(of=ApplicationRecord)
    return (await session.scalars(locked.execution_options(populate_existing=True))).all()


def _to_extend(touched: Touched, now: datetime) -> Select[ApplicationRecord]:
    return (
        select(ApplicationRecord)
        .where(*_running(touched.outage, now), ApplicationRecord.ends_at.in_(touched.running))
        .order_by(ApplicationRecord.id)
    )


def _to_take_back(touched: Touched) -> Select[ApplicationRecord]:
    """Applications of which the sweep's miss is the last that has happened to them."""
    missed = [end.isoformat() for end in touched.ended]
    theirs = select(HistoryRecord.application_id).where(
        *_missed(touched.outage),
        HistoryRecord.at.in_(touched.ended),
        ApplicationRecord.missed["event"].as_string() == HistoryRecord.event,
    )
    return (
        select(ApplicationRecord)
        .where(
            ApplicationRecord.id.in_(theirs),  # once, however often its term was missed
            ApplicationRecord.missed["ends_at"].as_string().in_(missed),
        )
        .order_by(ApplicationRecord.id)
    )


def _running(outage: OutageRecord, now: datetime) -> list[ColumnElement[bool]]:
    """Open terms within reach of the outage; the index that the sweep reads finds them."""
    latest = max(outage.to_at + LAST_HOURS, now) + RESERVED
    return [
        ApplicationRecord.next_event_at > outage.from_at,
        ApplicationRecord.next_event_at <= latest,
        ApplicationRecord.status.in_(OPEN),
        *_within(ApplicationRecord.ends_at, outage),
    ]


def _missed(outage: OutageRecord) -> list[ColumnElement[bool]]:
    return [*_within(HistoryRecord.at, outage), HistoryRecord.event.in_(MISSES)]


def _within(end: InstrumentedAttribute[Any], outage: OutageRecord) -> list[ColumnElement[bool]]:
    """Whose last hours the outage has touched at all."""
    return [end > outage.from_at, end < outage.to_at + LAST_HOURS]
