"""Days of the calendar, by date: a day that is brought in counts as corrected by staff (D1).

Terms that run already keep the days from which they were counted.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.calendar.rules import SATURDAY, DayKind
from core.calendar.service import CORRECTED
from core.calendar.tables import CalendarDay, CalendarYear
from core.db.engine import leave_work
from core.db.upsert import insert
from core.registry.rows import DayRow
from core.registry.values import Outcome, Reason, Verdict
from core.registry.verdicts import CHANGED, NEW, UNCHANGED, differing, refused, those

SOURCE = "registry"


class Days:
    """See `core.registry.upsert.Upsert`."""

    async def compare(
        self, session: AsyncSession, rows: Sequence[DayRow], *, lock: bool
    ) -> list[Verdict]:
        table = CalendarDay.__table__
        query = select(table).where(table.c.date.in_([row.date for row in rows]))
        known = {
            record.date: record
            for record in await session.execute(query.with_for_update() if lock else query)
        }
        years = set(await session.scalars(select(CalendarYear.year)))
        return [
            refused("date", Reason.YEAR_NOT_COVERED)
            if row.date.year not in years
            else _against(known.get(row.date), row)
            for row in rows
        ]

    async def write(
        self,
        session: AsyncSession,
        rows: Sequence[DayRow],
        verdicts: Sequence[Verdict],
        *,
        actor: str,
        moment: datetime,
    ) -> None:
        entered = insert(session, CalendarDay)
        upserted = entered.on_conflict_do_update(
            index_elements=["date"],
            set_={n: entered.excluded[n] for n in ("kind", "note", "source", "changed_at")},
        )
        touched = those(rows, verdicts, Outcome.NEW) + those(rows, verdicts, Outcome.CHANGED)
        kept = {"source": SOURCE, "changed_at": moment}
        await session.execute(
            upserted, [{"date": row.date, **_columns(row), **kept} for row in touched]
        )
        leave_work(session, CORRECTED)


def _against(known: Any, row: DayRow) -> Verdict:
    """A day that the table does not hold is plain Monday to Friday: saying so changes nothing."""
    if known is not None:
        return CHANGED if differing(known, _columns(row)) else UNCHANGED
    plain = DayKind.WEEKEND if row.date.weekday() >= SATURDAY else DayKind.WORKING
    return UNCHANGED if row.kind == plain and not row.note else NEW


def _columns(row: DayRow) -> dict[str, Any]:
    return {"kind": row.kind, "note": row.note or ""}
