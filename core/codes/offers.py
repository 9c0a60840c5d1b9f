"""Codes of which no gateway has said that they arrived: the parent is offered another one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.codes.tables import CodeRecord
from core.db.engine import Database
from core.sms.rules import State
from core.sms.tables import SmsRecord


@dataclass(frozen=True)
class Unconfirmed:
    """A code that lives, and has not been entered. `target_id`: its login attempt or signing
    request."""

    code_id: int
    purpose: str
    chat_id: int
    target_id: int
    language: str


async def unconfirmed(db: Database, now: datetime) -> Sequence[Unconfirmed]:
    """The codes whose minute has passed, each told once.

    What a receipt says is only told to the chat of that very person: to whoever types a phone
    and an IIN, a known pair and a decoy must look alike (R3).
    """
    due = select(CodeRecord.id).where(CodeRecord.offer_at <= now).order_by(CodeRecord.offer_at)
    async with db.read() as session:
        ids = list(await session.scalars(due.limit(100)))
    if not ids:
        return []
    async with db.write() as session:
        claimed = await session.scalars(
            update(CodeRecord)
            .where(CodeRecord.id.in_(ids), CodeRecord.offer_at.is_not(None))
            .values(offer_at=None)
            .returning(CodeRecord)
        )
        codes = [code for code in claimed if _lives(code, now)]
        carriers = [code.sms_id for code in codes if code.trusted and code.sms_id is not None]
        delivered = set(
            await session.scalars(
                select(SmsRecord.id).where(
                    SmsRecord.id.in_(carriers), SmsRecord.state == State.DELIVERED
                )
            )
        )
    return [
        Unconfirmed(code.id, code.purpose, code.chat_id, code.target_id, code.language)
        for code in codes
        if not (code.trusted and code.sms_id in delivered)
    ]


async def carrier(session: AsyncSession, purpose: str, target_id: int) -> str | None:
    """The gateway that took the newest code of that attempt or request."""
    gateway: str | None = await session.scalar(
        select(SmsRecord.gateway)
        .join(CodeRecord, CodeRecord.sms_id == SmsRecord.id)
        .where(CodeRecord.target_id == target_id, CodeRecord.purpose == purpose)
        .order_by(CodeRecord.id.desc())
        .limit(1)
    )
    return gateway


def _lives(code: CodeRecord, now: datetime) -> bool:
    ended = code.used_at or code.closed_at
    return ended is None and code.expires_at is not None and code.expires_at > now
