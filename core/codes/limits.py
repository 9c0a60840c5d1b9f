"""How many codes may be asked for: counted one press after the other."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ScalarSelect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from core.codes.rules import Limit
from core.codes.tables import CodeFailuresRecord, CodeRecord
from core.codes.values import CodesExhausted
from core.db.upsert import insert

Conditions = Sequence[ColumnElement[bool]]


async def line_up(
    session: AsyncSession, subject: str, purpose: str, trusted: bool
) -> datetime | None:
    """Hold the row of this counter, so that of two presses at once the second sees what the
    first did; tell until when the counter is locked."""
    row = insert(session, CodeFailuresRecord).values(
        subject=subject, purpose=purpose, trusted=trusted, failures=0
    )
    locked_until: datetime | None = await session.scalar(
        row.on_conflict_do_update(
            index_elements=["subject", "purpose", "trusted"],
            set_={"failures": CodeFailuresRecord.failures},
        ).returning(CodeFailuresRecord.locked_until)
    )
    return locked_until


async def refuse_beyond(
    session: AsyncSession, limits: Mapping[Limit, Conditions], moment: datetime
) -> None:
    """Raise CodesExhausted, until the last of the limits that are reached leaves room again."""
    reached = [_oldest_counted(limit, moment, counted) for limit, counted in limits.items()]
    found = (await session.execute(select(*reached))).one()
    ends = [
        (at + limit.window, limit.why)
        for limit, at in zip(limits, found, strict=True)
        if at is not None
    ]
    if ends:
        raise CodesExhausted(*max(ends))


def _oldest_counted(limit: Limit, moment: datetime, counted: Conditions) -> ScalarSelect[datetime]:
    """When the oldest of the last `limit.count` codes in the window was asked for; NULL while
    there are fewer."""
    return (
        select(CodeRecord.created_at)
        .where(CodeRecord.created_at > moment - limit.window, *counted)
        .order_by(CodeRecord.created_at.desc())
        .offset(limit.count - 1)
        .limit(1)
        .scalar_subquery()
    )
