"""Who reads a notice, and how they are reached."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.tables import ApplicationRecord
from core.db.among import among
from core.identity.rules import IdentityError, Iin, Phone
from core.login.tables import ChatRecord, PersonRecord
from core.notices.plan import Channel
from core.notices.tables import NoticeRecord
from core.notices.values import BROADCAST, OUT, State
from core.sms.tables import SmsRecord

log = structlog.get_logger(__name__)

DEFAULT_LANGUAGE = "kk"
LATE = timedelta(hours=1)
"""A notice that is later than that may have a newer one of its series behind it."""


@dataclass(frozen=True)
class Reader:
    """`missing`: why Telegram does not reach them ("no_chat", "blocked"), None when it does.
    `phone`: of who is told by SMS, see `phone_of`."""

    iin: Iin
    language: str
    chat_id: int | None
    missing: str | None
    phone: Phone | None


@dataclass(frozen=True)
class Given:
    """The phone of an application, and when staff corrected it."""

    phone: str = field(repr=False)
    corrected_at: datetime | None


async def readers_of(session: AsyncSession, records: Sequence[NoticeRecord]) -> dict[int, Reader]:
    """Notice id -> its reader, in three queries at most, however many there are."""
    people = await session.execute(
        select(PersonRecord, ChatRecord)
        .outerjoin(ChatRecord, ChatRecord.person_id == PersonRecord.id)
        .where(among(PersonRecord.iin, {record.iin for record in records}))
    )
    known = {person.iin: (person, chat) for person, chat in people}
    named = {record.only_chat for record in records if record.only_chat is not None}
    chats = {
        chat.id: chat
        for chat in await session.scalars(select(ChatRecord).where(among(ChatRecord.id, named)))
    }
    texts = {record.application_id for record in records if record.channel == Channel.SMS}
    given = await _given(session, texts - {None}) if texts else {}
    return {
        record.id: _reader(record, person, chat, chats, given)
        for record in records
        for person, chat in [known.get(record.iin, (None, None))]
    }


async def _given(session: AsyncSession, about: set[int | None]) -> dict[int, Given]:
    """The phones of these applications."""
    found = await session.execute(
        select(
            ApplicationRecord.id,
            ApplicationRecord.applicant_phone,
            ApplicationRecord.phone_corrected_at,
        ).where(among(ApplicationRecord.id, about))
    )
    return {row.id: Given(row.applicant_phone, row.phone_corrected_at) for row in found}


def _reader(
    record: NoticeRecord,
    person: PersonRecord | None,
    chat: ChatRecord | None,
    chats: dict[int, ChatRecord],
    given: dict[int, Given],
) -> Reader:
    phone = None
    if record.channel == Channel.SMS:
        phone = mobile(phone_of(given.get(record.application_id or 0), person, chat))
    if record.only_chat is not None:
        chat = chats.get(record.only_chat)
    missing = "no_chat" if chat is None else "blocked" if chat.blocked_at else None
    return Reader(
        iin=Iin(record.iin),
        language=(chat.language if chat else None) or DEFAULT_LANGUAGE,
        chat_id=chat.id if chat else None,
        missing=missing,
        phone=phone,
    )


def phone_of(given: Given | None, person: PersonRecord | None, chat: ChatRecord | None) -> str:
    """Where a text message goes: whichever of two is known for the better reason, and the later.
    The citizens' base has the phone with which somebody entered; the one given with the
    application counts until then, and again once staff have corrected it since. Codes are not
    notices: they go to the phone of the citizens' base alone (D5)."""
    if given is None or person is None:
        return person.phone if person else given.phone if given else ""
    entered = chat.linked_at if chat else None
    corrected = given.corrected_at
    newer = corrected is not None and (entered is None or corrected > entered)
    return given.phone if newer else person.phone


async def number_corrected(session: AsyncSession, record: NoticeRecord) -> bool:
    """Whether the text message of that notice went to a number that staff have corrected since,
    and there is another one to go to."""
    corrected = await session.scalar(
        select(ApplicationRecord.phone_corrected_at).where(
            ApplicationRecord.id == record.application_id
        )
    )
    if corrected is None or corrected <= record.created_at:
        return False
    sent_to = await session.scalar(select(SmsRecord.phone).where(SmsRecord.id == record.sms_id))
    phone = (await readers_of(session, [record]))[record.id].phone
    return phone is not None and phone.value != sent_to


def mobile(raw: str) -> Phone | None:
    """None for what no SMS can be sent to: a person calls then."""
    try:
        return Phone.parse(raw)
    except IdentityError:
        return None


async def series_seen(session: AsyncSession, records: Sequence[NoticeRecord]) -> set[str | None]:
    """Those series of which something was seen already."""
    series = {record.series for record in records if record.series is not None}
    found = await session.scalars(
        select(NoticeRecord.series)
        .where(NoticeRecord.series.in_(series), NoticeRecord.seen_at.is_not(None))
        .distinct()
    )
    return set(found)


async def overtaken(
    session: AsyncSession, records: Sequence[NoticeRecord], now: datetime
) -> set[int]:
    """The ids of those that a newer notice of their series has overtaken: after an outage, or when
    somebody enters late, people are told once how things stand, and not what they have missed."""
    late = [record for record in records if _may_be_overtaken(record, now)]
    if not late:
        return set()
    newest = await session.execute(
        select(NoticeRecord.series, func.max(NoticeRecord.planned_at))
        .where(
            NoticeRecord.series.in_({record.series for record in late}),
            NoticeRecord.channel == Channel.TELEGRAM,
            NoticeRecord.planned_at <= now,
            NoticeRecord.state.in_((State.PENDING, State.SENDING, *OUT)),
        )
        .group_by(NoticeRecord.series)
    )
    planned = {row.series: row[1] for row in newest}
    return {record.id for record in late if planned[record.series] > record.planned_at}


def _may_be_overtaken(record: NoticeRecord, now: datetime) -> bool:
    return (
        record.channel == Channel.TELEGRAM
        and record.message_id is None
        and record.series is not None
        and record.kind != BROADCAST
        and record.planned_at <= now - LATE
    )
