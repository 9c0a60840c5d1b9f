"""The life of each notice, for whoever is entitled to ask why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.applications.tables import ApplicationRecord
from core.db.engine import Database
from core.notices.calls import calls_of
from core.notices.plan import Channel
from core.notices.tables import NoticeRecord
from core.notices.values import CallMade, State
from core.sms.tables import SmsRecord


@dataclass(frozen=True)
class Life:
    """What became of one notice. `because`: the code of why it ended so; `gateway`: which one took
    the SMS."""

    id: int
    kind: str
    channel: Channel
    state: State
    because: str | None
    planned_at: datetime
    due_at: datetime | None
    attempts: int
    sent_at: datetime | None
    delivered_at: datetime | None
    seen_at: datetime | None
    gateway: str | None
    calls: tuple[CallMade, ...]


class Lives:
    """Reads lives."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def numbered(self, registration_number: str) -> list[Life] | None:
        """Every notice about the application with this number; None where there is none."""
        number = ApplicationRecord.registration_number == registration_number
        async with self._db.read() as session:
            application_id = await session.scalar(select(ApplicationRecord.id).where(number))
        return None if application_id is None else await self.of(application_id)

    async def of(self, application_id: int) -> list[Life]:
        """Every notice about an application, in the order of their planned times."""
        async with self._db.read() as session:
            rows = await session.execute(
                select(NoticeRecord, SmsRecord.gateway)
                .outerjoin(SmsRecord, SmsRecord.id == NoticeRecord.sms_id)
                .where(NoticeRecord.application_id == application_id)
                .order_by(NoticeRecord.planned_at, NoticeRecord.id)
            )
            return [_life(record, gateway) for record, gateway in rows]


def _life(record: NoticeRecord, gateway: str | None) -> Life:
    return Life(
        id=record.id,
        kind=record.kind,
        channel=Channel(record.channel),
        state=State(record.state),
        because=record.because,
        planned_at=record.planned_at,
        due_at=record.due_at,
        attempts=record.attempts,
        sent_at=record.sent_at,
        delivered_at=record.delivered_at,
        seen_at=record.seen_at,
        gateway=gateway,
        calls=calls_of(record),
    )
