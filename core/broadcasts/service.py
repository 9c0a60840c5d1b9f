"""Broadcasts as staff handle them: drafts, their audience, starting, pausing, stopping, recalling.

Whose a broadcast is: an operator's, of their district; anybody else's, of the region. Another
district's does not exist.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.tables import CategoryRecord
from core.audit import log
from core.broadcasts import audience as audiences
from core.broadcasts import outbox
from core.broadcasts.rules import (
    RECALLABLE,
    STOPPABLE,
    UNDER_WAY,
    Audience,
    Content,
    Kind,
    Problem,
    Stage,
    problems,
)
from core.broadcasts.tables import BroadcastRecord
from core.broadcasts.values import (
    Broadcast,
    Counted,
    NoSuchBroadcast,
    NotNow,
    Progress,
    broadcast_of,
)
from core.db.engine import Database, leave_work
from core.named import Named
from core.places.search import fold
from core.places.tables import KindergartenRecord
from core.staff.rules import Member, Right, require

WORK = "broadcasts"
"""The work that a broadcast leaves behind (`Database.on_work`)."""
LISTED = 8
FOUND = 8
"""Kindergartens that a search offers."""


class NotReady(Exception):
    """The draft cannot go out; `why` says what is missing."""

    def __init__(self, why: Sequence[Problem]) -> None:
        super().__init__(", ".join(why))
        self.why = why


class Changed(Exception):
    """The draft is another one than what was confirmed."""


class Broadcasts:
    """Use cases of staff. All raise NotAllowed, and NoSuchBroadcast."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def draft(
        self, member: Member, moment: datetime, corrects: int | None = None
    ) -> Broadcast:
        """A new draft: empty, or filled with what the one that it corrects had. Raises NotNow:
        that one is a draft itself, and can be deleted."""
        require(member, Right.BROADCAST, member.district)
        async with self._db.write() as session:
            old = None if corrects is None else await own(session, member, corrects)
            if old is not None and old.stage == Stage.DRAFT:
                raise NotNow
            here = frozenset(() if member.district is None else (member.district,))
            record = BroadcastRecord(
                created_by=member.id,
                created_at=moment,
                district=member.district if old is None else old.district,
                corrects=corrects,
                stage=Stage.DRAFT,
                kind=Kind.INFORMATIONAL if old is None else old.kind,
                audience=Audience(districts=here).kept() if old is None else old.audience,
                content={} if old is None else old.content,
            )
            session.add(record)
            await session.flush()
            _note(session, member, "created", record, moment, corrects=corrects)
            return broadcast_of(record)

    async def listed(self, member: Member, page: int = 0) -> tuple[list[Broadcast], bool]:
        """Those that are under way, however old, and the others, the newest first: a page of
        them (from 0), and whether there are more."""
        require(member, Right.BROADCAST)
        theirs = [] if member.district is None else [BroadcastRecord.district == member.district]
        async with self._db.read() as session:
            found = await session.scalars(
                select(BroadcastRecord)
                .where(*theirs)
                .order_by(BroadcastRecord.stage.in_(UNDER_WAY).desc(), BroadcastRecord.id.desc())
                .offset(page * LISTED)
                .limit(LISTED + 1)
            )
            some = [broadcast_of(record) for record in found]
            return some[:LISTED], len(some) > LISTED

    async def one(self, member: Member, broadcast_id: int) -> Broadcast:
        """As it is now."""
        async with self._db.read() as session:
            return broadcast_of(await own(session, member, broadcast_id))

    async def count(self, member: Member, broadcast_id: int) -> Counted:
        """Its audience, counted now."""
        async with self._db.read() as session:
            record = await own(session, member, broadcast_id)
            return await audiences.count(session, Audience.of(record.audience), Kind(record.kind))

    async def change(
        self,
        member: Member,
        broadcast_id: int,
        *,
        audience: Audience | None = None,
        content: Content | None = None,
        kind: Kind | None = None,
        starts_at: datetime | None = None,
        at_once: bool = False,
    ) -> Broadcast:
        """Change what is given of a draft. A district's broadcast stays in it. Raises NotNow: it
        is none any more."""
        async with self._db.write() as session:
            record = await own(session, member, broadcast_id, lock=True)
            if record.stage != Stage.DRAFT:
                raise NotNow
            if audience is not None:
                record.audience = _inside(audience, record.district).kept()
            if content is not None:
                record.content = content.kept()
            if kind is not None:
                record.kind = kind
            if at_once or starts_at is not None:
                record.starts_at = starts_at
            record.version += 1
            return broadcast_of(record)

    async def discard(self, member: Member, broadcast_id: int, moment: datetime) -> None:
        """Delete a draft. Raises NotNow."""
        async with self._db.write() as session:
            record = await own(session, member, broadcast_id, lock=True)
            if record.stage != Stage.DRAFT:
                raise NotNow
            _note(session, member, "discarded", record, moment)
            await session.delete(record)

    async def start(
        self, member: Member, broadcast_id: int, version: int, moment: datetime
    ) -> Broadcast:
        """Send a draft, now or at its time. Raises Changed (`version` is not the draft's),
        NotReady, NotNow (it has begun)."""
        counted = await self.count(member, broadcast_id)  # not while others wait to write
        async with self._db.write() as session:
            record = await own(session, member, broadcast_id, lock=True)
            if record.stage != Stage.DRAFT:
                raise NotNow
            if record.version != version:
                raise Changed
            for district in Audience.of(record.audience).districts:
                require(member, Right.BROADCAST, district)
            if why := problems(Content.of(record.content), counted.readers.keys()):
                raise NotReady(why)
            later = record.starts_at is not None and record.starts_at > moment
            record.stage = Stage.SCHEDULED if later else Stage.RUNNING
            record.started_at = None if later else moment
            record.due_at = record.starts_at if later else moment
            record.recipients = counted.recipients
            act = "scheduled" if later else "started"
            _note(session, member, act, record, moment, recipients=counted.recipients)
            return broadcast_of(record)

    async def pause(self, member: Member, broadcast_id: int, moment: datetime) -> None:
        """Nothing goes out any more but what is in Telegram's hands already. Raises NotNow."""
        async with self._db.write() as session:
            record = await _stand(session, member, broadcast_id, {Stage.RUNNING})
            record.stage, record.due_at = Stage.PAUSED, moment
            await outbox.hold(session, record.id)
            _note(session, member, "paused", record, moment)

    async def resume(self, member: Member, broadcast_id: int, moment: datetime) -> None:
        """It goes on at the first who was not told. Raises NotNow."""
        async with self._db.write() as session:
            record = await _stand(session, member, broadcast_id, {Stage.PAUSED})
            record.stage, record.due_at = Stage.RUNNING, moment
            _note(session, member, "resumed", record, moment)

    async def cancel(self, member: Member, broadcast_id: int, moment: datetime) -> None:
        """Stop it for ever: who was told stays told. Raises NotNow."""
        async with self._db.write() as session:
            record = await _stand(session, member, broadcast_id, STOPPABLE)
            record.stage, record.due_at, record.written = Stage.CANCELLED, moment, True
            await outbox.drop(session, record.id)
            _note(session, member, "cancelled", record, moment)

    async def recall(self, member: Member, broadcast_id: int, moment: datetime) -> None:
        """Delete what was sent, as far as it is younger than 48 hours; the rest never goes out.
        Raises NotNow."""
        async with self._db.write() as session:
            record = await _stand(session, member, broadcast_id, RECALLABLE)
            record.stage, record.due_at, record.written = Stage.RECALLING, moment, True
            record.ended_at = None
            await outbox.drop(session, record.id)
            _note(session, member, "recalled", record, moment)

    async def progress(self, member: Member, broadcast_id: int, now: datetime) -> Progress:
        """How far it is."""
        async with self._db.read() as session:
            record = await own(session, member, broadcast_id)
            return await outbox.progress(
                session, record.id, record.recipients or 0, written=record.written, now=now
            )

    async def show_in(self, member: Member, broadcast_id: int, chat: int, message: int) -> None:
        """Where its progress is shown from now on: in the message that was opened last."""
        async with self._db.write() as session:
            record = await own(session, member, broadcast_id, lock=True)
            record.shown_chat, record.shown_message = chat, message

    async def kindergartens(
        self, member: Member, broadcast_id: int, words: str
    ) -> list[tuple[int, str]]:
        """Id and name of those whose name has these words, in the districts of the audience."""
        async with self._db.read() as session:
            record = await own(session, member, broadcast_id)
            districts = sorted(Audience.of(record.audience).districts)
            here = [KindergartenRecord.district.in_(districts)] if districts else []
            found = await session.execute(
                select(KindergartenRecord.id, KindergartenRecord.name)
                .where(KindergartenRecord.folded_name.contains(fold(words), autoescape=True), *here)
                .order_by(KindergartenRecord.folded_name, KindergartenRecord.id)
                .limit(FOUND)
            )
            return [(id_, name) for id_, name in found]

    async def names(self, kindergarten: int | None) -> tuple[Mapping[str, Named], str | None]:
        """The categories by code in their order, and the kindergarten's name."""
        async with self._db.read() as session:
            rows = await session.scalars(select(CategoryRecord).order_by(CategoryRecord.position))
            categories = {row.code: Named(row.name_kk, row.name_ru, row.name_en) for row in rows}
            name = await session.scalar(
                select(KindergartenRecord.name).where(KindergartenRecord.id == kindergarten)
            )
            return categories, name


