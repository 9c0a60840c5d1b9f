"""Temporary stays (R15-R18, D4): begun by a signature, ended by the clock or by a contract."""

from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.changes import told
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.calendar.rules import Calendar
from core.clock import local, start_of
from core.notices import service as notices
from core.notices.plan import steps_of_stay
from core.places.tables import PlaceRecord, StayRecord
from core.places.taking import give_back
from core.portal import outbox

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
    application: ApplicationRecord,
    place: PlaceRecord,
    calendar: Calendar,
    moment: datetime,
) -> StayRecord:
    """The child may attend until the place's last day (R16); its end is announced in time."""
    if place.until is None:
        raise ValueError("a stay needs a temporary place")
    withdraw_at = start_of(calendar.next_working_day(place.until))
    stay = StayRecord(
        application_id=application.id,
        place_id=place.id,
        signed_at=moment,
        last_day=place.until,
        withdraw_at=withdraw_at,
        next_event_at=withdraw_at,
    )
    session.add(stay)
    await session.flush()
    await notices.plan(
        session,
        steps_of_stay(stay.last_day, moment),
        iin=application.applicant_iin,
        moment=moment,
        application_id=application.id,
        series=_series(stay),
        details=_details(stay),
        expires_at=withdraw_at,
    )
    return stay


async def end_by_contract(session: AsyncSession, application_id: int, moment: datetime) -> None:
    """The permanent contract ends a stay and frees its place (D4)."""
    stay = await lasting(session, application_id)
    if stay is None:
        return
    await _end(session, stay, moment, "enrolled")
    if local(moment).date() <= stay.last_day:
        await give_back(session, stay.place_id)


def next_due() -> ScalarSelect[datetime | None]:
    """When the next stay wants to be seen."""
    due = StayRecord.next_event_at.is_not(None)
    return select(func.min(StayRecord.next_event_at)).where(due).scalar_subquery()


async def sweep(session: AsyncSession, now: datetime) -> int:
    """Withdrawals on the next working day (R18). Returns how many."""
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
            await _withdraw(session, stay, application, now)
        else:
            stay.next_event_at = stay.withdraw_at
    return len(due)


async def _withdraw(
    session: AsyncSession, stay: StayRecord, application: ApplicationRecord, now: datetime
) -> None:
    """R18, as of the moment it was due, however late the sweep comes."""
    at = stay.withdraw_at
    await _end(session, stay, at, "term")
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
    await notices.add(
        session,
        kind="stay_ended",
        key=f"stay_ended:{stay.id}",
        iin=application.applicant_iin,
        application_id=application.id,
        moment=at,
        details=_details(stay),
    )
    await outbox.tell(
        session,
        key=f"{_series(stay)}:ended",
        application_id=application.id,
        at=at,
        moment=now,
        data=told(application, "stay_ended", "clock"),
        place_id=stay.place_id,
    )


async def _end(session: AsyncSession, stay: StayRecord, at: datetime, because: str) -> None:
    await notices.cancel(session, _series(stay), moment=at)
    stay.ended_at = at
    stay.ended_because = because
    stay.next_event_at = None


def _series(stay: StayRecord) -> str:
    return f"stay:{stay.id}"


def _details(stay: StayRecord) -> dict[str, Any]:
    return {
        "place_id": stay.place_id,
        "last_day": stay.last_day.isoformat(),
        "withdraw_on": local(stay.withdraw_at).date().isoformat(),
    }
