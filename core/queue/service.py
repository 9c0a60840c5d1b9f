"""The queue number's history (R5): every night the numbers that have changed are written."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, func, insert, literal, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.tables import WAITS, ApplicationRecord
from core.clock import at_hour, local
from core.db.base import Instant
from core.queue.tables import NightlyRecord, QueueNumberRecord

NIGHT_HOUR = 4
"""Hour in Kazakhstan of the nightly work: when nobody waits for an answer."""
MANY = 500
"""Applications after which others may write: short queues share a transaction."""
QUEUE = tuple_(ApplicationRecord.district, ApplicationRecord.category)


async def record_numbers(
    session: AsyncSession, now: datetime, *queues: ColumnElement[bool]
) -> None:
    """Note the number of every waiting application, in those queues (conditions for `QUEUE`) or in
    all, where it is not the last one noted."""
    place = func.row_number().over(
        partition_by=(ApplicationRecord.district, ApplicationRecord.category),
        order_by=(ApplicationRecord.registered_at, ApplicationRecord.id),
    )
    current = (
        select(ApplicationRecord.id.label("id"), place.label("number"))
        .where(text(WAITS), *queues)
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
    """Do the nightly work of the next queues if the hour has come: others write in between. Returns
    1 if so."""
    night = await session.scalar(
        select(NightlyRecord).where(NightlyRecord.due_at <= now).with_for_update(skip_locked=True)
    )
    if night is None:
        return 0
    left = tuple_(night.district or "", night.category or "") < QUEUE
    last = await _last(session, left)
    if last is None:
        await record_numbers(session, now, left)
        night.due_at = next_night(now)
    else:
        await record_numbers(session, now, left, tuple_(*last) >= QUEUE)
    night.district, night.category = last or (None, None)
    return 1


async def _last(session: AsyncSession, left: ColumnElement[bool]) -> tuple[str, str] | None:
    """The queue with which this transaction ends: where the `MANY`th stands of those that are left.
    None: there are fewer, and the night is through with them."""
    rows = await session.execute(
        select(ApplicationRecord.district, ApplicationRecord.category)
        .where(text(WAITS), left)
        .order_by(ApplicationRecord.district, ApplicationRecord.category)
        .offset(MANY - 1)
        .limit(1)
    )
    return next(((row.district, row.category) for row in rows), None)


async def plan(session: AsyncSession, now: datetime) -> None:
    """Plan the first night, if none is planned."""
    if await session.scalar(select(NightlyRecord.id)) is None:
        session.add(NightlyRecord(id=1, due_at=next_night(now)))


def next_night(now: datetime) -> datetime:
    """The hour of the nightly work, of the day after."""
    return at_hour(local(now).date() + timedelta(days=1), NIGHT_HOUR)
