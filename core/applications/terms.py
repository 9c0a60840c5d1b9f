"""The sweep over applications: what follows a missed term.

Terms end at midnight, many at once: those that differ in nothing that the rules ask for are ended
together, by a handful of statements.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row, ScalarSelect, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.alike import Alike, change_alike
from core.applications.changes import change
from core.applications.rules import MISSED, Refused, Situation, Status
from core.applications.tables import ApplicationRecord
from core.calendar.rules import Calendar, YearNotCovered
from core.outages.extending import spare
from core.signing import requests
from core.signing.tables import SigningRequestRecord

log = structlog.get_logger(__name__)

BATCH = 1000
"""Terms that end in one transaction: on a slow machine a fifth of a second, at midnight."""
LOOK_AGAIN = timedelta(minutes=1)
"""How soon to look again at an act whose code no gateway has taken yet (D8), or at an application
that could not be handled."""


def next_due() -> ScalarSelect[datetime | None]:
    """When the rules want to see the next application."""
    due = ApplicationRecord.next_event_at.is_not(None)  # or SQLite finds no index, and reads all
    return select(func.min(ApplicationRecord.next_event_at)).where(due).scalar_subquery()


async def sweep(session: AsyncSession, calendar: Calendar, now: datetime) -> int:
    """Handle the applications that are due: one index, `BATCH` at a time. Returns how many."""
    due = (
        await session.execute(
            select(*COLUMNS)
            .where(ApplicationRecord.next_event_at <= now)
            .order_by(ApplicationRecord.next_event_at, ApplicationRecord.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
    ).all()
    spared = await spare(session, due, calendar, now)  # before anything ends (D18)
    left = [row for row in due if row.id not in spared]
    reserved = await requests.open_among(session, [row.id for row in left])
    apart = {row.id for row in left if row.id in reserved or not _is_over(row, now)}
    for alike in _groups(row for row in left if row.id not in apart):
        await _end(session, alike, calendar, now)
    if apart:
        await _each(session, apart, reserved, calendar, now)
    return len(due)


COLUMNS = (
    ApplicationRecord.id,
    ApplicationRecord.status,
    ApplicationRecord.version,
    ApplicationRecord.ends_at,
    ApplicationRecord.restored_at.is_not(None).label("restored"),
    ApplicationRecord.deadline["last_day"].as_string().label("last_day"),
)


def _is_over(row: Row[Any], now: datetime) -> bool:
    known = row.status in MISSED and row.last_day is not None
    return known and row.ends_at is not None and now >= row.ends_at


def _groups(due: Iterable[Row[Any]]) -> list[Alike]:
    ids: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in due:
        ids[tuple(row[1:])].append(row.id)
    return [
        Alike(
            ids=these,
            version=version,
            situation=Situation(Status(status), ends_at, bool(restored)),
            last_day=date.fromisoformat(last_day),
        )
        for (status, version, ends_at, restored, last_day), these in ids.items()
    ]


async def _end(session: AsyncSession, alike: Alike, calendar: Calendar, now: datetime) -> None:
    """The end of a term (R7, R8, R10), as of the moment it ended."""
    situation = alike.situation
    assert situation.ends_at is not None
    try:
        await change_alike(
            session,
            alike,
            MISSED[situation.status],
            calendar=calendar,
            pressed_at=now,
            at=situation.ends_at,
            actor="clock",
        )
    except (Refused, YearNotCovered):
        # Nothing of them has changed. Those that the rules cannot handle (the calendar lacks a
        # year) never hold up the others; they come again, and are told again.
        for id_ in alike.ids:
            log.exception("application not swept", application_id=id_)
        await session.execute(
            update(ApplicationRecord).where(alike.these).values(next_event_at=now + LOOK_AGAIN)
        )


async def _each(
    session: AsyncSession,
    ids: Iterable[int],
    reserved: Mapping[int, SigningRequestRecord],
    calendar: Calendar,
    now: datetime,
) -> None:
    """Those with something of their own."""
    records = await session.scalars(
        select(ApplicationRecord)
        .where(ApplicationRecord.id.in_(ids))
        .order_by(ApplicationRecord.next_event_at, ApplicationRecord.id)
        .execution_options(populate_existing=True)
    )
    for record in records.all():
        try:
            await _handle(session, record, reserved.get(record.id), calendar, now)
        except Exception:  # as above
            log.exception("application not swept", application_id=record.id)
            record.next_event_at = now + LOOK_AGAIN


async def _handle(
    session: AsyncSession,
    record: ApplicationRecord,
    request: SigningRequestRecord | None,
    calendar: Calendar,
    now: datetime,
) -> None:
    """The end of a term (R7, R8, R10), as of the moment it ended. An act pressed in time is spared
    (D8)."""
    if record.ends_at is None or now < record.ends_at:
        record.next_event_at = record.ends_at
    elif request is not None and requests.lives(request, now):
        record.next_event_at = request.expires_at or now + LOOK_AGAIN
    else:
        await change(
            session,
            record,
            MISSED[Status(record.status)],
            calendar=calendar,
            pressed_at=now,
            at=record.ends_at,
            actor="clock",
        )
