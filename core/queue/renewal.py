"""The yearly renewal of the queue (D16): its dry run, its start, its steps in the background."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.tables import ApplicationRecord, CategoryRecord
from core.audit import log
from core.db.engine import Database, leave_work
from core.named import Named
from core.queue import renewing
from core.queue.service import record_numbers
from core.queue.stages import ALIVE, age_stages, renumbered, stage_as_of
from core.queue.tables import RenewalRecord
from core.queue.values import NoSuchRenewal, RenewalPlan, RenewalProgress, State
from core.staff.rules import Member, Right, require
from core.staff.service import member_of
from core.staff.tables import StaffRecord

WORK = "renewals"
"""The work that a started renewal leaves behind (`Database.on_work`)."""
UNDER_WAY = (State.RUNNING, State.TELLING)


class Renewal:
    """A renewal is idempotent: a second one as of the same day changes nothing."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def plan(self, by: Member, as_of: date, moment: datetime) -> RenewalPlan:
        """The dry run: what would change now. It is kept, to be started by its id. Raises
        NotAllowed."""
        require(by, Right.RENEWAL)
        async with self._db.write() as session:
            moves, numbers = await _foreseen(session, as_of)
            record = RenewalRecord(
                staff_id=by.id, as_of=as_of, state=State.PLANNED, planned_at=moment
            )
            session.add(record)
            await session.flush()
            log.note(
                session,
                by,
                "renewal_previewed",
                moment,
                subjects={"renewal": [record.id]},
                details={"as_of": as_of.isoformat(), "number": numbers},
            )
            return RenewalPlan(record.id, as_of, moves, numbers)

    async def start(
        self,
        by: Member,
        renewal_id: int,
        moment: datetime,
        *,
        chat_id: int | None = None,
        message_id: int | None = None,
    ) -> RenewalProgress:
        """Let it run, told in that message. Raises NotAllowed, NoSuchRenewal."""
        require(by, Right.RENEWAL)
        async with self._db.write() as session:
            record = await _locked(session, renewal_id)
            if record.staff_id != by.id or record.state != State.PLANNED:
                raise NoSuchRenewal
            record.state, record.due_at = State.RUNNING, moment
            record.chat_id, record.message_id = chat_id, message_id
            log.note(session, by, "renewal_started", moment, subjects={"renewal": [renewal_id]})
            leave_work(session, WORK)
            return _progress(record)

    async def running(self) -> Sequence[int]:
        """The renewals that are to go on, the oldest first."""
        due = RenewalRecord.due_at.is_not(None)
        async with self._db.read() as session:
            ids = select(RenewalRecord.id).where(due).order_by(RenewalRecord.id)
            return (await session.scalars(ids)).all()

    async def step(self, renewal_id: int, moment: datetime) -> RenewalProgress:
        """The change itself, or the next batch of notices. Raises NoSuchRenewal."""
        if (await self._state(renewal_id)) == State.RUNNING:
            async with self._db.write() as session:  # most of the numbers beforehand: what follows
                await record_numbers(session, moment)  # keeps everybody else waiting
        async with self._db.write() as session:
            record = await _locked(session, renewal_id)
            if record.state == State.RUNNING:
                await renewing.carry_out(session, record, moment)
                by = await session.get(StaffRecord, record.staff_id)
                log.note(
                    session,
                    member_of(by) if by else None,
                    "queue_renewed",
                    moment,
                    subjects={"renewal": [record.id]},
                    details={"moved": record.moved, "number": record.renumbered},
                )
            elif record.state == State.TELLING:
                await renewing.tell(session, record, moment)
            return _progress(record)

    async def _state(self, renewal_id: int) -> str | None:
        async with self._db.read() as session:
            return await session.scalar(
                select(RenewalRecord.state).where(RenewalRecord.id == renewal_id)
            )

    async def fail(self, renewal_id: int) -> RenewalProgress:
        """Something is wrong that trying again would not mend: stop. Raises NoSuchRenewal."""
        async with self._db.write() as session:
            record = await _locked(session, renewal_id)
            if record.state in UNDER_WAY:
                record.state, record.due_at = State.FAILED, None
            return _progress(record)


def next_due() -> ScalarSelect[datetime | None]:
    """Since when the oldest renewal has been running."""
    due = RenewalRecord.due_at.is_not(None)
    return select(func.min(RenewalRecord.due_at)).where(due).scalar_subquery()


async def _foreseen(
    session: AsyncSession, as_of: date
) -> tuple[dict[tuple[Named, Named], int], int]:
    """The moves, in the order of the stages, and how many numbers change."""
    stages = await age_stages(session)
    if not stages:
        return {}, 0
    stage = stage_as_of(stages, as_of)
    pairs = await session.execute(
        select(ApplicationRecord.category, stage.label("to"), func.count())
        .where(ApplicationRecord.status.in_(ALIVE), ApplicationRecord.category != stage)
        .group_by(ApplicationRecord.category, stage)
    )
    named = {
        record.code: (record.position, Named(record.name_kk, record.name_ru, record.name_en))
        for record in await session.scalars(select(CategoryRecord))
    }
    ordered = sorted(pairs.all(), key=lambda row: (named[row[0]][0], named[row[1]][0]))
    moves = {(named[row[0]][1], named[row[1]][1]): row[2] for row in ordered}
    both = renumbered(stage)
    differing = select(func.count()).select_from(both).where(both.c.old != both.c.new)
    return moves, await session.scalar(differing) or 0


async def _locked(session: AsyncSession, renewal_id: int) -> RenewalRecord:
    record = await session.get(
        RenewalRecord, renewal_id, with_for_update=True, populate_existing=True
    )
    if record is None:
        raise NoSuchRenewal
    return record


def _progress(record: RenewalRecord) -> RenewalProgress:
    return RenewalProgress(
        id=record.id,
        state=State(record.state),
        as_of=record.as_of,
        moved=record.moved,
        renumbered=record.renumbered,
        told=record.told,
        chat_id=record.chat_id,
        message_id=record.message_id,
    )
