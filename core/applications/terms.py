"""The sweep over applications: what follows a missed term."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.changes import change
from core.applications.rules import MISSED, Status
from core.applications.tables import ApplicationRecord
from core.calendar.rules import Calendar
from core.outages.extending import spare
from core.signing import requests
from core.signing.tables import SigningRequestRecord

log = structlog.get_logger(__name__)

BATCH = 200
LOOK_AGAIN = timedelta(minutes=1)
"""How soon to look again at an act whose code no gateway has taken yet (D8), or at an application
that could not be handled."""


def next_due() -> ScalarSelect[datetime | None]:
    """When the rules want to see the next application."""
    return select(func.min(ApplicationRecord.next_event_at)).scalar_subquery()


async def sweep(session: AsyncSession, calendar: Calendar, now: datetime) -> int:
    """Handle the applications that are due: one index, `BATCH` at a time. Returns how many."""
    due = (
        await session.scalars(
            select(ApplicationRecord)
            .where(ApplicationRecord.next_event_at <= now)
            .order_by(ApplicationRecord.next_event_at, ApplicationRecord.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
    ).all()
    spared = await spare(session, due, calendar, now)  # before anything ends (D18)
    reserved = await requests.open_among(session, [record.id for record in due])
    for record in due:
        if record.id in spared:
            continue
        try:
            await _handle(session, record, reserved.get(record.id), calendar, now)
        except Exception:
            # Nothing of it has changed. One that the rules cannot handle (the calendar lacks a
            # year) never holds up the others; it comes again, and is told again.
            log.exception("application not swept", application_id=record.id)
            record.next_event_at = now + LOOK_AGAIN
    return len(due)


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
