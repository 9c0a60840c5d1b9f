"""Carrying out a renewal of the queue (D16): all stages and numbers at once, then the notices."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, func, insert, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.applications.tables import ApplicationRecord, HistoryRecord
from core.db.base import Instant
from core.notices import service as notices
from core.queue.service import record_numbers
from core.queue.stages import ALIVE, age_stages, stage_as_of
from core.queue.tables import QueueNumberRecord, RenewalRecord
from core.queue.values import State

EVENT = "stage_changed"
BATCH = 500
"""Notices that are owed in one transaction."""
BEFORE = aliased(QueueNumberRecord)


async def carry_out(session: AsyncSession, renewal: RenewalRecord, moment: datetime) -> None:
    """Stages and numbers, in a handful of statements. Nobody's application changes meanwhile, so
    that each number that differs differs because of the renewal."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("LOCK TABLE applications IN EXCLUSIVE MODE"))
    await record_numbers(session, moment)  # as they were a moment ago
    told_to = await _newest_number(session)
    stages = await age_stages(session)
    renewal.moved = 0
    if stages:
        renewal.moved = await _move(session, stage_as_of(stages, renewal.as_of), moment)
    await record_numbers(session, moment)
    newest = await _newest_number(session)
    renewal.told_to, renewal.last_number = told_to, newest
    renewal.renumbered = (
        await session.scalar(
            select(func.count()).where(*_new_numbers(told_to, newest), _moved_on(moment))
        )
        or 0
    )
    renewal.changed_at = moment
    renewal.state = State.TELLING


async def tell(session: AsyncSession, renewal: RenewalRecord, moment: datetime) -> None:
    """Owe the next notices; after the last, the renewal is done."""
    assert renewal.changed_at is not None
    before = (
        select(BEFORE.number)
        .where(
            BEFORE.application_id == QueueNumberRecord.application_id,
            BEFORE.id < QueueNumberRecord.id,
        )
        .order_by(BEFORE.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    moved = (
        select(HistoryRecord.id)
        .where(
            HistoryRecord.application_id == QueueNumberRecord.application_id,
            HistoryRecord.event == EVENT,
            HistoryRecord.at == renewal.changed_at,
        )
        .exists()
    )
    rows = (
        await session.execute(
            select(
                QueueNumberRecord.id,
                QueueNumberRecord.application_id,
                QueueNumberRecord.number,
                before.label("before"),
                moved.label("moved"),
                ApplicationRecord.applicant_iin,
            )
            .join(ApplicationRecord, ApplicationRecord.id == QueueNumberRecord.application_id)
            .where(
                *_new_numbers(renewal.told_to, renewal.last_number), _moved_on(renewal.changed_at)
            )
            .order_by(QueueNumberRecord.id)
            .limit(BATCH)
        )
    ).all()
    owed = [
        notices.row(
            kind="queue_renewed",
            key=f"queue_renewed:{renewal.id}:{row.application_id}",
            iin=row.applicant_iin,
            application_id=row.application_id,
            moment=moment,
            details={
                "old": row.before,
                "new": row.number,
                "moved": bool(row.moved),
                "as_of": renewal.as_of.isoformat(),
            },
        )
        for row in rows
    ]
    await notices.owe(session, owed, moment)
    renewal.told += len(rows)
    if rows:
        renewal.told_to = rows[-1].id
    if len(rows) < BATCH:
        renewal.state, renewal.due_at = State.DONE, None


async def _move(session: AsyncSession, stage: ColumnElement[str], moment: datetime) -> int:
    """Everybody into the stage of their age, with a line of history for each; how many."""
    wrong = ApplicationRecord.status.in_(ALIVE), ApplicationRecord.category != stage
    pairs = await session.execute(
        select(ApplicationRecord.category, stage.label("to"), func.count())
        .where(*wrong)
        .group_by(ApplicationRecord.category, stage)
    )
    moved = 0
    for before, after, count in pairs.all():
        moved += count
        these = *wrong, ApplicationRecord.category == before, stage == after
        lines = select(
            ApplicationRecord.id,
            literal(moment, Instant()),
            literal(EVENT),
            ApplicationRecord.status,
            ApplicationRecord.status,
            literal("operator"),
            literal({"from": before, "to": after}, JSON()),
        ).where(*these)
        await session.execute(insert(HistoryRecord).from_select(COLUMNS, lines))
    await session.execute(
        update(ApplicationRecord)
        .where(*wrong)
        .values(category=stage)
        .execution_options(synchronize_session=False)
    )
    return moved


COLUMNS = ["application_id", "at", "event", "from_status", "to_status", "actor", "details"]


async def _newest_number(session: AsyncSession) -> int:
    return await session.scalar(select(func.max(QueueNumberRecord.id))) or 0


def _new_numbers(after: int | None, until: int | None) -> list[ColumnElement[bool]]:
    return [QueueNumberRecord.id > (after or 0), QueueNumberRecord.id <= (until or 0)]


def _moved_on(at: datetime) -> ColumnElement[bool]:
    """Written by the renewal, and not by the night that may be noting numbers beside it."""
    condition: ColumnElement[Any] = QueueNumberRecord.at == at
    return condition
