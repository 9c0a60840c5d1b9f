"""The watch: does the chores that are due, each in one process only, and keeps their heartbeats."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import CursorResult, select, update

from core.db.engine import Database
from core.db.upsert import insert
from core.watch.found import Found
from core.watch.tables import HeartbeatRecord
from core.watch.values import LATE, Chore, Health

log = structlog.get_logger(__name__)

MOST = 20
"""Ids that a heartbeat names."""


class Watch:
    """Chores and their heartbeats."""

    def __init__(self, db: Database, chores: Sequence[Chore]) -> None:
        self._db = db
        self.chores = tuple(chores)

    async def run_due(self, now: datetime) -> None:
        """Do what is due and what nobody else has claimed. One that fails stops no other: its
        heart does not beat, and that is seen."""
        known = await self._records()
        for chore in self.chores:
            record = known.get(chore.name)
            if record is None:
                await self._enter(chore, now)
            elif record.due_at > now:
                continue
            if not await self._claim(chore, now):
                continue
            try:
                await self.run(chore, now)
            except Exception:
                log.exception("chore failed", chore=chore.name)

    async def run(self, chore: Chore, now: datetime) -> Found:
        """Do one, due or not. Returns all that it found."""
        found = await chore.run(self._db, now)
        async with self._db.write() as session:
            record = await session.get(HeartbeatRecord, chore.name, with_for_update=True)
            if record is None:
                record = HeartbeatRecord(name=chore.name, due_at=chore.after(now), ill_since=None)
                session.add(record)
            record.beat_at, record.ok = now, not found
            record.ill_since = (record.ill_since or now) if found else None
            record.details = {"ids": found[:MOST]}
        if found:
            log.error("ill", chore=chore.name, ids=found[:MOST])
        return found

    async def health(self, now: datetime) -> list[Health]:
        """How each chore stands. One that has never been done is late."""
        known = await self._records()
        return [_health(chore, known.get(chore.name), now) for chore in self.chores]

    async def _records(self) -> dict[str, HeartbeatRecord]:
        async with self._db.read() as session:
            return {row.name: row for row in await session.scalars(select(HeartbeatRecord))}

    async def _enter(self, chore: Chore, now: datetime) -> None:
        async with self._db.write() as session:
            await session.execute(
                insert(session, HeartbeatRecord)
                .values(name=chore.name, due_at=chore.first(now), beat_at=now, ok=True, details={})
                .on_conflict_do_nothing()
            )

    async def _claim(self, chore: Chore, now: datetime) -> bool:
        """Whoever moves the due time on does it."""
        async with self._db.write() as session:
            moved = await session.execute(
                update(HeartbeatRecord)
                .where(HeartbeatRecord.name == chore.name, HeartbeatRecord.due_at <= now)
                .values(due_at=chore.after(now))
                .execution_options(synchronize_session=False)
            )
            assert isinstance(moved, CursorResult)
            return moved.rowcount == 1


def _health(chore: Chore, record: HeartbeatRecord | None, now: datetime) -> Health:
    if record is None:
        return Health(chore.name, ok=False, late=True, at=now, ill_since=None, ids=())
    late = now > record.beat_at + chore.every + LATE
    return Health(
        name=chore.name,
        ok=record.ok and not late,
        late=late,
        at=record.beat_at,
        ill_since=record.beat_at if late else record.ill_since,
        ids=tuple(record.details.get("ids", ())),
    )
