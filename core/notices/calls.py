"""The call list: families whom neither Telegram nor an SMS has reached, before it is too late."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ScalarSelect, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.tables import ApplicationRecord
from core.db.engine import Database
from core.notices.plan import Channel
from core.notices.tables import NoticeRecord
from core.notices.values import State

BATCH = 200


class Called(StrEnum):
    """What came of a call."""

    WILL_CONFIRM = "will_confirm"
    UNREACHABLE = "unreachable"
    WRONG_NUMBER = "wrong_number"


@dataclass(frozen=True)
class Call:
    """A family to be called: what about, on which phone (as given), until when."""

    notice_id: int
    kind: str
    registration_number: str
    district: str
    applicant: str = field(repr=False)
    child: str = field(repr=False)
    phone: str = field(repr=False)
    until: datetime
    tried: tuple[datetime, ...]


class NotListed(Exception):
    """That call is not on the list: answered meanwhile, or made already."""


class Calls:
    """The list for staff."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def listed(self, now: datetime) -> list[Call]:
        """Whom to call now, the nearest deadline first."""
        async with self._db.read() as session:
            rows = await session.execute(
                select(NoticeRecord, ApplicationRecord)
                .join(ApplicationRecord, ApplicationRecord.id == NoticeRecord.application_id)
                .where(
                    NoticeRecord.channel == Channel.CALL,
                    NoticeRecord.state == State.SENT,
                    NoticeRecord.expires_at > now,
                )
                .order_by(NoticeRecord.expires_at, NoticeRecord.id)
            )
            return [_call(notice, application) for notice, application in rows]

    async def mark(self, notice_id: int, called: Called, by: str, moment: datetime) -> None:
        """Note a call that was made. One that nobody answered stays on the list. Raises
        NotListed."""
        async with self._db.write() as session:
            record = await session.get(NoticeRecord, notice_id, with_for_update=True)
            if record is None or (record.channel, record.state) != (Channel.CALL, State.SENT):
                raise NotListed
            made = {"at": moment.isoformat(), "called": called.value, "by": by}
            record.details = {**record.details, "calls": [*record.details.get("calls", ()), made]}
            if called is Called.WILL_CONFIRM:
                record.state, record.delivered_at = State.DELIVERED, moment
            elif called is Called.WRONG_NUMBER:
                record.state, record.because = State.UNDELIVERABLE, called.value


def _call(notice: NoticeRecord, application: ApplicationRecord) -> Call:
    return Call(
        notice_id=notice.id,
        kind=notice.kind,
        registration_number=application.registration_number,
        district=application.district,
        applicant=application.applicant_name,
        child=application.child_given_name,
        phone=application.applicant_phone,
        until=notice.expires_at,
        tried=tuple(datetime.fromisoformat(call["at"]) for call in notice.details.get("calls", ())),
    )


def next_due() -> ScalarSelect[datetime | None]:
    """When the next family is to be looked at."""
    waiting = NoticeRecord.channel == Channel.CALL, NoticeRecord.due_at.is_not(None)
    return select(func.min(NoticeRecord.due_at)).where(*waiting).scalar_subquery()


async def sweep(session: AsyncSession, now: datetime) -> int:
    """List whom nothing has reached: nothing of the series seen, no SMS delivered. How many were
    looked at."""
    due = (
        await session.scalars(
            select(NoticeRecord)
            .where(NoticeRecord.channel == Channel.CALL, NoticeRecord.due_at <= now)
            .order_by(NoticeRecord.due_at, NoticeRecord.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
    ).all()
    reached = set(
        await session.scalars(
            select(NoticeRecord.series).where(
                NoticeRecord.series.in_({record.series for record in due}),
                or_(NoticeRecord.seen_at.is_not(None), NoticeRecord.delivered_at.is_not(None)),
            )
        )
    )
    for record in due:
        record.due_at = None
        if record.series in reached:
            record.state, record.because = State.CANCELLED, "reached"
        elif now >= record.expires_at:
            record.state, record.because = State.EXPIRED, "too_late"
        else:
            record.state, record.sent_at = State.SENT, now
    return len(due)
