"""The call list: families whom neither Telegram nor an SMS has reached, before it is too late."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.tables import ApplicationRecord
from core.audit import log
from core.db.engine import Database
from core.notices.plan import Channel, Lane
from core.notices.tables import NoticeRecord
from core.notices.values import CallMade, State
from core.staff.rules import Member, Right, require

BATCH = 200
CALLS = NoticeRecord.channel == Channel.CALL, NoticeRecord.lane == Lane.REMINDER
"""All calls stand in one lane: with it, the index leads to the first."""
PAGE = 5
"""Calls on a page of the desk: each has a line of buttons."""
UNDO = timedelta(minutes=10)
"""For how long a mark can be taken back."""


class Called(StrEnum):
    """What came of a call."""

    WILL_CONFIRM = "will_confirm"
    UNREACHABLE = "unreachable"
    WRONG_NUMBER = "wrong_number"


@dataclass(frozen=True)
class Call:
    """A family to be called: what about, on which phone (as given), until when."""

    notice_id: int
    application_id: int
    kind: str
    registration_number: str
    district: str
    applicant: str = field(repr=False)
    child: str = field(repr=False)
    phone: str = field(repr=False)
    until: datetime
    tried: tuple[datetime, ...]


@dataclass(frozen=True)
class Calling:
    """A page of the list, the first one being 0, and how long the whole is."""

    calls: tuple[Call, ...]
    total: int
    page: int
    pages: int


class NotListed(Exception):
    """That call is not on the list: answered meanwhile, made already, or of another district."""


class AlreadyMarked(NotListed):
    """Somebody has called that family since the list was looked at."""

    def __init__(self, made: CallMade) -> None:
        super().__init__(made.called)
        self.made = made


class TooLateToUndo(Exception):
    """The mark is not the member's last one of the last minutes: it stays."""


class Calls:
    """The list for staff."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def listed(self, now: datetime) -> list[Call]:
        """Whom to call now in the whole region, the nearest deadline first."""
        async with self._db.read() as session:
            rows = await session.execute(_in_order(_listed(None, now)))
            return [_call(notice, application) for notice, application in rows]

    async def page(self, by: Member, page: int, now: datetime) -> Calling:
        """Page `page` (from 0) of the list of the member's district; one past the last is the
        last. Raises NotAllowed."""
        require(by, Right.CALLS)
        listed = _listed(by.district, now)
        async with self._db.read() as session:
            total = await session.scalar(listed.with_only_columns(func.count())) or 0
            pages = max(1, math.ceil(total / PAGE))
            shown = min(max(page, 0), pages - 1)
            rows = await session.execute(_in_order(listed).offset(shown * PAGE).limit(PAGE))
            calls = tuple(_call(notice, application) for notice, application in rows)
        async with self._db.write() as session:
            subjects = {"application": [call.application_id for call in calls]}
            log.note(session, by, "calls_listed", now, subjects=subjects)
        return Calling(calls, total, shown, pages)

    async def mark(
        self,
        notice_id: int,
        called: Called,
        by: Member | str,
        moment: datetime,
        tries: int | None = None,
    ) -> Call:
        """Note a call that was made. One that nobody answered stays on the list. `tries`: how many
        the list showed; `by`, a name: the operator of the service, at the command line. Raises
        NotAllowed, NotListed, AlreadyMarked."""
        member = by if isinstance(by, Member) else None
        if member is not None:
            require(member, Right.CALLS)
        async with self._db.write() as session:
            record, application = await _locked(session, notice_id, member)
            made = calls_of(record)
            if made and (record.state != State.SENT or tries not in (None, len(made))):
                raise AlreadyMarked(made[-1])
            if record.state != State.SENT:
                raise NotListed
            mark = {
                "at": moment.isoformat(),
                "called": called.value,
                "by": member.id if member else by,
            }
            record.details = {**record.details, "calls": [*record.details.get("calls", ()), mark]}
            if called is Called.WILL_CONFIRM:
                record.state, record.delivered_at = State.DELIVERED, moment
            elif called is Called.WRONG_NUMBER:
                record.state, record.because = State.UNDELIVERABLE, called.value
            log.note(
                session,
                member,
                "call_marked",
                moment,
                subjects={"application": [application.id], "notice": [notice_id]},
                details={"called": called.value},
            )
            return _call(record, application)

    async def undo(
        self, notice_id: int, by: Member, moment: datetime, tries: int | None = None
    ) -> Call:
        """Take back the member's own last mark, within UNDO. `tries`: how many there were with it.
        The family stands on the list again, unless something has reached it meanwhile. Raises
        NotAllowed, NotListed, TooLateToUndo."""
        require(by, Right.CALLS)
        async with self._db.write() as session:
            record, application = await _locked(session, notice_id, by)
            made = calls_of(record)
            last = bool(made) and tries in (None, len(made))
            if not last or made[-1].by != by.id or moment - made[-1].at > UNDO:
                raise TooLateToUndo
            answered = record.details.get("version") != application.version
            if answered or moment >= record.expires_at or record.state == State.CANCELLED:
                raise NotListed
            record.details = {**record.details, "calls": record.details["calls"][:-1]}
            record.delivered_at = record.because = None
            reached = record.series in await reached_of(session, {record.series})
            record.state = State.CANCELLED if reached else State.SENT
            record.because = "reached" if reached else None
            log.note(
                session,
                by,
                "call_unmarked",
                moment,
                subjects={"application": [application.id], "notice": [notice_id]},
            )
            return _call(record, application)


def _listed(district: str | None, now: datetime) -> Select[NoticeRecord, ApplicationRecord]:
    listed = (
        select(NoticeRecord, ApplicationRecord)
        .join(ApplicationRecord, ApplicationRecord.id == NoticeRecord.application_id)
        .where(
            NoticeRecord.channel == Channel.CALL,
            NoticeRecord.state == State.SENT,
            NoticeRecord.expires_at > now,
        )
    )
    return listed if district is None else listed.where(ApplicationRecord.district == district)


def _in_order(
    listed: Select[NoticeRecord, ApplicationRecord],
) -> Select[NoticeRecord, ApplicationRecord]:
    return listed.order_by(NoticeRecord.expires_at, NoticeRecord.id)


async def _locked(
    session: AsyncSession, notice_id: int, member: Member | None
) -> tuple[NoticeRecord, ApplicationRecord]:
    """The call, locked, and what it is about. Raises NotListed, for another district's too."""
    record = await session.get(NoticeRecord, notice_id, with_for_update=True)
    if record is None or record.channel != Channel.CALL or record.application_id is None:
        raise NotListed
    application = await session.get_one(ApplicationRecord, record.application_id)
    if member is not None and not member.covers(application.district):
        raise NotListed
    return record, application


