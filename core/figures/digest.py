"""The weekly digest: on Monday at nine each head and administrator with a chat is owed the picture
of the figures. It is a notice like others: one a week, neither lost nor doubled by a restart."""

from datetime import date, datetime, timedelta

from sqlalchemy import ScalarSelect, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.calendar.rules import Calendar
from core.clock import at_hour, local
from core.figures.tables import DigestRecord
from core.login.tables import ChatRecord, PersonRecord
from core.notices import service as notices
from core.notices.plan import NINE, ONE_DAY
from core.staff.rules import Role
from core.staff.tables import StaffRecord

KIND = "digest"
READERS = (Role.HEAD, Role.ADMINISTRATOR)
FRESH = timedelta(days=2)
"""A digest that could not go out for so long is not worth being read."""


def next_due() -> ScalarSelect[datetime]:
    """When the digest is owed next."""
    return select(DigestRecord.due_at).scalar_subquery()


async def plan(session: AsyncSession, now: datetime) -> None:
    """Plan the first one, if none is planned."""
    if await session.scalar(select(DigestRecord.id)) is None:
        session.add(DigestRecord(id=1, due_at=next_monday(now)))


async def sweep(session: AsyncSession, calendar: Calendar, now: datetime) -> int:
    """Owe the digest if its hour has come; on a day off it waits for the next morning. Returns 1
    if the hour had come. Raises YearNotCovered."""
    due = await session.scalar(
        select(DigestRecord).where(DigestRecord.due_at <= now).with_for_update(skip_locked=True)
    )
    if due is None:
        return 0
    today = local(now).date()
    if calendar.is_working(today):
        await _owe(session, today, now)
        due.due_at = next_monday(now)
    else:
        due.due_at = at_hour(today + ONE_DAY, NINE)
    return 1


def next_monday(now: datetime) -> datetime:
    """The first Monday at nine after `now`."""
    today = local(now).date()
    this = at_hour(today - today.weekday() * ONE_DAY, NINE)
    return this if this > now else this + timedelta(weeks=1)


async def _owe(session: AsyncSession, today: date, now: datetime) -> None:
    readers = await session.execute(
        select(StaffRecord.id, StaffRecord.iin)
        .join(PersonRecord, PersonRecord.iin == StaffRecord.iin)
        .join(ChatRecord, ChatRecord.person_id == PersonRecord.id)
        .where(StaffRecord.revoked_at.is_(None), StaffRecord.role.in_(READERS))
        .order_by(StaffRecord.id)
    )
    for staff_id, iin in readers.all():
        await notices.add(
            session,
            kind=KIND,
            key=f"{KIND}:{staff_id}:{today:%Y%m%d}",
            iin=iin,
            moment=now,
            details={},
            expires_at=now + FRESH,
        )
