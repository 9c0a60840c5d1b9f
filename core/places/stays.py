"""Temporary stays (R15-R18, D4): begun by a signature, ended by the clock or by a contract."""

from datetime import datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.tables import ApplicationRecord, HistoryRecord
from core.calendar.rules import Calendar
from core.clock import at_hour, local, start_of
from core.notices import service as notices
from core.places.tables import PlaceRecord, StayRecord
from core.places.taking import give_back

REMINDER_HOUR = 9
BATCH = 200


async def lasting(session: AsyncSession, application_id: int) -> StayRecord | None:
    """The stay that lasts, if any."""
    return await session.scalar(
        select(StayRecord).where(
            StayRecord.application_id == application_id, StayRecord.ended_at.is_(None)
        )
    )


async def begin(
    session: AsyncSession,
    application_id: int,
    place: PlaceRecord,
    calendar: Calendar,
    moment: datetime,
) -> StayRecord:
    """The child may attend until the place's last day (R16)."""
    if place.until is None:
        raise ValueError("a stay needs a temporary place")
    reminder = at_hour(place.until, REMINDER_HOUR)
    withdraw_at = start_of(calendar.next_working_day(place.until))
    stay = StayRecord(
        application_id=application_id,
        place_id=place.id,
        signed_at=moment,
        last_day=place.until,
        withdraw_at=withdraw_at,
        next_event_at=reminder if reminder > moment else withdraw_at,
        reminded=reminder <= moment,
    )
    session.add(stay)
    return stay


async def end_by_contract(session: AsyncSession, application_id: int, moment: datetime) -> None:
    """The permanent contract ends a stay and frees its place (D4)."""
    stay = await lasting(session, application_id)
    if stay is None:
        return
    _end(stay, moment, "enrolled")
    if local(moment).date() <= stay.last_day:
        await give_back(session, stay.place_id)


def next_due() -> ScalarSelect[datetime | None]:
    """When the next stay wants to be seen."""
    return select(func.min(StayRecord.next_event_at)).scalar_subquery()


async def sweep(session: AsyncSession, now: datetime) -> int:
    """Reminders of last days, and withdrawals on the next working day (R18). Returns how many."""
    due = (
        await session.execute(
            select(StayRecord, ApplicationRecord)
            .join(ApplicationRecord, ApplicationRecord.id == StayRecord.application_id)
            .where(StayRecord.next_event_at <= now)
            .order_by(StayRecord.next_event_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for stay, application in due:
        if now >= stay.withdraw_at:
            await _withdraw(session, stay, application)
        else:
            stay.reminded = True
            stay.next_event_at = stay.withdraw_at
            await _tell(session, "stay_last_day", stay, application, now)
    return len(due)


async def _withdraw(
    session: AsyncSession, stay: StayRecord, application: ApplicationRecord
) -> None:
    """R18, as of the moment it was due, however late the sweep comes."""
    at = stay.withdraw_at
    _end(stay, at, "term")
    session.add(
        HistoryRecord(
            application_id=application.id,
            at=at,
            event="stay_ended",
            from_status=application.status,
            to_status=application.status,
            actor="clock",
            details={"place_id": stay.place_id, "last_day": stay.last_day.isoformat()},
        )
    )
    await _tell(session, "stay_ended", stay, application, at)


def _end(stay: StayRecord, at: datetime, because: str) -> None:
    stay.ended_at = at
    stay.ended_because = because
    stay.next_event_at = None


async def _tell(
    session: AsyncSession,
    kind: str,
    stay: StayRecord,
    application: ApplicationRecord,
    moment: datetime,
) -> None:
    await notices.add(
        session,
        kind=kind,
        key=f"{kind}:{stay.id}",
        iin=application.applicant_iin,
        application_id=application.id,
        moment=moment,
        details={
            "place_id": stay.place_id,
            "last_day": stay.last_day.isoformat(),
            "withdraw_on": local(stay.withdraw_at).date().isoformat(),
        },
    )
