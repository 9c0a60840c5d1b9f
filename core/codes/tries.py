"""Tries of codes, counted before anything is compared."""

from datetime import datetime

from sqlalchemy import or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.codes import rules
from core.codes.tables import CodeRecord


async def count(
    session: AsyncSession, code_id: int, moment: datetime, try_key: str
) -> CodeRecord | None:
    """Count a try on a code that lives; None when it does not, or that update has tried it."""
    counted: CodeRecord | None = await session.scalar(
        update(CodeRecord)
        .where(
            CodeRecord.id == code_id,
            CodeRecord.used_at.is_(None),
            CodeRecord.closed_at.is_(None),
            CodeRecord.expires_at > moment,
            CodeRecord.tries < rules.TRIES,
            or_(CodeRecord.last_try.is_(None), CodeRecord.last_try != try_key),
        )
        .values(tries=CodeRecord.tries + 1, last_try=try_key)
        .returning(CodeRecord)
        .execution_options(populate_existing=True, synchronize_session=False)
    )
    return counted
