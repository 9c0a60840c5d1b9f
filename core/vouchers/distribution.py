"""Distribution: vouchers in the order of the queue, never more than there are places (D15)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.alike import Alike, change_alike
from core.applications.rules import Event, Situation, Status
from core.applications.tables import ApplicationRecord
from core.audit import log
from core.calendar.rules import Calendar
from core.calendar.service import CalendarBook
from core.db.engine import Database, leave_work
from core.places.districts import DISTRICTS
from core.staff.rules import Member, NotAllowed, Right, require
from core.staff.service import member_of
from core.staff.tables import StaffRecord
from core.vouchers.tables import DistributionRecord
from core.vouchers.turns import alone, in_turn, rooms, turns
from core.vouchers.values import DryRun, NoSuchDistribution, Progress, Room, State, Turn

BATCH = 500
"""Vouchers in one transaction."""
RESTORED = ApplicationRecord.restored_at.is_not(None)
WORK = "distributions"
"""The work that a started distribution leaves behind (`Database.on_work`)."""


class Distribution:
    """The dry run, the start, and the batches, which anybody may go on with after a kill."""

    def __init__(self, db: Database, calendar: CalendarBook) -> None:
        self._db = db
        self._calendar = calendar

    async def rooms(self, by: Member) -> list[Room]:
        """The room of each district that is theirs. Raises NotAllowed."""
        require(by, Right.VOUCHERS)
        async with self._db.read() as session:
            return list((await rooms(session, _districts(by, None))).values())

    async def plan(
        self, by: Member, district: str | None, wanted: int | None, moment: datetime
    ) -> DryRun | None:
        """The dry run: who would get a voucher now, at most `wanted` of them; None when nobody
        would. `district` None: every district as many as it has room for. It is kept, to be
        started by its id. Raises NotAllowed."""
        if district is None and by.district is not None:
            raise NotAllowed
        require(by, Right.VOUCHERS, district)
        async with self._db.write() as session:
            found: list[Turn] = []
            shares: dict[str, Any] = {}
            for code, room in (await rooms(session, _districts(by, district))).items():
                number = room.issuable if wanted is None else min(wanted, room.issuable)
                if number > 0:
                    theirs = await turns(session, code, number)
                    found += theirs
                    shares[code] = [len(theirs), 0, False]
            if not found:
                return None
            ids = [turn.application_id for turn in found]
            record = DistributionRecord(
                staff_id=by.id,
                district=district,
                state=State.PLANNED,
                planned_at=moment,
                due_at=None,
                promised=ids,
                shares=shares,
            )
            session.add(record)
            await session.flush()
            log.note(
                session,
                by,
                "distribution_previewed",
                moment,
                subjects={"distribution": [record.id], "application": ids},
                details={"district": district, "number": len(ids)},
            )
            return DryRun(record.id, district, tuple(found))

    async def start(
        self,
        by: Member,
        distribution_id: int,
        moment: datetime,
        *,
        chat_id: int | None = None,
        message_id: int | None = None,
    ) -> Progress:
        """Let it run, told in that message. Raises NotAllowed, NoSuchDistribution."""
        async with self._db.write() as session:
            record = await _locked(session, distribution_id)
            if record is None or record.staff_id != by.id or record.state != State.PLANNED:
                raise NoSuchDistribution
            for code in record.shares:
                require(by, Right.VOUCHERS, code)
            record.state, record.due_at = State.RUNNING, moment
            record.chat_id, record.message_id = chat_id, message_id
            log.note(
                session,
                by,
                "distribution_started",
                moment,
                subjects={"distribution": [record.id]},
                details={"district": record.district, "number": _progress(record).number},
            )
            leave_work(session, WORK)
            return _progress(record)

    async def running(self) -> Sequence[int]:
        """The distributions that are to go on, the oldest first."""
        due = DistributionRecord.due_at.is_not(None)
        async with self._db.read() as session:
            ids = select(DistributionRecord.id).where(due).order_by(DistributionRecord.id)
            return (await session.scalars(ids)).all()

    async def batch(self, distribution_id: int, moment: datetime) -> Progress:
        """Issue the next vouchers to whoever is first at this moment: never more than were asked
        for, never more than there are places now. Raises NoSuchDistribution."""
        calendar = await self._calendar.load()
        async with self._db.write() as session:
            record = await _locked(session, distribution_id)
            if record is None:
                raise NoSuchDistribution
            if record.state == State.RUNNING:
                await _go_on(session, record, calendar, moment)
            return _progress(record)

    async def fail(self, distribution_id: int) -> Progress:
        """Something is wrong that trying again would not mend: stop. Raises NoSuchDistribution."""
        async with self._db.write() as session:
            record = await _locked(session, distribution_id)
            if record is None:
                raise NoSuchDistribution
            if record.state == State.RUNNING:
                record.state, record.due_at = State.FAILED, None
            return _progress(record)


def next_due() -> ScalarSelect[datetime | None]:
    """Since when the oldest distribution has been running."""
    due = DistributionRecord.due_at.is_not(None)
    return select(func.min(DistributionRecord.due_at)).where(due).scalar_subquery()


async def _go_on(
    session: AsyncSession, record: DistributionRecord, calendar: Calendar, moment: datetime
) -> None:
    """One batch in the first district that is not through; after the last it is done."""
    district = next(code for code, (_, _, through) in record.shares.items() if not through)
    number, issued, _ = record.shares[district]
    if session.get_bind().dialect.name == "postgresql":  # a renewal changes the order first (D15)
        await session.execute(text("LOCK TABLE applications IN ROW SHARE MODE"))
    await alone(session, district)
    room = (await rooms(session, [district]))[district]
    limit = min(BATCH, number - issued, room.places)
    ids = await in_turn(session, district, limit)
    given = await _issue(session, ids, calendar, moment)
    if given:
        record.others += len(set(given) - set(record.promised))
        by = await session.get(StaffRecord, record.staff_id)
        log.note(
            session,
            member_of(by) if by else None,
            "vouchers_issued",
            moment,
            subjects={"distribution": [record.id], "application": given},
            details={"district": district},
        )
    issued += len(given)
    record.shares = record.shares | {district: [number, issued, not ids or issued == number]}
    if all(through for _, _, through in record.shares.values()):
        record.state, record.due_at = State.DONE, None


async def _issue(
    session: AsyncSession, ids: Sequence[int], calendar: Calendar, moment: datetime
) -> list[int]:
    """Vouchers for those of `ids` that are still in the queue; their ids."""
    found = await session.execute(
        select(ApplicationRecord.id, ApplicationRecord.version, RESTORED)
        .where(ApplicationRecord.id.in_(ids), ApplicationRecord.status == Status.IN_QUEUE.value)
        .order_by(ApplicationRecord.id)
        .with_for_update()
    )
    groups = defaultdict(list)
    for id_, version, restored in found:
        groups[version, bool(restored)].append(id_)
    for (version, restored), these in groups.items():
        situation = Situation(Status.IN_QUEUE, ends_at=None, restored=restored)
        await change_alike(
            session,
            Alike(these, version, situation, last_day=None),
            Event.ISSUE_VOUCHER,
            calendar=calendar,
            pressed_at=moment,
            at=moment,
            actor="operator",
        )
    return [id_ for these in groups.values() for id_ in these]


async def _locked(session: AsyncSession, distribution_id: int) -> DistributionRecord | None:
    return await session.get(
        DistributionRecord, distribution_id, with_for_update=True, populate_existing=True
    )


def _districts(by: Member, district: str | None) -> list[str]:
    return [
        code for code in DISTRICTS if by.covers(code) and (district is None or code == district)
    ]


def _progress(record: DistributionRecord) -> Progress:
    return Progress(
        id=record.id,
        state=State(record.state),
        district=record.district,
        number=sum(number for number, _, _ in record.shares.values()),
        issued=sum(issued for _, issued, _ in record.shares.values()),
        others=record.others,
        chat_id=record.chat_id,
        message_id=record.message_id,
    )
