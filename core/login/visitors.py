"""Visitors: who is in a chat, what they chose, and what they are being asked."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, exists, or_, select

from core.db.engine import Database
from core.db.ready import Ready
from core.db.upsert import insert
from core.identity.rules import Iin, Phone
from core.login.tables import ChatRecord, ConsentRecord, PersonRecord
from core.login.values import Language, Person, Visitor
from core.notices import service as notices
from core.notices.tables import NoticeRecord
from core.staff.rules import Member, Role
from core.staff.tables import StaffRecord

VISITOR = Ready(
    select(
        ChatRecord.language,
        ChatRecord.district,
        ChatRecord.session_until,
        ChatRecord.awaiting,
        ChatRecord.details,
        ChatRecord.blocked_at,
        PersonRecord.id,
        PersonRecord.iin,
        PersonRecord.full_name,
        PersonRecord.phone,
        StaffRecord.id.label("staff_id"),
        StaffRecord.role,
        StaffRecord.district.label("staff_district"),
        exists()
        .where(
            ConsentRecord.chat_id == ChatRecord.id,
            ConsentRecord.withdrawn_at.is_(None),
            or_(
                ConsentRecord.person_id == ChatRecord.person_id,
                ConsentRecord.person_id.is_(None),
            ),
        )
        .label("consented"),
        exists()
        .where(
            NoticeRecord.chat_id == ChatRecord.id,
            NoticeRecord.ended_at.is_(None),
            or_(
                NoticeRecord.seen_at.is_(None),
                NoticeRecord.message_id == bindparam("message_id", type_=BigInteger),
            ),
        )
        .label("noticed"),
    )
    .outerjoin(PersonRecord, PersonRecord.id == ChatRecord.person_id)
    .outerjoin(
        StaffRecord, and_(StaffRecord.iin == PersonRecord.iin, StaffRecord.revoked_at.is_(None))
    )
    .where(ChatRecord.id == bindparam("chat_id"))
)
"""Everything about a visitor in one query: it runs at every tap."""


class Visitors:
    """Chats as they are between two taps."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def load(self, chat_id: int, moment: datetime, message_id: int | None = None) -> Visitor:
        """The visitor of that chat; an empty one where the chat has never been seen.
        `message_id`: the message whose button was pressed."""
        rows = await self._db.ask(VISITOR, chat_id=chat_id, message_id=message_id)
        if not rows:
            return Visitor(chat_id)
        row = rows[0]
        person = None
        if row.id is not None:
            person = Person(row.id, Iin(row.iin), row.full_name, Phone.kept(row.phone))
        member = None
        if row.staff_id is not None:
            member = Member(row.staff_id, Role(row.role), row.staff_district)
        return Visitor(
            chat_id=chat_id,
            language=row.language,
            district=row.district,
            person=person,
            session=bool(person and row.session_until and row.session_until > moment),
            member=member,
            consented=bool(row.consented),
            awaiting=row.awaiting,
            details=row.details or {},
            blocked=row.blocked_at is not None,
            noticed=bool(row.noticed),
        )

    async def choose_language(self, chat_id: int, language: Language, moment: datetime) -> None:
        """The language of everything that this chat is shown or told."""
        await self._put(chat_id, moment, language=language)

    async def choose_district(self, chat_id: int, district: str, moment: datetime) -> None:
        """The district picked on the first page (R1)."""
        await self._put(chat_id, moment, district=district)

    async def expect(
        self, chat_id: int, awaiting: str | None, details: dict[str, Any] | None, moment: datetime
    ) -> None:
        """What the next message is taken for; None: for nothing in particular."""
        await self._put(chat_id, moment, awaiting=awaiting, details=details)

    async def mute(self, chat_id: int, muted: bool, moment: datetime) -> None:
        """Whether that chat is spared informational broadcasts from now on."""
        await self._put(chat_id, moment, muted_at=moment if muted else None)

    async def mark_blocked(self, chat_id: int, moment: datetime) -> None:
        """The person has blocked the bot."""
        async with self._db.write() as session:
            chat = await session.get(ChatRecord, chat_id, with_for_update=True)
            if chat is not None:
                chat.blocked_at = moment

    async def mark_back(self, chat_id: int, moment: datetime) -> None:
        """The person takes messages again: what waited for them goes out."""
        async with self._db.write() as session:
            chat = await session.get(ChatRecord, chat_id, with_for_update=True)
            if chat is None:
                return
            if chat.blocked_at and chat.person_id:
                person = await session.get_one(PersonRecord, chat.person_id)
                await notices.wake(session, person.iin, chat.blocked_at)  # due since then
            chat.blocked_at, chat.back_at = None, moment

    async def _put(self, chat_id: int, moment: datetime, **values: Any) -> None:
        async with self._db.write() as session:
            row = insert(session, ChatRecord).values(id=chat_id, created_at=moment, **values)
            await session.execute(row.on_conflict_do_update(index_elements=["id"], set_=values))
