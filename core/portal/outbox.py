"""What the portal is told: written with the change, claimed with a lease, at least once, and in
order for each application."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import CursorResult, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.db.engine import PORTAL_TOLD, Database, leave_work
from core.places.tables import KindergartenRecord, PlaceRecord
from core.portal.tables import GIVEN_UP, PortalOutboxRecord

log = structlog.get_logger(__name__)

WORK = "portal"
"""The work that a change leaves behind (`Database.on_work`)."""
LEASE = timedelta(seconds=60)
"""How long a worker may take over what it has claimed before another may claim it."""
PAUSES = tuple(timedelta(seconds=s) for s in (5, 15, 60, 300, 900, 3600))
"""Pauses between attempts, each up to a quarter shorter by chance; the last one repeats."""
GIVEN_UP_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class Change:
    """A claimed change: what the portal is to hear."""

    id: int
    key: str
    at: datetime
    data: dict[str, Any]
    attempts: int
    lease_until: datetime


Outcome = tuple[Change, str | None]
"""A change, and why the portal has not taken it: a code; None: it has."""


async def tell(
    session: AsyncSession,
    *,
    key: str,
    application_id: int,
    at: datetime,
    moment: datetime,
    data: dict[str, Any],
    place_id: int | None = None,
) -> None:
    """Note a change for the portal in the transaction that makes it; nothing where no portal is
    told, or where the portal has ordered the change itself (`data["by"]`). `key` names the change
    for ever; `at` is when it took effect, and `moment` now."""
    if not session.info.get(PORTAL_TOLD) or data["by"] == "portal":
        return
    place = await _place(session, place_id) if place_id is not None else None
    session.add(
        PortalOutboxRecord(
            key=key,
            application_id=application_id,
            at=at,
            data={**data, "place": place},
            created_at=moment,
            due_at=moment,
            attempts=0,
        )
    )
    leave_work(session, WORK)


async def _place(session: AsyncSession, place_id: int) -> dict[str, Any]:
    """A place as the portal names it in `place.put`."""
    place, home = (
        await session.execute(
            select(PlaceRecord, KindergartenRecord)
            .join(KindergartenRecord, KindergartenRecord.id == PlaceRecord.kindergarten_id)
            .where(PlaceRecord.id == place_id)
        )
    ).one()
    return {
        "district": home.district,
        "kindergarten": home.name,
        "language": place.language,
        "mode": place.mode,
        "until": place.until.isoformat() if place.until else None,
    }


class PortalOutbox:
    """The worker's side of it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def claim(self, now: datetime, limit: int) -> list[Change]:
        """Take for `LEASE` the first untold change of applications that have one due, charging the
        attempt. What comes after an untold one is put off: `record` brings it forward."""
        while True:
            async with self._db.write() as session:
                due = (
                    await session.scalars(
                        select(PortalOutboxRecord)
                        .where(PortalOutboxRecord.due_at <= now)
                        .order_by(PortalOutboxRecord.due_at, PortalOutboxRecord.id)
                        .limit(limit)
                        .with_for_update(skip_locked=True)
                    )
                ).all()
                claimed = await _claim(session, due, now)
            if claimed or not due:
                return claimed

    async def record(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Note what came of claimed changes. One that somebody else has claimed since, because the
        lease was over, is theirs to note."""
        async with self._db.write() as session:
            records = {
                record.id: record
                for record in await session.scalars(
                    select(PortalOutboxRecord)
                    .where(PortalOutboxRecord.id.in_([change.id for change, _ in outcomes]))
                    .order_by(PortalOutboxRecord.id)
                    .with_for_update()
                )
            }
            over = []
            for change, because in outcomes:
                record = records.get(change.id)
                if record is None or not _theirs(record, change):
                    continue
                _note(record, because, now)
                if record.due_at is None:
                    over.append(record.application_id)
            await session.flush()
            await _bring_forward(session, over, now)

    async def again(self, now: datetime) -> int:
        """Have told what was given up, for as long again. How much it was."""
        async with self._db.write() as session:
            given_up = await session.execute(
                update(PortalOutboxRecord)
                .where(text(GIVEN_UP))
                .values(due_at=now, attempts=0, created_at=now)
                .execution_options(synchronize_session=False)
            )
            assert isinstance(given_up, CursorResult)
            leave_work(session, WORK)
            return given_up.rowcount


async def _claim(
    session: AsyncSession, due: Sequence[PortalOutboxRecord], now: datetime
) -> list[Change]:
    untold = await session.execute(
        select(PortalOutboxRecord.application_id, func.min(PortalOutboxRecord.id))
        .where(
            PortalOutboxRecord.application_id.in_({record.application_id for record in due}),
            PortalOutboxRecord.due_at.is_not(None),
        )
        .group_by(PortalOutboxRecord.application_id)
    )
    first: dict[int, int] = dict(untold.all())
    waits = select(PortalOutboxRecord.id, PortalOutboxRecord.due_at).where(
        PortalOutboxRecord.id.in_(first.values())
    )
    until = {row.id: row.due_at for row in await session.execute(waits)}
    claimed = []
    for record in due:
        # what comes after one that waits for an hour waits as long
        record.due_at = max(now + LEASE, until[first[record.application_id]])
        if first[record.application_id] == record.id:
            record.attempts += 1
            claimed.append(
                Change(record.id, record.key, record.at, record.data, record.attempts, now + LEASE)
            )
    return claimed


def _theirs(record: PortalOutboxRecord, change: Change) -> bool:
    """Whether it is still in the hands of whoever claimed it."""
    return (record.attempts, record.due_at) == (change.attempts, change.lease_until)


def _note(record: PortalOutboxRecord, because: str | None, now: datetime) -> None:
    record.because = because
    if because is None:
        record.due_at, record.delivered_at = None, now
    elif now >= record.created_at + GIVEN_UP_AFTER:
        record.due_at = None
        log.error("portal not told", change=record.id, because=because)
    else:
        pause = PAUSES[min(record.attempts, len(PAUSES)) - 1]
        record.due_at = now + pause * random.uniform(0.75, 1)


async def _bring_forward(session: AsyncSession, applications: list[int], now: datetime) -> None:
    """What waited for a change that is over now need wait no longer."""
    if applications:
        await session.execute(
            update(PortalOutboxRecord)
            .where(
                PortalOutboxRecord.application_id.in_(applications),
                PortalOutboxRecord.due_at > now,
            )
            .values(due_at=now)
            .execution_options(synchronize_session=False)
        )
        leave_work(session, WORK)