def calls_of(notice: NoticeRecord) -> tuple[CallMade, ...]:
    """The calls that were made, the first one first."""
    return tuple(
        CallMade(datetime.fromisoformat(call["at"]), call["called"], call["by"])
        for call in notice.details.get("calls", ())
    )


def _call(notice: NoticeRecord, application: ApplicationRecord) -> Call:
    return Call(
        notice_id=notice.id,
        application_id=application.id,
        kind=notice.kind,
        registration_number=application.registration_number,
        district=application.district,
        applicant=application.applicant_name,
        child=application.child_given_name,
        phone=application.applicant_phone,
        until=notice.expires_at,
        tried=tuple(call.at for call in calls_of(notice)),
    )


def next_due() -> ScalarSelect[datetime | None]:
    """When the next family is to be looked at."""
    waiting = *CALLS, NoticeRecord.due_at.is_not(None)
    return select(func.min(NoticeRecord.due_at)).where(*waiting).scalar_subquery()


async def sweep(session: AsyncSession, now: datetime) -> int:
    """List whom nothing has reached: nothing of the series seen, no SMS delivered. How many were
    looked at."""
    due = (
        await session.scalars(
            select(NoticeRecord)
            .where(*CALLS, NoticeRecord.due_at <= now)
            .order_by(NoticeRecord.due_at, NoticeRecord.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
    ).all()
    reached = await reached_of(session, {record.series for record in due})
    for record in due:
        record.due_at = None
        if record.series in reached:
            record.state, record.because = State.CANCELLED, "reached"
        elif now >= record.expires_at:
            record.state, record.because = State.EXPIRED, "too_late"
        else:
            record.state, record.sent_at = State.SENT, now
    return len(due)


async def reached_of(session: AsyncSession, series: set[str | None]) -> set[str | None]:
    """Those series of which something was seen, or delivered."""
    found = await session.scalars(
        select(NoticeRecord.series).where(
            NoticeRecord.series.in_(series),
            or_(NoticeRecord.seen_at.is_not(None), NoticeRecord.delivered_at.is_not(None)),
        )
    )
    return set(found)
