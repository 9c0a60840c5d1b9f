"""Taking, holding and giving back places (D6): never below zero, never twice."""

from sqlalchemy import CursorResult, case, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.places.tables import HoldRecord, PlaceRecord


async def take(session: AsyncSession, place_id: int) -> bool:
    """Take one place if one is free; False when none is."""
    taken = await session.execute(
        update(PlaceRecord)
        .where(PlaceRecord.id == place_id, PlaceRecord.free > 0)
        .values(free=PlaceRecord.free - 1)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(taken, CursorResult)
    return taken.rowcount == 1


async def give_back(session: AsyncSession, place_id: int) -> None:
    """One place is free again, unless it was only waited for to be closed."""
    open_ = case((PlaceRecord.closing > 0, 0), else_=1)
    await session.execute(
        update(PlaceRecord)
        .where(PlaceRecord.id == place_id)
        .values(free=PlaceRecord.free + open_, closing=PlaceRecord.closing - (1 - open_))
        .execution_options(synchronize_session=False)
    )


async def close(session: AsyncSession, place_id: int) -> bool:
    """One place is there no longer: at once if one is free, else as soon as one is given back.
    Whether it was free."""
    free = await take(session, place_id)
    if not free:
        await session.execute(
            update(PlaceRecord)
            .where(PlaceRecord.id == place_id)
            .values(closing=PlaceRecord.closing + 1)
            .execution_options(synchronize_session=False)
        )
    return free


async def hold(session: AsyncSession, place_id: int, application_id: int, request_id: int) -> bool:
    """Take a place for as long as the parent signs; False when none is free."""
    if not await take(session, place_id):
        return False
    session.add(HoldRecord(application_id=application_id, place_id=place_id, request_id=request_id))
    return True


async def keep(session: AsyncSession, request_id: int) -> bool:
    """The hold of a request becomes the taking itself; False when it holds nothing."""
    ended = await session.execute(delete(HoldRecord).where(HoldRecord.request_id == request_id))
    assert isinstance(ended, CursorResult)
    return ended.rowcount == 1


async def release(session: AsyncSession, request_id: int) -> None:
    """Give back what a request holds."""
    place_id = await session.scalar(
        select(HoldRecord.place_id).where(HoldRecord.request_id == request_id)
    )
    if place_id is not None and await keep(session, request_id):
        await give_back(session, place_id)
