"""The sweep over applications: reminders of last days, and what follows a missed term."""

from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.changes import change
from core.applications.rules import MISSED, Status
from core.applications.tables import ApplicationRecord
from core.calendar.rules import Calendar
from core.notices import service as notices
from core.signing import requests

BATCH = 200
LOOK_AGAIN = timedelta(minutes=1)
"""How soon to look again at an act whose code no gateway has taken yet (D8)."""


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
    for record in due:
        if record.ends_at is not None and now >= record.ends_at:
            await _end_term(session, record, record.ends_at, calendar, now)
        else:
            await _remind(session, record, now)
    return len(due)


async def _end_term(
    session: AsyncSession,
    record: ApplicationRecord,
    ended_at: datetime,
    calendar: Calendar,
    now: datetime,
) -> None:
    """R7, R8, R10, as of the moment the term ended; an act pressed in time is spared (D8)."""
    request = await requests.open_of(session, record.id)
    if request is not None and requests.lives(request, now):
        record.next_event_at = request.expires_at or now + LOOK_AGAIN
        return
    await change(
        session,
        record,
        MISSED[Status(record.status)],
        calendar=calendar,
        pressed_at=now,
        at=ended_at,
        actor="clock",
    )


async def _remind(session: AsyncSession, record: ApplicationRecord, now: datetime) -> None:
    record.reminded = True
    record.next_event_at = record.ends_at
    await notices.add(
        session,
        kind="last_day",
        key=f"last_day:{record.id}:{record.version}",
        iin=record.applicant_iin,
        application_id=record.id,
        moment=now,
        details={"status": record.status, "version": record.version},
    )
