"""The queue number's history (R5): one statement a night writes the numbers that changed."""

from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.rules import WAITING
from core.applications.tables import ApplicationRecord
from core.clock import at_hour, local
from core.db.base import Instant
from core.queue.tables import NightlyRecord, QueueNumberRecord

NIGHT_HOUR = 4
"""Hour in Kazakhstan of the nightly work: when nobody waits for an answer."""


async def record_numbers(session: AsyncSession, now: datetime) -> None:
    """Note the number of every waiting application where it is not the last one noted."""
    place = func.row_number().over(
        partition_by=(ApplicationRecord.district, ApplicationRecord.category),
        order_by=(ApplicationRecord.registered_at, ApplicationRecord.id),
    )
    current = (
        select(ApplicationRecord.id.label("id"), place.label("number"))
        .where(ApplicationRecord.status.in_([status.value for status in WAITING]))
        .subquery()
    )
    newest = (  # one step of an index for each who waits, however long the history is
        select(QueueNumberRecord.number)
        .where(QueueNumberRecord.application_id == current.c.id)
        .order_by(QueueNumberRecord.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    changed = select(current.c.id, literal(now, Instant()), current.c.number).where(
        func.coalesce(newest, 0) != current.c.number
    )
    await session.execute(
        insert(QueueNumberRecord).from_select(["application_id", "at", "number"], changed)
    )


def next_due() -> ScalarSelect[datetime]:
    """When the next nightly work is due."""
    return select(NightlyRecord.due_at).scalar_subquery()


async def sweep(session: AsyncSession, now: datetime) -> int:
    """Do the nightly work if its hour has come. Returns 1 if so."""
    night = await session.scalar(
        select(NightlyRecord).where(NightlyRecord.due_at <= now).with_for_update(skip_locked=True)
    )
    if night is None:
        return 0
    await record_numbers(session, now)
    night.due_at = _next_night(now)
    return 1


async def plan(session: AsyncSession, now: datetime) -> None:
    """Plan the first night, if none is planned."""
    if await session.scalar(select(NightlyRecord.id)) is None:
        session.add(NightlyRecord(id=1, due_at=_next_night(now)))


def _next_night(now: datetime) -> datetime:
    return at_hour(local(now).date() + timedelta(days=1), NIGHT_HOUR)