async def own(
    session: AsyncSession, member: Member, broadcast_id: int, *, lock: bool = False
) -> BroadcastRecord:
    """The broadcast, if it is theirs. Raises NotAllowed, NoSuchBroadcast."""
    require(member, Right.BROADCAST)
    record = await session.get(BroadcastRecord, broadcast_id, with_for_update=lock or None)
    if record is None or (member.district is not None and record.district != member.district):
        raise NoSuchBroadcast
    return record


async def _stand(
    session: AsyncSession, member: Member, broadcast_id: int, stages: set[Stage] | frozenset[Stage]
) -> BroadcastRecord:
    record = await own(session, member, broadcast_id, lock=True)
    if record.stage not in stages:
        raise NotNow
    return record


def _inside(audience: Audience, district: str | None) -> Audience:
    kept: dict[str, Any] = audience.kept()
    return audience if district is None else Audience.of({**kept, "districts": [district]})


def _note(
    session: AsyncSession,
    member: Member,
    act: str,
    record: BroadcastRecord,
    moment: datetime,
    **details: int | None,
) -> None:
    """Into the audit log, and into the worker's hands."""
    log.note(
        session,
        member,
        f"broadcast_{act}",
        moment,
        subjects={"broadcast": [record.id]},
        details={name: value for name, value in details.items() if value is not None},
    )
    leave_work(session, WORK)
