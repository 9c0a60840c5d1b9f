"""Use cases of outages: beats, judging, declaring (D18)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ScalarSelect, func, select, update

from core.audit import log as audit
from core.calendar.service import CalendarBook
from core.db.engine import Database, DatabaseDown, leave_work
from core.db.upsert import insert
from core.outages import beats, judging
from core.outages.rules import Cause, Reason, Span, problem_of
from core.outages.tables import OutageRecord
from core.outages.values import CannotDeclare, Outage
from core.staff.rules import Member, Right, require

log = structlog.get_logger(__name__)

LOOK_AGAIN = timedelta(minutes=1)
"""How soon to judge again where a new end cannot be counted."""
BATCHES = (judging.extend_running, judging.extend_ended)


class Outages:
    """Our outage costs no child its place."""

    def __init__(self, db: Database, calendar: CalendarBook) -> None:
        self._db = db
        self._calendar = calendar

    async def beat(self, process: str, now: datetime) -> None:
        """That process can take a tap: to be said every `rules.BEAT`. Raises DatabaseDown."""
        async with self._db.write() as session:
            await beats.beat(session, process, now)

    async def begin(self, now: datetime) -> None:
        """Before a process does anything else: what was missed while nobody beat is written down,
        and judged."""
        async with self._db.write() as session:
            await beats.note_silence(session, now)
        await self.judge(now)

    async def leap(self, now: datetime, to: datetime) -> None:
        """The clock is about to be moved: what it leaves out is no outage."""
        async with self._db.write() as session:
            await beats.leap(session, now, to)

    async def judge(self, now: datetime) -> int:
        """Extend what the outages have touched that are not judged yet, in short transactions: one
        that is cut off goes on where it was. How many terms."""
        due = select(OutageRecord.id).where(OutageRecord.due_at <= now).order_by(OutageRecord.id)
        async with self._db.read() as session:
            ids = (await session.scalars(due)).all()
        return sum([await self._judge(outage_id, now) for outage_id in ids])

    async def _judge(self, outage_id: int, now: datetime) -> int:
        async with self._db.read() as session:
            seen = (await session.get_one(OutageRecord, outage_id)).due_at
        try:
            extended = await self._extend(outage_id, now)
            due_at = None
        except DatabaseDown:
            raise
        except Exception:  # neither the others nor the start of a process may hang on it
            log.exception("outage not judged", outage=outage_id)
            extended, due_at = 0, now + LOOK_AGAIN
        # it may have grown meanwhile: then it is due still
        same = OutageRecord.id == outage_id, OutageRecord.due_at == seen
        async with self._db.write() as session:
            await session.execute(update(OutageRecord).where(*same).values(due_at=due_at))
        if extended:
            log.warning("terms extended", outage=outage_id, terms=extended)
        return extended

    async def _extend(self, outage_id: int, now: datetime) -> int:
        calendar = await self._calendar.load()
        extended = 0
        for extend in BATCHES:
            after: int | None = 0
            while after is not None:
                async with self._db.write() as session:
                    outage = await session.get_one(OutageRecord, outage_id)
                    touched = await judging.touched_by(session, outage, calendar, now)
                    ids = await extend(session, touched, calendar, now, after)
                extended += len(ids)
                after = ids[-1] if len(ids) == judging.BATCH else None
        return extended

    async def touched(self, by: Member | None, cause: Cause, span: Span, now: datetime) -> int:
        """How many terms such an outage would extend. `by` None: the operator, at the command
        line. Raises NotAllowed, CannotDeclare, YearNotCovered."""
        _check(by, span, now)
        calendar = await self._calendar.load()
        thought_of = OutageRecord(
            id=0, key=_key(cause, span), cause=cause, from_at=span.from_at, to_at=span.to_at
        )
        async with self._db.read() as session:
            touched = await judging.touched_by(session, thought_of, calendar, now)
            return await judging.number_of(session, touched, now)

    async def declare(
        self, by: Member | None, cause: Cause, reason: Reason, span: Span, now: datetime
    ) -> int:
        """Write an outage down that no beat shows; terms are extended by `judge`. The same one
        again changes nothing. Its id. Raises NotAllowed, CannotDeclare."""
        _check(by, span, now)
        key = _key(cause, span)
        async with self._db.write() as session:
            made: int | None = await session.scalar(
                insert(session, OutageRecord)
                .values(
                    key=key,
                    cause=cause.value,
                    from_at=span.from_at,
                    to_at=span.to_at,
                    reason=reason.value,
                    staff_id=by.id if by else None,
                    due_at=now,
                    extended=0,
                )
                .on_conflict_do_nothing()
                .returning(OutageRecord.id)
            )
            if made is None:
                known = select(OutageRecord.id).where(OutageRecord.key == key)
                return (await session.scalars(known)).one()
            audit.note(
                session,
                by,
                "outage_declared",
                now,
                subjects={"outage": [made]},
                details={
                    "cause": cause.value,
                    "reason": reason.value,
                    "from": span.from_at.isoformat(),
                    "to": span.to_at.isoformat(),
                },
            )
            leave_work(session, beats.WORK)
            return made

    async def newest(self, number: int) -> Sequence[Outage]:
        """The last ones, the newest first."""
        last = select(OutageRecord).order_by(OutageRecord.from_at.desc(), OutageRecord.id.desc())
        async with self._db.read() as session:
            return [_outage(one) for one in await session.scalars(last.limit(number))]


def next_due() -> ScalarSelect[datetime | None]:
    """Since when an outage waits to be judged."""
    due = OutageRecord.due_at.is_not(None)
    return select(func.min(OutageRecord.due_at)).where(due).scalar_subquery()


def _check(by: Member | None, span: Span, now: datetime) -> None:
    if by is not None:
        require(by, Right.OUTAGES)
    if problem := problem_of(span, now):
        raise CannotDeclare(problem)


def _key(cause: Cause, span: Span) -> str:
    return f"declared:{cause.value}:{span.from_at:%Y%m%dT%H%M%S}:{span.to_at:%Y%m%dT%H%M%S}"


def _outage(record: OutageRecord) -> Outage:
    return Outage(
        id=record.id,
        cause=Cause(record.cause),
        span=Span(record.from_at, record.to_at),
        reason=Reason(record.reason) if record.reason else None,
        extended=record.extended,
        judged=record.due_at is None,
    )
