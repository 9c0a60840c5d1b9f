"""Persons as the records know them: whose chat it is, and what the citizens' base said last."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.db.upsert import insert
from core.identity.rules import Iin, Phone
from core.login.tables import ChatRecord, LoginAttemptRecord, PersonRecord
from core.login.values import Person


async def linked_person(session: AsyncSession, chat_id: int) -> PersonRecord | None:
    """Whom that chat is linked to."""
    return await session.scalar(
        select(PersonRecord)
        .join(ChatRecord, ChatRecord.person_id == PersonRecord.id)
        .where(ChatRecord.id == chat_id)
    )


async def know(session: AsyncSession, attempt: LoginAttemptRecord, moment: datetime) -> Person:
    """The person of that attempt, with what the citizens' base said of them then."""
    facts = {
        "full_name": attempt.full_name,
        "birth_date": attempt.birth_date,
        "phone": attempt.phone,
    }
    row = insert(session, PersonRecord).values(iin=attempt.iin, created_at=moment, **facts)
    await session.execute(row.on_conflict_do_update(index_elements=["iin"], set_=facts))
    return await person(session, PersonRecord.iin == attempt.iin)


async def person(session: AsyncSession, which: ColumnElement[bool]) -> Person:
    """The one for whom that holds; there is one."""
    record = (await session.scalars(select(PersonRecord).where(which))).one()
    return Person(record.id, Iin(record.iin), record.full_name, Phone.kept(record.phone))
