"""Beats: each process that can take a tap says so; when all are silent, that is an outage."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.db.engine import leave_work
from core.db.upsert import insert
from core.outages.rules import SILENCE, Cause
from core.outages.tables import BeatRecord, OutageRecord
from core.watch.values import DAY

WORK = "outages"
"""The work that a new outage leaves behind (`Database.on_work`)."""


async def beat(session: AsyncSession, process: str, now: datetime) -> None:
    """That process can take a tap. Whoever is first to say so after a silence writes it down."""
    await note_silence(session, now)
    # what is a day older than `now` is never the newest: this one is newer
    await session.execute(delete(BeatRecord).where(BeatRecord.beat_at < now - DAY))
    fresh = insert(session, BeatRecord).values(process=process, beat_at=now)
    await session.execute(
        fresh.on_conflict_do_update(
            index_elements=[BeatRecord.process],
            set_={"beat_at": now},
            where=BeatRecord.beat_at < now,  # a desk may have gone ahead
        )
    )


async def note_silence(session: AsyncSession, now: datetime) -> None:
    """Write down the outage that has lasted since the newest beat, if it is one. It is told by the
    beat that it began with: whoever sees it, and however often, there is one row, which grows."""
    newest = await session.scalar(select(func.max(BeatRecord.beat_at)))
    if newest is None or now - newest <= SILENCE:
        return
    fresh = insert(session, OutageRecord).values(
        key=f"{Cause.OURS.value}:{newest.isoformat()}",
        cause=Cause.OURS.value,
        from_at=newest,
        to_at=now,
        due_at=now,
        extended=0,
    )
    await session.execute(
        fresh.on_conflict_do_update(
            index_elements=[OutageRecord.key],
            set_={"to_at": now, "due_at": now},
            where=OutageRecord.to_at < now,
        )
    )
    leave_work(session, WORK)


async def leap(session: AsyncSession, now: datetime, to: datetime) -> None:
    """The clock is about to be moved from `now` to `to`, as a desk does: what lies between has
    never been, so it was no outage."""
    await note_silence(session, now)
    await session.execute(update(BeatRecord).where(BeatRecord.beat_at < to).values(beat_at=to))
