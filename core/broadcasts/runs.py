"""Broadcasts under way: recipients are owed their notice a few ahead of those that are sent."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ScalarSelect, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.broadcasts import audience as audiences
from core.broadcasts import outbox
from core.broadcasts.rules import Audience, Content, Kind, Stage
from core.broadcasts.tables import BroadcastRecord
from core.broadcasts.values import Broadcast, Progress, broadcast_of
from core.db.engine import Database, leave_work
from core.login.tables import ChatRecord
from core.notices import service as notices
from core.notices.plan import end_of_quiet, quiet

LOOK = timedelta(seconds=3)
"""How often one that is under way is looked at, and its progress shown."""
ROWS_A_SECOND = 20_000
"""To count how far a broadcast is, all its rows are read: one so long is counted less often, though
looked at as often as others."""
LEASE = timedelta(minutes=1)
"""After which an end of which nobody was told is told again."""
AHEAD = 4_000
"""Notices of one broadcast that stand in line at most."""
BATCH = 500
SENDS = frozenset({Stage.RUNNING, Stage.DONE})
"""Those whose notices go out. When it is done, some are still woken by those who come back."""


@dataclass(frozen=True)
class Look:
    """What there is to show: `ended`: for the first time."""

    broadcast: Broadcast
    progress: Progress
    ended: bool


@dataclass(frozen=True)
class Message:
    """What one reader is to get. `stage`: of the broadcast now; `muted`: the reader has muted
    informational ones."""

    stage: Stage
    kind: Kind
    content: Content
    muted: bool

    @property
    def held(self) -> bool:
        """It is to wait."""
        return self.stage is Stage.PAUSED

    @property
    def wanted(self) -> bool:
        """It is to go out, unless it is held."""
        return self.stage in SENDS and not (self.muted and self.kind is Kind.INFORMATIONAL)


@dataclass
class _Batch:
    """Chats whose messages are read together."""

    broadcasts: set[int] = field(default_factory=set)
    chats: set[int] = field(default_factory=set)
    read: bool = False
    found: dict[int, Message] = field(default_factory=dict)
    muted: set[int] = field(default_factory=set)


IDS: BindParameter[int] = bindparam("ids", expanding=True)
BROADCASTS = select(
    BroadcastRecord.id, BroadcastRecord.stage, BroadcastRecord.kind, BroadcastRecord.content
).where(BroadcastRecord.id.in_(IDS))
MUTED = select(ChatRecord.id).where(ChatRecord.id.in_(IDS), ChatRecord.muted_at.is_not(None))


def next_due() -> ScalarSelect[datetime | None]:
    """When a broadcast is to be looked at next."""
    due = BroadcastRecord.due_at.is_not(None)
    return select(func.min(BroadcastRecord.due_at)).where(due).scalar_subquery()


class BroadcastRuns:
    """The worker's side of broadcasts."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._count_at: dict[int, datetime] = {}
        self._batch = _Batch()
        self._reading = asyncio.Lock()

    async def look(self, now: datetime) -> list[Look]:
        """Begin what is to begin, keep the outbox filled, end what is over. A process that dies
        leaves nothing half done: the next one looks again."""
        async with self._db.read() as session:
            due = (
                await session.scalars(
                    select(BroadcastRecord.id)
                    .where(BroadcastRecord.due_at <= now)
                    .order_by(BroadcastRecord.id)
                )
            ).all()
        return [look for id_ in due if (look := await self._look_at(id_, now)) is not None]

    async def told(self, broadcast_id: int, stage: Stage) -> None:
        """Its end has been told: nobody need look at it any more."""
        async with self._db.write() as session:
            record = await session.get(BroadcastRecord, broadcast_id, with_for_update=True)
            if record is not None and record.stage == stage:
                record.due_at = None

    async def leave_progress(self, chat: int, message: int) -> None:
        """That message shows something else by now: no progress is written over it."""
        async with self._db.write() as session:
            await session.execute(
                update(BroadcastRecord)
                .where(BroadcastRecord.shown_chat == chat, BroadcastRecord.shown_message == message)
                .values(shown_message=None)
            )

    async def moved(self, broadcast_id: int, shown: tuple[int, int], message: int) -> None:
        """Its progress had to be shown in another message of that chat."""
        async with self._db.write() as session:
            record = await session.get(BroadcastRecord, broadcast_id, with_for_update=True)
            if record is not None and (record.shown_chat, record.shown_message) == shown:
                record.shown_message = message

    async def message(self, broadcast_id: int, chat_id: int) -> Message | None:
        """What that chat is to get, as things stand; None: there is no such broadcast."""
        batch = self._batch
        batch.broadcasts.add(broadcast_id)
        batch.chats.add(chat_id)
        async with self._reading:
            if batch is self._batch:  # nobody else may join it any more
                self._batch = _Batch()
            if not batch.read:  # or whoever came first has read it along
                await self._read(batch)
        found = batch.found.get(broadcast_id)
        return found and replace(found, muted=chat_id in batch.muted)

    async def _read(self, batch: "_Batch") -> None:
        """Two statements for all who have asked while the ones before ran: at a thousand messages
        a second one for each would take longer than all the rest."""
        async with self._db.read() as session:
            broadcasts = await session.execute(BROADCASTS, {"ids": list(batch.broadcasts)})
            batch.found = {
                row.id: Message(Stage(row.stage), Kind(row.kind), Content.of(row.content), False)
                for row in broadcasts
            }
            batch.muted = set(await session.scalars(MUTED, {"ids": list(batch.chats)}))
        batch.read = True

    async def _look_at(self, broadcast_id: int, now: datetime) -> Look | None:
        """None: another process looks at it, or there is nothing new to show yet."""
        async with self._db.write() as session:
            record = await _due(session, broadcast_id, now)
            if record is None:
                return None
            record.due_at = now + LEASE  # nobody else's meanwhile
            if record.stage == Stage.RUNNING:
                await outbox.release(session, record.id, now)
        if record.stage == Stage.SCHEDULED:
            await self._begin(record, now)
        while await self._write_more(broadcast_id, now):
            pass
        async with self._db.write() as session:
            record = await session.get_one(BroadcastRecord, broadcast_id, with_for_update=True)
            ended = await _go_on(session, record, now)
            if now < self._count_at.get(record.id, now) and not ended:
                return None
            progress = await outbox.progress(
                session, record.id, record.recipients or 0, written=record.written, now=now
            )
            self._count_at[record.id] = now + timedelta(seconds=progress.total / ROWS_A_SECOND)
            return Look(broadcast_of(record), progress, ended)

    async def _begin(self, scheduled: BroadcastRecord, now: datetime) -> None:
        """Its time has come: whoever belongs to the audience now, counted while others write."""
        audience, kind = Audience.of(scheduled.audience), Kind(scheduled.kind)
        async with self._db.read() as session:
            counted = await audiences.count(session, audience, kind)
        async with self._db.write() as session:
            record = await session.get_one(BroadcastRecord, scheduled.id, with_for_update=True)
            if record.stage == Stage.SCHEDULED:
                record.stage, record.started_at = Stage.RUNNING, now
                record.recipients = counted.recipients

    async def _write_more(self, broadcast_id: int, now: datetime) -> bool:
        """The next batch of notices, or of recalls; whether there may be more to write now."""
        async with self._db.write() as session:
            record = await session.get_one(BroadcastRecord, broadcast_id, with_for_update=True)
            stage = Stage(record.stage)
            done = record.written and stage is not Stage.RECALLING
            if done or stage not in (Stage.RUNNING, Stage.RECALLING):
                return False
            if await outbox.waiting(session, record.id) >= AHEAD:
                return False
            if stage is Stage.RECALLING:
                return await outbox.recall(session, record.id, BATCH, now) == BATCH
            ids = await audiences.write(
                session,
                record.id,
                Audience.of(record.audience),
                Kind(record.kind),
                record.cursor,
                BATCH,
                now,
            )
            if ids:
                record.cursor = ids[-1]
                leave_work(session, notices.WORK)
            record.written = len(ids) < BATCH
            return not record.written


async def _due(session: AsyncSession, broadcast_id: int, now: datetime) -> BroadcastRecord | None:
    return await session.scalar(
        select(BroadcastRecord)
        .where(BroadcastRecord.id == broadcast_id, BroadcastRecord.due_at <= now)
        .with_for_update(skip_locked=True)
    )


async def _go_on(session: AsyncSession, record: BroadcastRecord, now: datetime) -> bool:
    """When to look again; whether it has ended just now, or nobody was told that it has."""
    stage = Stage(record.stage)
    if stage is Stage.PAUSED:
        record.due_at = None
        return False
    busy = stage in (Stage.RUNNING, Stage.RECALLING, Stage.CANCELLED) and (
        not record.written or await outbox.waiting(session, record.id) > 0
    )
    if busy:
        nightly = stage is Stage.RUNNING and quiet(now)
        record.due_at = end_of_quiet(now) if nightly else now + LOOK
        return False
    if stage is Stage.RUNNING:
        record.stage = Stage.DONE
    elif stage is Stage.RECALLING:
        record.stage = Stage.RECALLED
    record.ended_at = record.ended_at or now
    record.due_at = now + LEASE
    return True
