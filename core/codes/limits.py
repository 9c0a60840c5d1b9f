"""How many codes may be asked for: counted one press after the other."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ScalarSelect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from core.codes import rules
from core.codes.rules import Limit
from core.codes.tables import CodeFailuresRecord, CodeRecord
from core.codes.values import CodesExhausted
from core.db.upsert import insert

Conditions = Sequence[ColumnElement[bool]]


async def line_up(
    session: AsyncSession, subject: str, purpose: str, trusted: bool
) -> CodeFailuresRecord:
    """This counter, held, so that of two presses at once the second sees what the first did."""
    row = insert(session, CodeFailuresRecord).values(
        subject=subject, purpose=purpose, trusted=trusted, failures=0
    )
    held = row.on_conflict_do_update(
        index_elements=["subject", "purpose", "trusted"],
        set_={"failures": CodeFailuresRecord.failures},
    ).returning(CodeFailuresRecord)
    found = await session.execute(held, execution_options={"populate_existing": True})
    return found.scalar_one()


async def failures_in(
    session: AsyncSession, subject: str, purpose: str, trusted: bool, chat_id: int
) -> CodeFailuresRecord:
    """The counter of wrong codes, held: a person's own where the chat is linked to them, else the
    chat's."""
    whose = subject if trusted else rules.subject_in_chat(subject, chat_id)
    return await line_up(session, whose, purpose, trusted)


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
