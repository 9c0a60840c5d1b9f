"""Sanatorium leaves as staff keep them (R15): registered, listed, ended early."""

from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.numbers import numbered
from core.applications.rules import Status
from core.applications.tables import ApplicationRecord
from core.applications.values import UnknownApplication
from core.audit import log
from core.clock import local, start_of
from core.db.engine import Database, leave_work
from core.places import taking
from core.places.leave_values import (
    Ended,
    Enrolled,
    Leave,
    LeavePage,
    LeaveProblem,
    LeaveRefused,
    NoSuchLeave,
)
from core.places.tables import KindergartenRecord, LeaveRecord, PlaceRecord
from core.places.values import Mode
from core.staff.rules import Member, Right, require

LONGEST = timedelta(days=366)
"""A last day that lies further ahead is a slip of the keys."""
PAGE = 8
WORK = "sweep"
"""The work that a leave which begins today leaves behind (`Database.on_work`)."""


class Leaves:
    """The leaves of the district. Another district's do not exist for a member of staff."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def child(self, by: Member, number: str, moment: datetime) -> Enrolled:
        """The enrolled child of that registration number, however it is typed; the look is
        written down. Raises NotAllowed, UnknownApplication, LeaveRefused (NOT_ENROLLED)."""
        require(by, Right.LEAVES)
        async with self._db.write() as session:
            found = await session.scalar(select(ApplicationRecord.id).where(numbered(number)))
            record, home, place = await _enrolled(session, by, found or 0)
            subjects = {"application": [record.id]}
            log.note(session, by, "application_seen", moment, subjects=subjects)
        return Enrolled(
            record.id, record.registration_number, record.child_name, home.name, place.language
        )

    async def register(
        self, by: Member, application_id: int, first_day: date, last_day: date, moment: datetime
    ) -> int:
        """The child is away from `first_day` to `last_day`: its place is lent then. The leave's
        id. Raises NotAllowed, UnknownApplication, LeaveRefused."""
        require(by, Right.LEAVES)
        check_days(first_day, last_day, local(moment).date())
        async with self._db.write() as session:
            record, home, own = await _enrolled(session, by, application_id)
            # one at a time in a kindergarten: its temporary places are one row
            await session.get(KindergartenRecord, home.id, with_for_update=True)
            if await session.scalar(_away(application_id, first_day, last_day)):
                raise LeaveRefused(LeaveProblem.OVERLAPS)
            leave = LeaveRecord(
                place_id=await _temporary(session, home.id, own.language, last_day),
                first_day=first_day,
                last_day=last_day,
                opens_at=start_of(first_day),
                opened_at=None,
                application_id=record.id,
                ended_at=None,
            )
            session.add(leave)
            await session.flush()
            log.note(
                session,
                by,
                "leave_registered",
                moment,
                subjects={"leave": [leave.id], "application": [record.id]},
                details={"first_day": first_day.isoformat(), "last_day": last_day.isoformat()},
            )
            leave_work(session, WORK)
            return leave.id

    async def listed(
        self, by: Member, district: str | None, page: int, moment: datetime
    ) -> LeavePage:
        """The leaves that last or are to come, the nearest first; `district` None: all that are
        theirs. Raises NotAllowed."""
        require(by, Right.LEAVES, district)
        where = district or by.district
        wanted = _joined().where(
            LeaveRecord.ended_at.is_(None), LeaveRecord.last_day >= local(moment).date()
        )
        if where is not None:
            wanted = wanted.where(KindergartenRecord.district == where)
        async with self._db.write() as session:
            total = await session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
            pages = max(1, -(-total // PAGE))
            shown = min(max(page, 0), pages - 1)
            rows = await session.execute(
                wanted.order_by(LeaveRecord.first_day, LeaveRecord.id)
                .offset(shown * PAGE)
                .limit(PAGE)
            )
            found = tuple(_leave(*row) for row in rows)
            subjects = {"leave": [leave.id for leave in found]}
            log.note(session, by, "leaves_listed", moment, subjects=subjects)
        return LeavePage(found, total, shown, pages)

    async def one(self, by: Member, leave_id: int, moment: datetime) -> Leave:
        """One leave that lasts or is to come. Raises NotAllowed, NoSuchLeave."""
        require(by, Right.LEAVES)
        async with self._db.write() as session:
            leave = _leave(*await _theirs(session, by, leave_id, moment))
            log.note(session, by, "leave_seen", moment, subjects={"leave": [leave_id]})
        return leave

    async def end(self, by: Member, leave_id: int, moment: datetime) -> Ended:
        """The child is back early (D17). A free temporary place closes at once; one that another
        child has taken stays that child's until the day that was signed, and closes after it.
        Raises NotAllowed, NoSuchLeave."""
        require(by, Right.LEAVES)
        async with self._db.write() as session:
            await session.get(LeaveRecord, leave_id, with_for_update=True)
            leave, *_ = await _theirs(session, by, leave_id, moment)
            leave.ended_at = moment
            if leave.opened_at is None:
                ended = Ended.NOT_BEGUN
            elif await taking.close(session, leave.place_id):
                ended = Ended.CLOSED
            else:
                ended = Ended.TAKEN
            log.note(
                session,
                by,
                "leave_ended",
                moment,
                subjects={"leave": [leave.id]},
                details={"result": ended.value},
            )
            return ended


def check_days(first_day: date, last_day: date, today: date) -> None:
    """Raises LeaveRefused for days that cannot be meant."""
    if last_day < first_day:
        raise LeaveRefused(LeaveProblem.WRONG_ORDER)
    if last_day < today:
        raise LeaveRefused(LeaveProblem.OVER)
    if last_day - min(first_day, today) > LONGEST:
        raise LeaveRefused(LeaveProblem.TOO_LONG)


async def _enrolled(
    session: AsyncSession, by: Member, application_id: int
) -> tuple[ApplicationRecord, KindergartenRecord, PlaceRecord]:
    """The application, and where its child is enrolled."""
    record = await session.get(ApplicationRecord, application_id)
    if record is None or not by.covers(record.district):
        raise UnknownApplication
    place = await session.get(PlaceRecord, record.place_id) if record.place_id else None
    if place is None or record.status != Status.ENROLLED:
        raise LeaveRefused(LeaveProblem.NOT_ENROLLED)
    home = await session.get(KindergartenRecord, place.kindergarten_id)
    assert home is not None
    return record, home, place


async def _temporary(
    session: AsyncSession, kindergarten_id: int, language: str, last_day: date
) -> int:
    """The row of temporary places until that day: the one that is there, or a new one."""
    there = await session.scalar(
        select(PlaceRecord.id)
        .where(
            PlaceRecord.kindergarten_id == kindergarten_id,
            PlaceRecord.language == language,
            PlaceRecord.mode == Mode.TEMPORARY.value,
            PlaceRecord.until == last_day,
        )
        .order_by(PlaceRecord.id)
        .limit(1)
    )
    if there is not None:
        return there
    place = PlaceRecord(
        kindergarten_id=kindergarten_id,
        language=language,
        mode=Mode.TEMPORARY.value,
        free=0,
        until=last_day,
    )
    session.add(place)
    await session.flush()
    return place.id


def _away(application_id: int, first_day: date, last_day: date) -> Select[int]:
    """Leaves of the child that have a day in common with these."""
    return select(LeaveRecord.id).where(
        LeaveRecord.application_id == application_id,
        LeaveRecord.ended_at.is_(None),
        LeaveRecord.first_day <= last_day,
        LeaveRecord.last_day >= first_day,
    )


Row = tuple[LeaveRecord, PlaceRecord, KindergartenRecord, ApplicationRecord | None]


def _joined() -> Select[*Row]:
    return (
        select(LeaveRecord, PlaceRecord, KindergartenRecord, ApplicationRecord)
        .join(PlaceRecord, PlaceRecord.id == LeaveRecord.place_id)
        .join(KindergartenRecord, KindergartenRecord.id == PlaceRecord.kindergarten_id)
        .outerjoin(ApplicationRecord, ApplicationRecord.id == LeaveRecord.application_id)
    )


async def _theirs(session: AsyncSession, by: Member, leave_id: int, moment: datetime) -> Row:
    lasting = (
        LeaveRecord.id == leave_id,
        LeaveRecord.ended_at.is_(None),
        LeaveRecord.last_day >= local(moment).date(),
    )
    row = (await session.execute(_joined().where(*lasting))).first()
    if row is None or not by.covers(row[2].district):
        raise NoSuchLeave
    return row[0], row[1], row[2], row[3]


def _leave(
    leave: LeaveRecord,
    place: PlaceRecord,
    home: KindergartenRecord,
    application: ApplicationRecord | None,
) -> Leave:
    return Leave(
        id=leave.id,
        registration_number=application.registration_number if application else None,
        child=application.child_name if application else None,
        kindergarten=home.name,
        language=place.language,
        first_day=leave.first_day,
        last_day=leave.last_day,
        open=leave.opened_at is not None,
        free=place.free,
    )
