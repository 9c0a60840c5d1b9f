"""One voucher: found by its registration number, issued, or withdrawn (D13)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.cards import cards
from core.applications.changes import change, locked
from core.applications.numbers import numbered
from core.applications.rules import Event, Refusal, Refused
from core.applications.tables import ApplicationRecord
from core.applications.values import NumberedCard, UnknownApplication
from core.audit import log
from core.calendar.service import CalendarBook
from core.db.engine import Database
from core.signing import requests
from core.staff.rules import Member, Right, require
from core.vouchers.turns import rooms
from core.vouchers.values import Reason, Room


class Vouchers:
    """What staff do with one application. Another district's does not exist for them."""

    def __init__(self, db: Database, calendar: CalendarBook) -> None:
        self._db = db
        self._calendar = calendar

    async def find(self, by: Member, number: str, moment: datetime) -> NumberedCard:
        """The application of that registration number, however it is typed; the look is written
        down. Raises NotAllowed, UnknownApplication."""
        require(by, Right.VOUCHERS)
        async with self._db.read() as session:
            found = await session.scalar(select(ApplicationRecord.id).where(numbered(number)))
        if found is None:
            raise UnknownApplication
        return await self.card(by, found, moment)

    async def card(self, by: Member, application_id: int, moment: datetime) -> NumberedCard:
        """One application as it stands; the look is written down. Raises NotAllowed,
        UnknownApplication."""
        require(by, Right.VOUCHERS)
        async with self._db.write() as session:
            found = await cards(session, ApplicationRecord.id == application_id, moment)
            if not found or not by.covers(found[0].district):
                raise UnknownApplication
            subjects = {"application": [application_id]}
            log.note(session, by, "application_seen", moment, subjects=subjects)
        return found[0]

    async def room(self, by: Member, district: str) -> Room:
        """For how many vouchers the district has room. Raises NotAllowed."""
        require(by, Right.VOUCHERS, district)
        async with self._db.read() as session:
            return (await rooms(session, [district]))[district]

    async def issue(
        self, by: Member, application_id: int, version: int, moment: datetime
    ) -> NumberedCard:
        """Issue a voucher out of the order (R6). Raises NotAllowed, UnknownApplication, Refused
        (STALE: something has happened since)."""
        return await self._change(by, application_id, version, Event.ISSUE_VOUCHER, None, moment)

    async def withdraw(
        self, by: Member, application_id: int, version: int, reason: Reason, moment: datetime
    ) -> NumberedCard:
        """Take a voucher back (D13): the child is where it stood in the queue, the parent is told
        why, and what was being signed is given up. Raises as `issue` does."""
        event = Event.WITHDRAW_VOUCHER
        return await self._change(by, application_id, version, event, reason, moment)

    async def _change(
        self,
        by: Member,
        application_id: int,
        version: int,
        event: Event,
        reason: Reason | None,
        moment: datetime,
    ) -> NumberedCard:
        require(by, Right.VOUCHERS)
        calendar = await self._calendar.load()
        because = {"reason": reason.value} if reason else {}
        async with self._db.write() as session:
            record = await _theirs(session, by, application_id)
            if record.version != version:
                raise Refused(Refusal.STALE)
            await change(
                session,
                record,
                event,
                calendar=calendar,
                pressed_at=moment,
                at=moment,
                actor="operator",
                details=because,
            )
            signing = await requests.open_of(session, record.id)
            if signing and event is Event.WITHDRAW_VOUCHER:
                await requests.close(session, signing, record, "replaced", moment)
            log.note(
                session,
                by,
                ACTS[event],
                moment,
                subjects={"application": [record.id]},
                details=because,
            )
            await session.flush()
            return (await cards(session, ApplicationRecord.id == record.id, moment))[0]


ACTS = {
    Event.ISSUE_VOUCHER: "voucher_issued",
    Event.WITHDRAW_VOUCHER: "voucher_withdrawn",
}
"""As the audit log calls them."""


async def _theirs(session: AsyncSession, by: Member, application_id: int) -> ApplicationRecord:
    record = await locked(session, application_id)
    if record is None or not by.covers(record.district):
        raise UnknownApplication
    return record
