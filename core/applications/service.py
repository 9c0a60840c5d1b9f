"""Use cases of queue applications: the journal, a card, its history, and issuing a voucher."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.cards import (
    CARD,
    NUMBER,
    NUMBERED_CARD,
    card_in,
    cards,
    numbered_in,
    with_number,
)
from core.applications.changes import change
from core.applications.rules import WAITING, Event, Status
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.applications.values import (
    ApplicationCard,
    HistoryLine,
    NotYours,
    NumberChange,
    NumberedCard,
    UnknownApplication,
)
from core.calendar.service import CalendarBook
from core.db.engine import Database
from core.identity.rules import Iin
from core.login.values import Person
from core.places.tables import StayRecord
from core.queue.tables import QueueNumberRecord, RenewalRecord


class Applications:
    """What a parent may see (D11), and issuing a voucher."""

    def __init__(self, db: Database, calendar: CalendarBook) -> None:
        self._db = db
        self._calendar = calendar

    async def journal(self, person: Person, moment: datetime) -> list[NumberedCard]:
        """Every application in which the person's IIN is the applicant's (D11)."""
        async with self._db.read() as session:
            return await cards(session, ApplicationRecord.applicant_iin == person.iin.value, moment)

    async def card(self, application_id: int, person: Person, moment: datetime) -> ApplicationCard:
        """One application of that person. Raises NotYours."""
        found = card_in(await self._db.ask(CARD, application_id=application_id), moment)
        if found is None or found.applicant.iin != person.iin:
            raise NotYours
        return found

    async def card_of(self, application_id: int, iin: Iin, moment: datetime) -> NumberedCard:
        """One application of the applicant with that IIN. Raises NotYours."""
        rows = await self._db.ask(NUMBERED_CARD, application_id=application_id)
        found = numbered_in(rows, moment)
        if found is None or found.applicant.iin != iin:
            raise NotYours
        return found

    async def numbered(self, card: ApplicationCard) -> NumberedCard:
        """The same with its queue number, as it is now."""
        waits = card.status in WAITING
        rows = await self._db.ask(NUMBER, application_id=card.id) if waits else ()
        return with_number(card, rows[0].queue_number if rows else None)

    async def next_deadline(self, iin: str) -> datetime | None:
        """The nearest end of a term, or of a temporary stay, of that applicant."""
        theirs = ApplicationRecord.applicant_iin == iin
        terms = select(func.min(ApplicationRecord.ends_at)).where(theirs)
        stays = (
            select(func.min(StayRecord.withdraw_at))
            .join(ApplicationRecord, ApplicationRecord.id == StayRecord.application_id)
            .where(theirs, StayRecord.ended_at.is_(None))
        )
        async with self._db.read() as session:
            instants = [await session.scalar(terms), await session.scalar(stays)]
        return min((instant for instant in instants if instant is not None), default=None)

    async def history(self, application_id: int) -> list[HistoryLine]:
        """Every change, newest first."""
        async with self._db.read() as session:
            records = await session.scalars(
                select(HistoryRecord)
                .where(HistoryRecord.application_id == application_id)
                .order_by(HistoryRecord.at.desc(), HistoryRecord.id.desc())
            )
            return [
                HistoryLine(
                    at=record.at,
                    event=record.event,
                    from_status=Status(record.from_status) if record.from_status else None,
                    to_status=Status(record.to_status),
                    actor=record.actor,
                    details=record.details,
                )
                for record in records
            ]

    async def numbers(self, application_id: int) -> list[NumberChange]:
        """How the queue number changed, newest first."""
        async with self._db.read() as session:
            records = await session.scalars(
                select(QueueNumberRecord)
                .where(QueueNumberRecord.application_id == application_id)
                .order_by(QueueNumberRecord.at.desc(), QueueNumberRecord.id.desc())
            )
            return [NumberChange(record.at, record.number) for record in records]

    async def leapt_at(self, application_id: int) -> datetime | None:
        """When its number last changed because stages did, and not because others got a place: by
        a renewal of the queue (D16), or as its own stage was corrected."""
        renewed = (
            select(func.max(QueueNumberRecord.at))
            .join(RenewalRecord, RenewalRecord.changed_at == QueueNumberRecord.at)
            .where(QueueNumberRecord.application_id == application_id)
        )
        async with self._db.read() as session:
            leaps = [await session.scalar(renewed)]
        leaps += [
            line.at
            for line in await self.history(application_id)
            if line.event == "stage_changed" or "category" in line.details.get("fields", ())
        ]
        return max((leap for leap in leaps if leap is not None), default=None)

    async def issue_voucher(
        self, registration_number: str, *, actor: str, moment: datetime
    ) -> dict[str, Any]:
        """Issue a voucher (R6). Raises UnknownApplication, Refused."""
        calendar = await self._calendar.load()
        async with self._db.write() as session:
            record = await by_number(session, registration_number)
            await change(
                session,
                record,
                Event.ISSUE_VOUCHER,
                calendar=calendar,
                pressed_at=moment,
                at=moment,
                actor=actor,
            )
            return {
                "registration_number": record.registration_number,
                "status": record.status,
                "last_day": (record.deadline or {})["last_day"],
            }


async def by_number(session: AsyncSession, registration_number: str) -> ApplicationRecord:
    """The application of that registration number, locked until the transaction ends. Raises
    UnknownApplication."""
    record = await session.scalar(
        select(ApplicationRecord)
        .where(ApplicationRecord.registration_number == registration_number)
        .with_for_update()
    )
    if record is None:
        raise UnknownApplication
    return record
