"""Codes that are good no more: another has taken their place, or what they were for is given up."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from core.codes.tables import CodeRecord


async def close(session: AsyncSession, which: ColumnElement[bool], moment: datetime) -> None:
    """End those that are not used yet: they open nothing, and what is not sent is never sent."""
    await session.execute(
        update(CodeRecord)
        .where(which, CodeRecord.used_at.is_(None), CodeRecord.closed_at.is_(None))
        .values(closed_at=moment, retry_at=None, offer_at=None)
    )


def of_request(purpose: str, target_id: int) -> ColumnElement[bool]:
    """The codes of one login attempt or signing request."""
    return (CodeRecord.target_id == target_id) & (CodeRecord.purpose == purpose)


def of_chat(purpose: str, chat_id: int, *, but: int) -> ColumnElement[bool]:
    """The codes that a chat has asked for, but for those of one target."""
    asked_here = (CodeRecord.chat_id == chat_id) & (CodeRecord.purpose == purpose)
    return asked_here & (CodeRecord.target_id != but)
