"""Whom a broadcast has not reached: for those who call them."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, cast, literal, or_, select
from sqlalchemy.types import String

from core.applications.tables import ApplicationRecord
from core.audit import log
from core.broadcasts.audience import matching
from core.broadcasts.rules import Audience
from core.broadcasts.service import own
from core.db.engine import Database
from core.login.tables import ChatRecord, PersonRecord
from core.notices.tables import NoticeRecord
from core.notices.values import State
from core.staff.rules import Member

BATCH = 2_000
NOT_REACHED = (State.UNDELIVERABLE, State.FAILED, State.EXPIRED)


@dataclass(frozen=True)
class Unreached:
    """An application whose applicant was not told. `because`: "no_chat", "blocked", or "failed".
    `phone` as given with the application."""

    application_id: int
    registration_number: str
    district: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    because: str


class UnreachedLists:
    """Reads the lists."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, member: Member, broadcast_id: int, moment: datetime) -> list[Unreached]:
        """By application: who has no chat, whose chat takes nothing, to whom it failed. It is
        noted whose data were looked at. Raises NotAllowed, NoSuchBroadcast."""
        async with self._db.read() as session:
            audience = Audience.of((await own(session, member, broadcast_id)).audience)
        found: list[Unreached] = []
        while True:
            batch = await self._batch(
                broadcast_id, audience, found[-1].application_id if found else 0
            )
            found += batch
            if len(batch) < BATCH:
                break
        async with self._db.write() as session:
            log.note(
                session,
                member,
                "broadcast_unreached",
                moment,
                subjects={
                    "broadcast": [broadcast_id],
                    "application": [one.application_id for one in found],
                },
            )
        return found

    async def _batch(self, broadcast_id: int, audience: Audience, after: int) -> list[Unreached]:
        key = literal(f"broadcast:{broadcast_id}:", String) + cast(
            ApplicationRecord.applicant_iin, String
        )
        state = NoticeRecord.state
        never_owed = and_(NoticeRecord.id.is_(None), ChatRecord.id.is_(None), *matching(audience))
        here = (
            [ApplicationRecord.district.in_(sorted(audience.districts))]
            if audience.districts
            else []
        )
        async with self._db.read() as session:
            rows = await session.execute(
                select(ApplicationRecord, state, NoticeRecord.because)
                .outerjoin(NoticeRecord, NoticeRecord.key == key)
                .outerjoin(PersonRecord, PersonRecord.iin == ApplicationRecord.applicant_iin)
                .outerjoin(ChatRecord, ChatRecord.person_id == PersonRecord.id)
                .where(
                    *here,
                    ApplicationRecord.id > after,
                    or_(state.in_(NOT_REACHED), never_owed),
                )
                .order_by(ApplicationRecord.id)
                .limit(BATCH)
            )
            return [_unreached(*row) for row in rows]


def _unreached(record: ApplicationRecord, state: str | None, because: str | None) -> Unreached:
    why = because if state == State.UNDELIVERABLE and because else "failed"
    return Unreached(
        application_id=record.id,
        registration_number=record.registration_number,
        district=record.district,
        name=record.applicant_name,
        phone=record.applicant_phone,
        because="no_chat" if state is None else why,
    )
