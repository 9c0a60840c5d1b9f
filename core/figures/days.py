"""What the history says, day by day: its sums of each finished night, and the changes since then.

Nobody who asks for the figures waits until ninety days of changes have been read. A night takes in
what the night before it had seen: all that has a lower number is committed by then, and a change
whose moment lies back (a late sweep's) counts for its own day.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    and_,
    case,
    cast,
    delete,
    func,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.applications.rules import Event, Status
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.clock import local, start_of
from core.db.upsert import insert
from core.figures.tables import DayRecord, SummedRecord
from core.figures.values import LONG, SHORT, WEEK, Answers, Happened
from core.notices.plan import ONE_DAY
from core.queue.service import next_night

SLICE = 5_000
"""Changes that are taken in by one transaction: others write in between."""
ANSWERS = (Event.CONFIRM_INTEREST, Event.REFUSE_VOUCHER, Event.REMOVE_FROM_QUEUE)
NO_ANSWER = -1
KNOWN = {event.value: event for event in Event}
ISSUED = aliased(HistoryRecord)
WAITS = Status.IN_QUEUE.value
GREW = case((HistoryRecord.to_status == WAITS, 1), else_=0) - case(
    (HistoryRecord.from_status == WAITS, 1), else_=0
)
AT = func.coalesce(HistoryRecord.at, HistoryRecord.at)
"""By their number they are few: SQLite would rather read the index of the moments."""
SPANS = (WEEK.days, SHORT, LONG)


async def happened(session: AsyncSession, district: str | None, now: datetime) -> list[Happened]:
    """All of the last LONG days and of today, each for the shortest of SPANS that it falls into."""
    while True:
        until = await _summed(session)
        found = [
            Happened(*row)
            for part in (_sums(district, now), _since(session, until, district, now))
            for row in await session.execute(part)
        ]
        if until == await _summed(session):  # else a night came between the two
            return found


def answers(happened: Sequence[Happened]) -> dict[int, Answers]:
    """Answers to vouchers over the last SHORT and LONG days. What the sweep took for missed and a
    press in time took back (D8) was not missed."""
    return {days: _answers([one for one in happened if one.span <= days]) for days in (SHORT, LONG)}


def week(happened: Sequence[Happened]) -> tuple[dict[Event, int], int]:
    """What happened in the last seven days, and by how much the queue grew in them."""
    these = [one for one in happened if one.span == WEEK.days]
    counted = Counter[Event]()
    for one in these:
        if one.event in KNOWN:
            counted[KNOWN[one.event]] += one.number
    return dict(counted), sum(one.grew for one in these)


async def plan(session: AsyncSession, now: datetime) -> None:
    """Plan the first night, if none is planned: it takes in all that is there."""
    if await session.scalar(select(SummedRecord.id)) is None:
        newest = await _newest(session)
        session.add(SummedRecord(id=1, due_at=next_night(now), until=0, next=newest))


def next_due() -> ScalarSelect[datetime]:
    """When sums are due next."""
    return select(SummedRecord.due_at).scalar_subquery()


async def sweep(session: AsyncSession, now: datetime) -> int:
    """Take in the next changes if the hour has come. Returns 1 if so."""
    summed = await session.scalar(
        select(SummedRecord).where(SummedRecord.due_at <= now).with_for_update(skip_locked=True)
    )
    if summed is None:
        return 0
    oldest = local(now).date() - (LONG + 1) * ONE_DAY
    until = min(summed.until + SLICE, summed.next)
    await _add(session, summed.until, until, oldest)
    summed.until = until
    if until == summed.next:
        summed.next = await _newest(session)
        summed.due_at = next_night(now)
        await session.execute(delete(DayRecord).where(DayRecord.day < oldest))
    return 1


def _answers(happened: Sequence[Happened]) -> Answers:
    hours = Counter[int]()
    for one in happened:
        if one.hours != NO_ANSWER:
            hours[one.hours] += one.number
    numbers = Counter[str]()
    for one in happened:
        numbers[one.event] += one.number
    missed = numbers[Event.CONFIRMATION_MISSED] - numbers[Event.CONFIRMATION_REOPENED]
    return Answers(dict(hours), max(missed, 0))


async def _add(session: AsyncSession, after: int, until: int, oldest: date) -> None:
    rows = await session.execute(
        select(HistoryRecord.at, ApplicationRecord.district, HistoryRecord.event)
        .add_columns(_hours(session), GREW)
        .join(ApplicationRecord, ApplicationRecord.id == HistoryRecord.application_id)
        .where(HistoryRecord.id > after, HistoryRecord.id <= until, start_of(oldest) <= AT)
    )
    numbers, grown = Counter[tuple[date, str, str, int]](), Counter[tuple[date, str, str, int]]()
    for at, district, event, hours, grew in rows:
        key = local(at).date(), district, event, int(hours)
        numbers[key] += 1
        grown[key] += grew
    if not numbers:
        return
    names = "day", "district", "event", "hours"
    added = insert(session, DayRecord)
    await session.execute(
        added.on_conflict_do_update(
            index_elements=names,
            set_={
                "number": DayRecord.number + added.excluded.number,
                "grew": DayRecord.grew + added.excluded.grew,
            },
        ),
        [
            {**dict(zip(names, key, strict=True)), "number": number, "grew": grown[key]}
            for key, number in sorted(numbers.items())
        ],
    )


async def _summed(session: AsyncSession) -> int:
    return await session.scalar(select(SummedRecord.until)) or 0


async def _newest(session: AsyncSession) -> int:
    return await session.scalar(select(func.max(HistoryRecord.id))) or 0


def _sums(district: str | None, now: datetime) -> Select[Any]:
    day = DayRecord.day
    today = local(now).date()
    span = case(*((day >= today - days * ONE_DAY, days) for days in SPANS)).label("span")
    return (
        select(span, DayRecord.event, DayRecord.hours)
        .add_columns(func.sum(DayRecord.number), func.sum(DayRecord.grew))
        .where(day >= today - LONG * ONE_DAY, *_in(DayRecord.district, district))
        .group_by("span", DayRecord.event, DayRecord.hours)
    )


def _since(session: AsyncSession, until: int, district: str | None, now: datetime) -> Select[Any]:
    """The same of the changes after that one, as they are."""
    begins = {days: start_of(local(now).date() - days * ONE_DAY) for days in SPANS}
    span = case(*((begin <= AT, days) for days, begin in begins.items())).label("span")
    return (
        select(span, HistoryRecord.event, _hours(session).label("took"))
        .add_columns(func.count(), func.sum(GREW))
        .join(ApplicationRecord, ApplicationRecord.id == HistoryRecord.application_id)
        .where(HistoryRecord.id > until, begins[LONG] <= AT, now >= AT)
        .where(*_in(ApplicationRecord.district, district))
        .group_by("span", HistoryRecord.event, "took")
    )


def _in(column: Any, district: str | None) -> list[ColumnElement[bool]]:
    return [] if district is None else [column == district]


def _hours(session: AsyncSession) -> ColumnElement[Any]:
    """Whole hours from the voucher's issue to its answer, as each database subtracts."""
    issued_at: Any = (
        select(func.max(ISSUED.at))
        .where(
            ISSUED.application_id == HistoryRecord.application_id,
            ISSUED.event == Event.ISSUE_VOUCHER.value,
            ISSUED.at <= HistoryRecord.at,
        )
        .correlate(HistoryRecord)
        .scalar_subquery()
    )
    if session.get_bind().dialect.name == "sqlite":
        begun, ended = (
            cast(func.strftime("%s", at), Integer) for at in (issued_at, HistoryRecord.at)
        )
        took: ColumnElement[Any] = (ended - begun) // 3600
    else:
        took = cast(func.floor(func.extract("epoch", HistoryRecord.at - issued_at) / 3600), Integer)
    answered = and_(
        HistoryRecord.event.in_(ANSWERS),
        HistoryRecord.from_status == Status.AWAITING_CONFIRMATION.value,
    )
    return case((answered, func.coalesce(took, NO_ANSWER)), else_=NO_ANSWER)
