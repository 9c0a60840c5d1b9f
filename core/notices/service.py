"""Notices: written with the change that caused them, claimed and sent by a worker."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.db.engine import Database, leave_work
from core.identity.rules import IdentityError, Iin, Phone
from core.login.tables import ChatRecord, PersonRecord
from core.login.values import Person
from core.notices.tables import NoticeRecord

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
"""How long a worker may take over a claimed notice before another may claim it."""

PAUSES = tuple(timedelta(seconds=s) for s in (5, 15, 60, 300, 900, 1800, 3600))
"""Pauses between attempts; after the last one every further attempt waits as long."""

ATTEMPTS = 30
"""After so many attempts a notice has failed, visibly."""


@dataclass(frozen=True)
class Notice:
    """A claimed notice; `chat_id` is where it goes."""

    id: int
    kind: str
    chat_id: int
    language: str
    person: Person
    application_id: int | None
    details: dict[str, Any]
    attempts: int


async def add(
    session: AsyncSession,
    *,
    kind: str,
    key: str,
    iin: str,
    moment: datetime,
    details: dict[str, Any],
    application_id: int | None = None,
    chat_id: int | None = None,
) -> None:
    """Owe a notice, inside the transaction of the change that causes it. `key` makes it one."""
    session.add(
        NoticeRecord(
            kind=kind,
            key=key,
            iin=iin,
            application_id=application_id,
            chat_id=chat_id,
            details=details,
            state="pending",
            created_at=moment,
            due_at=moment,
        )
    )
    leave_work(session, "notices")


async def wake(session: AsyncSession, iin: str, moment: datetime) -> None:
    """Send what waited for this person to have a chat.

    A worker may just be finding out that there is none: it has its notices locked until it has
    noted so, and only then can they be woken.
    """
    theirs = NoticeRecord.iin == iin, NoticeRecord.sent_at.is_(None)
    await session.execute(select(NoticeRecord.id).where(*theirs).with_for_update())
    await session.execute(
        update(NoticeRecord)
        .where(*theirs, NoticeRecord.state == "waiting")
        .values(state="pending", due_at=moment)
        .execution_options(synchronize_session=False)
    )
    leave_work(session, "notices")


class Notices:
    """The worker's side of the notices."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def next_due(self) -> datetime | None:
        """When the next notice is to be sent or tried again."""
        async with self._db.read() as session:
            return await session.scalar(select(func.min(NoticeRecord.due_at)))

    async def claim(self, now: datetime, limit: int = 50) -> list[Notice]:
        """Take due notices for `LEASE`, charging the attempt. Those whose person has no chat, or
        blocked it, wait until that changes; those tried too often have failed."""
        async with self._db.write() as session:
            records = (
                await session.scalars(
                    select(NoticeRecord)
                    .where(NoticeRecord.due_at <= now)
                    .order_by(NoticeRecord.due_at, NoticeRecord.id)
                    .limit(limit)
                    .with_for_update(skip_locked=True)
                )
            ).all()
            reachable = await _chats(session, records)
            claimed = []
            for record in records:
                notice = reachable.get(record.id)
                if record.attempts >= ATTEMPTS:
                    record.state, record.due_at = "failed", None
                    log.error("notice failed", notice_id=record.id)
                elif notice is None:
                    record.state, record.due_at = "waiting", None
                else:
                    record.state, record.due_at = "sending", now + LEASE
                    record.attempts += 1
                    claimed.append(notice)
            return claimed

    async def sent(self, notice_id: int, message_id: int, now: datetime) -> None:
        """Telegram took it."""
        await self._set(notice_id, state="sent", due_at=None, sent_at=now, message_id=message_id)

    async def cancelled(self, notice_id: int) -> None:
        """It had become pointless before it was sent."""
        await self._set(notice_id, state="cancelled", due_at=None)

    async def unreachable(self, notice: Notice, now: datetime) -> None:
        """The chat is gone or blocked: it waits for the person to come back, or for another chat.
        Both are noted at once, or whoever comes back in between would wake nothing."""
        async with self._db.write() as session:
            await session.execute(
                update(ChatRecord).where(ChatRecord.id == notice.chat_id).values(blocked_at=now)
            )
            await session.execute(
                update(NoticeRecord)
                .where(NoticeRecord.id == notice.id)
                .values(state="waiting", due_at=None)
            )

    async def retry(self, notice: Notice, now: datetime) -> None:
        """It did not go through: try again after a growing pause."""
        pause = PAUSES[min(notice.attempts, len(PAUSES) - 1)]
        await self._set(notice.id, state="pending", due_at=now + pause)

    async def _set(self, notice_id: int, **values: Any) -> None:
        async with self._db.write() as session:
            await session.execute(
                update(NoticeRecord).where(NoticeRecord.id == notice_id).values(**values)
            )


async def _chats(session: AsyncSession, records: Any) -> dict[int, Notice]:
    """Notice id -> the notice with the chat it goes to; absent where there is none."""
    people = await session.execute(
        select(PersonRecord, ChatRecord)
        .outerjoin(ChatRecord, ChatRecord.person_id == PersonRecord.id)
        .where(PersonRecord.iin.in_({record.iin for record in records}))
    )
    known = {person.iin: (person, chat) for person, chat in people}
    named = {record.chat_id for record in records if record.chat_id is not None}
    chats = {
        chat.id: chat
        for chat in await session.scalars(select(ChatRecord).where(ChatRecord.id.in_(named)))
    }
    found = {}
    for record in records:
        person, chat = known.get(record.iin, (None, None))
        if record.chat_id is not None:
            chat = chats.get(record.chat_id)
        reader = _reader(person) if person is not None else None
        if reader is None or chat is None or chat.blocked_at is not None:
            continue
        found[record.id] = Notice(
            id=record.id,
            kind=record.kind,
            chat_id=chat.id,
            language=chat.language or "kk",
            person=reader,
            application_id=record.application_id,
            details=record.details,
            attempts=record.attempts,
        )
    return found


def _reader(person: PersonRecord) -> Person | None:
    """None for one whose phone is a phone no more (a newer plan of numbers): their notices wait
    until they enter with another, and nobody else's wait with them."""
    try:
        return Person(person.id, Iin(person.iin), person.full_name, Phone(person.phone))
    except IdentityError:
        log.error("person not readable", person_id=person.id)
        return None
