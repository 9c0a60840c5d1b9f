"""Sanatorium leaves (R15): each opens one temporary place, which closes with its last day."""

from datetime import datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.places.tables import LeaveRecord
from core.places.taking import give_back

BATCH = 200


def next_due() -> ScalarSelect[datetime]:
    """When the next leave begins."""
    unopened = LeaveRecord.opened_at.is_(None), LeaveRecord.ended_at.is_(None)
    return select(func.min(LeaveRecord.opens_at)).where(*unopened).scalar_subquery()


async def sweep(session: AsyncSession, now: datetime) -> int:
    """Open the places of the leaves that have begun. They close by themselves: a temporary place
    is listed and taken only while it has working days left (D19). Returns how many."""
    begun = (
        await session.scalars(
            select(LeaveRecord)
            .where(
                LeaveRecord.opened_at.is_(None),
                LeaveRecord.ended_at.is_(None),
                LeaveRecord.opens_at <= now,
            )
            .order_by(LeaveRecord.opens_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for leave in begun:
        leave.opened_at = now
        await give_back(session, leave.place_id)
    return len(begun)
