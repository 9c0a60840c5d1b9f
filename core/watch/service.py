"""The watch: does the duties that are due, each in one process only, and keeps their heartbeats."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import CursorResult, Executable, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.db.engine import Database
from core.db.upsert import insert
from core.watch.found import Found
from core.watch.tables import HeartbeatRecord
from core.watch.values import LATE, Duty, Pulse

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=15)
"""How long a duty may take before another process does it: whoever began it may be dead."""
MOST = 20
"""Ids that a heartbeat names."""


class Watch:
    """Duties and their heartbeats."""

    def __init__(self, db: Database, duties: Sequence[Duty]) -> None:
        self._db = db
        self.duties = tuple(duties)

    async def run_due(self, now: datetime) -> None:
        """Do what is due and what nobody else has claimed. One that fails stops no other: its
        heart does not beat, and that is seen."""
        for duty in await self._claim(now):
            try:
                await self.run(duty, now)
            except Exception:
                log.exception("duty failed", duty=duty.name)

    async def run(self, duty: Duty, now: datetime) -> Found:
        """Do one, due or not. Returns all that it found."""
        found = await duty.run(self._db, now)
        if await self._note(duty, found, now):
            level = logging.ERROR if found else logging.INFO
            log.log(level, "ill" if found else "well again", duty=duty.name, ids=found[:MOST])
        return found

    async def _note(self, duty: Duty, found: Found, now: datetime) -> bool:
        """Let its heart beat. Whether that changed how it stands; a slow one that was overtaken by
        the next time changes nothing."""
        async with self._db.write() as session:
            record = await session.get(HeartbeatRecord, duty.name, with_for_update=True)
            if record is None:
                record = HeartbeatRecord(name=duty.name, due_at=duty.after(now), ok=True)
                session.add(record)
            elif record.beat_at > now:
                return False
            changed = record.ok == bool(found)
            record.due_at = duty.after(now)
            record.beat_at, record.ok = now, not found
            record.ill_since = (record.ill_since or now) if found else None
            record.details = {"ids": found[:MOST]}
            return changed

    async def pulses(self, now: datetime) -> list[Pulse]:
        """How each duty stands. One that has never been done is late."""
        known = await self._records()
        return [_pulse(duty, known.get(duty.name), now) for duty in self.duties]

    async def _records(self) -> dict[str, HeartbeatRecord]:
        async with self._db.read() as session:
            return {row.name: row for row in await session.scalars(select(HeartbeatRecord))}

    async def _claim(self, now: datetime) -> list[Duty]:
        """Those that are due: whoever moves their due time on does them."""
        known = await self._records()
        new = [duty for duty in self.duties if duty.name not in known]
        due = [duty for duty in self.duties if duty in new or known[duty.name].due_at <= now]
        if not due:
            return []
        async with self._db.write() as session:
            if new:
                await session.execute(_enter(session, new, now))
            return [duty for duty in due if await _moved_on(session, duty, now)]


def _enter(session: AsyncSession, duties: Sequence[Duty], now: datetime) -> Executable:
    """Their first rows: nothing is wrong until somebody has looked."""
    rows = [
        {"name": duty.name, "due_at": duty.first(now), "beat_at": now, "ok": True, "details": {}}
        for duty in duties
    ]
    return insert(session, HeartbeatRecord).values(rows).on_conflict_do_nothing()


async def _moved_on(session: AsyncSession, duty: Duty, now: datetime) -> bool:
    moved = await session.execute(
        update(HeartbeatRecord)
        .where(HeartbeatRecord.name == duty.name, HeartbeatRecord.due_at <= now)
        .values(due_at=min(duty.after(now), now + LEASE))
        .execution_options(synchronize_session=False)
    )
    assert isinstance(moved, CursorResult)
    return moved.rowcount == 1


def _pulse(duty: Duty, record: HeartbeatRecord | None, now: datetime) -> Pulse:
    if record is None:
        return Pulse(duty.name, ok=False, late=True, at=None, ill_since=None, ids=())
    late = now > record.beat_at + duty.every + LATE
    return Pulse(
        name=duty.name,
        ok=record.ok and not late,
        late=late,
        at=record.beat_at,
        ill_since=record.beat_at if late else record.ill_since,
        ids=tuple(record.details.get("ids", ())),
    )
