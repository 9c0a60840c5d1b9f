"""A family before the staff desk: finding it, looking at it, restoring it. Every look is in the
audit log before it is shown."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.cards import cards
from core.applications.changes import change, locked, situation
from core.applications.rules import Event, Refused, Status, decide
from core.applications.tables import ApplicationRecord
from core.audit import log
from core.calendar.service import CalendarBook
from core.db.engine import Database
from core.families import finding, phones, resending
from core.families.values import (
    Chat,
    ChildElsewhere,
    Family,
    Finding,
    Found,
    Look,
    Reason,
    Resent,
    UnknownFamily,
)
from core.identity.rules import Iin, Phone
from core.login.tables import ChatRecord, PersonRecord
from core.notices.plan import Channel
from core.notices.readers import Given, mobile, phone_of
from core.staff.rules import Member, Right, require

PAGE = 8
"""Families on a page: a phone shows that many buttons without scrolling."""


class Families:
    """Applications as staff see them, inside their districts."""

    def __init__(self, db: Database, calendar: CalendarBook) -> None:
        self._db = db
        self._calendar = calendar

    async def find(self, member: Member, wanted: Iin | str, moment: datetime) -> Finding:
        """By the IIN of applicant or child; by a text with a digit in it as a registration number;
        by any other as a part of a name. Raises NotAllowed."""
        require(member, Right.FAMILIES)
        async with self._db.read() as session:
            if isinstance(wanted, Iin):
                by, found = "iin", await finding.by_iin(session, member, wanted)
            elif any(letter.isdigit() for letter in wanted):
                by, found = "number", await finding.by_number(session, member, wanted)
            else:
                by, found = "name", await finding.by_name(session, member, wanted)
        async with self._db.write() as session:
            details = {"by": by, "found": len(found.ids)}
            log.note(session, member, "families_sought", moment, subjects={}, details=details)
        return found

    async def lines(self, member: Member, ids: tuple[int, ...], moment: datetime) -> list[Found]:
        """A page of what was found. Raises NotAllowed."""
        require(member, Right.FAMILIES)
        async with self._db.read() as session:
            found = await finding.lines(session, member, ids)
        async with self._db.write() as session:
            subjects = {"application": [one.id for one in found]}
            log.note(session, member, "families_listed", moment, subjects=subjects)
        return found

    async def look(
        self, member: Member, application_id: int, look: Look, moment: datetime
    ) -> Family:
        """One family, as it stands. Raises NotAllowed, UnknownFamily."""
        require(member, Right.FAMILIES)
        async with self._db.read() as session:
            family = await _family(session, member, application_id, moment)
        async with self._db.write() as session:
            subjects = {"application": [application_id]}
            log.note(session, member, look.value, moment, subjects=subjects)
        return family

    async def resend(
        self, member: Member, application_id: int, channel: Channel, moment: datetime
    ) -> Resent:
        """Send the notice of the running term once more. Raises NotAllowed, UnknownFamily,
        CannotResend."""
        require(member, Right.FAMILIES)
        async with self._db.write() as session:
            record = await theirs(session, member, application_id)
            chat, phone, _ = await _reach(session, record)
            ways = resending.channels_of(record, chat, phone, moment)
            resent = await resending.owe(session, record, channel, ways, member.id, moment)
            log.note(
                session,
                member,
                "notice_resent",
                moment,
                subjects={"application": [record.id]},
                details={"channel": channel.value},
            )
        return resent

    async def correct_phone(
        self, member: Member, application_id: int, phone: Phone, moment: datetime
    ) -> int:
        """Correct the application's phone (see `phones.correct`): in how many applications. The
        citizens' base, and where codes go, stay as they are. Raises NotAllowed, UnknownFamily."""
        require(member, Right.FAMILIES)
        async with self._db.write() as session:
            await phones.line_up(session, application_id)
            record = await theirs(session, member, application_id)
            corrected = await phones.correct(session, member, record, phone, moment)
            subjects = {"application": corrected}
            log.note(session, member, "phone_corrected", moment, subjects=subjects)
        return len(corrected)

    async def restore(
        self, member: Member, application_id: int, reason: Reason, moment: datetime
    ) -> None:
        """Back into the queue, to the old place (D14). Raises NotAllowed, UnknownFamily, Refused,
        ChildElsewhere."""
        require(member, Right.FAMILIES)
        calendar = await self._calendar.load()
        async with self._db.write() as session:
            await _alone(session, application_id)
            record = await theirs(session, member, application_id)
            decide(situation(record), Event.RESTORE_BY_STAFF, moment)
            if await _is_elsewhere(session, record):
                raise ChildElsewhere
            await change(
                session,
                record,
                Event.RESTORE_BY_STAFF,
                calendar=calendar,
                pressed_at=moment,
                at=moment,
                actor="operator",
                details={"reason": reason.value},
            )
            log.note(
                session,
                member,
                Event.RESTORE_BY_STAFF.value,
                moment,
                subjects={"application": [record.id]},
                details={"reason": reason.value},
            )


async def theirs(session: AsyncSession, member: Member, application_id: int) -> ApplicationRecord:
    """The application, locked. Raises UnknownFamily, for another district's too."""
    record = await locked(session, application_id)
    if record is None or not member.covers(record.district):
        raise UnknownFamily
    return record


async def _family(
    session: AsyncSession, member: Member, application_id: int, moment: datetime
) -> Family:
    record = await session.get(ApplicationRecord, application_id)
    if record is None or not member.covers(record.district):
        raise UnknownFamily
    [card] = await cards(session, ApplicationRecord.id == application_id, moment)
    chat, phone, language = await _reach(session, record)
    return Family(
        card=card,
        chat=chat,
        language=language,
        phone=phone,
        corrected=record.phone_corrected_at is not None,
        resend=resending.channels_of(record, chat, phone, moment),
        restorable=_is_restorable(record, moment),
    )


async def _reach(
    session: AsyncSession, record: ApplicationRecord
) -> tuple[Chat, Phone | None, str | None]:
    """Whether Telegram reaches the applicant, where an SMS goes, and the chat's language."""
    found = await session.execute(
        select(PersonRecord, ChatRecord)
        .outerjoin(ChatRecord, ChatRecord.person_id == PersonRecord.id)
        .where(PersonRecord.iin == record.applicant_iin)
    )
    row = found.first()
    person, chat = (row[0], row[1]) if row else (None, None)
    given = Given(record.applicant_phone, record.phone_corrected_at)
    phone = mobile(phone_of(given, person, chat))
    if chat is None:
        return Chat.NONE, phone, None
    return Chat.BLOCKED if chat.blocked_at else Chat.OPEN, phone, chat.language


def _is_restorable(record: ApplicationRecord, moment: datetime) -> bool:
    try:
        decide(situation(record), Event.RESTORE_BY_STAFF, moment)
    except Refused:
        return False
    return True


async def _alone(session: AsyncSession, application_id: int) -> None:
    """Lock all applications of the child: of two that are restored at once one must see the
    other."""
    child = select(ApplicationRecord.child_iin).where(ApplicationRecord.id == application_id)
    await session.execute(
        select(ApplicationRecord.id)
        .where(ApplicationRecord.child_iin == child.scalar_subquery())
        .order_by(ApplicationRecord.id)
        .with_for_update()
    )


async def _is_elsewhere(session: AsyncSession, record: ApplicationRecord) -> bool:
    others = select(ApplicationRecord.id).where(
        ApplicationRecord.child_iin == record.child_iin,
        ApplicationRecord.id != record.id,
        ApplicationRecord.status != Status.ARCHIVED,
    )
    return await session.scalar(others.limit(1)) is not None
