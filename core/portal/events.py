"""Events of the portal, one by one and in batches: each id counts once."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from core.calendar.rules import Calendar
from core.calendar.service import CalendarBook, calendar_in
from core.clock import local
from core.db.engine import Database
from core.db.upsert import insert
from core.portal.tables import PortalEventRecord
from core.portal.values import BATCH, Done, EventRefused, Item, NotDone, Result, Why
from core.portal.vouchers import VOUCHERS, do
from core.registry.rows import FIELDS, Reading, Row, read
from core.registry.upsert import apply, beside_no_file
from core.registry.values import Kind, Outcome, Problem, Reason
from core.registry.vocabulary import vocabulary

ACTOR = "portal"
PUTS = {
    "citizen.put": Kind.CITIZENS,
    "application.put": Kind.APPLICATIONS,
    "kindergarten.put": Kind.KINDERGARTENS,
    "place.put": Kind.PLACES,
    "calendar_day.put": Kind.DAYS,
}
"""Types whose items go into the records as a row of a file does."""
DONE = "done"
TYPES = (*PUTS, *VOUCHERS)
AS_THINGS_STAND = {
    Reason.CANNOT_CHANGE: Why.REFUSED,
    Reason.BELOW_TAKEN: Why.REFUSED,
    Reason.SEVERAL_KINDERGARTENS: Why.REFUSED,
    Reason.YEAR_NOT_COVERED: Why.REFUSED,
    Reason.UNKNOWN_KINDERGARTEN: Why.UNKNOWN,
}
"""Reasons that lie in the records; every other one lies in the row."""


class PortalEvents:
    """What the portal sends, done in one transaction for each event, a batch included."""

    def __init__(self, db: Database, calendar: CalendarBook) -> None:
        self._db = db
        self._calendar = calendar

    async def take(self, event_id: str, item: Item, moment: datetime) -> dict[str, Any]:
        """Do what a single event says. The same id again: the first answer, and nothing changes.
        Raises EventRefused and, with rows for the registers, FileComesIn."""
        calendar = await self._calendar.load()
        async with self._db.write() as session:
            if (taken := await _taken(session, event_id, item.type, moment)) is not None:
                return taken
            [result] = await _do(session, [item], calendar, moment)
            if isinstance(result, NotDone):
                raise EventRefused(result)
            answer = dict(result.answer)
            await _keep(session, event_id, answer)
        return answer

    async def take_batch(
        self, event_id: str, items: Sequence[Item | NotDone], moment: datetime
    ) -> dict[str, Any]:
        """Do what the items of a batch say, in their order, `MOST` at most; one that cannot be done
        keeps no other from being done. A NotDone among them was refused before. The same id
        again: the first answer, and nothing changes. Raises FileComesIn."""
        sound = [item for item in items if isinstance(item, Item)]
        calendar = await self._calendar.load()
        async with self._db.write() as session:
            if (taken := await _taken(session, event_id, BATCH, moment)) is not None:
                return taken
            done = iter(await _do(session, sound, calendar, moment))
            results = [next(done) if isinstance(item, Item) else item for item in items]
            answer = {"events": [told(result) for result in results]}
            await _keep(session, event_id, answer)
        return answer


async def _do(
    session: AsyncSession, items: Sequence[Item], calendar: Calendar, moment: datetime
) -> list[Result]:
    """What became of each item, in their order."""
    reading = None
    if any(item.type in PUTS for item in items):
        await beside_no_file(session)
        reading = Reading(await vocabulary(session), local(moment).date())
    results: list[Result] = []
    for type_, those in _runs(items):
        kind = PUTS.get(type_)
        if reading is not None and kind is not None:
            results += await _put(session, kind, those, reading, moment)
            if kind is Kind.DAYS:
                calendar = await calendar_in(session)
        else:
            results += [await do(session, type_, item.data, calendar, moment) for item in those]
    return results


def told(result: Result) -> dict[str, Any]:
    """An item's result, as plain JSON."""
    if isinstance(result, Done):
        return {"result": DONE, "answer": dict(result.answer)}
    return {"result": result.why.value, **told_refusal(result)}


def told_refusal(refusal: NotDone) -> dict[str, Any]:
    """Why something is refused, as plain JSON."""
    problems = [{"field": p.field, "reason": p.reason.value} for p in refusal.problems]
    return {"detail": refusal.detail, **({"problems": problems} if problems else {})}


async def _taken(
    session: AsyncSession, event_id: str, type_: str, moment: datetime
) -> dict[str, Any] | None:
    """The answer that this id has had; None: it is new, and ours from now on. Of one event that is
    delivered twice at once the second waits here for the first."""
    new = insert(session, PortalEventRecord).values(
        id=event_id, type=type_, received_at=moment, answer={}
    )
    entered = await session.execute(new.on_conflict_do_nothing())
    assert isinstance(entered, CursorResult)
    if entered.rowcount == 1:
        return None
    return (await session.get_one(PortalEventRecord, event_id)).answer


async def _keep(session: AsyncSession, event_id: str, answer: dict[str, Any]) -> None:
    (await session.get_one(PortalEventRecord, event_id)).answer = answer


def _runs(items: Sequence[Item]) -> Iterator[tuple[str, list[Item]]]:
    """Neighbours of one type together: they go to the database at once."""
    run: list[Item] = []
    for item in items:
        if run and run[0].type != item.type:
            yield run[0].type, run
            run = []
        run.append(item)
    if run:
        yield run[0].type, run


async def _put(
    session: AsyncSession, kind: Kind, items: Sequence[Item], reading: Reading, moment: datetime
) -> list[Result]:
    """Rows of one kind. Of several with one key the last counts, as if they had come alone."""
    read_ = [read(kind, _known_fields(kind, item), reading) for item in items]
    results: list[Result | None] = [
        _refused(row) if isinstance(row, tuple) else None for row in read_
    ]
    waiting = [(i, row) for i, row in enumerate(read_) if not isinstance(row, tuple)]
    while waiting:
        first: dict[str, tuple[int, Row]] = {}
        again = []
        for i, row in waiting:
            if first.setdefault(row.key, (i, row))[0] != i:
                again.append((i, row))
        rows = [row for _, row in first.values()]
        verdicts = await apply(session, kind, rows, actor=ACTOR, moment=moment)
        for (i, _), verdict in zip(first.values(), verdicts, strict=True):
            if verdict.outcome is Outcome.REFUSED and verdict.problem:
                results[i] = _refused((verdict.problem,))
            else:
                results[i] = Done({"outcome": verdict.outcome.value})
        waiting = again
    return [result for result in results if result is not None]


def _known_fields(kind: Kind, item: Item) -> dict[str, Any]:
    """A field that we do not know is the portal's own affair."""
    return {name: value for name, value in item.data.items() if name in FIELDS[kind]}


def _refused(problems: Sequence[Problem]) -> NotDone:
    why = {AS_THINGS_STAND.get(problem.reason, Why.WRONG) for problem in problems}
    worst = next(w for w in Why if w in why)
    words = ", ".join(f"{p.field or 'data'}: {p.reason.value}" for p in problems)
    return NotDone(worst, f"refused: {words}", tuple(problems))
