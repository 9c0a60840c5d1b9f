"""Citizens of our own table of the citizens' base, by IIN."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.citizens.tables import CitizenRecord
from core.db.upsert import insert
from core.registry.rows import CitizenRow
from core.registry.values import Outcome, Verdict
from core.registry.verdicts import CHANGED, NEW, UNCHANGED, differing, those


class Citizens:
    """See `core.registry.upsert.Upsert`."""

    async def compare(
        self, session: AsyncSession, rows: Sequence[CitizenRow], *, lock: bool
    ) -> list[Verdict]:
        table = CitizenRecord.__table__
        query = select(table).where(table.c.iin.in_([row.iin for row in rows]))
        query = query.with_for_update() if lock else query
        known = {record.iin: record for record in await session.execute(query)}
        return [
            NEW
            if row.iin not in known
            else CHANGED
            if differing(known[row.iin], _columns(row))
            else UNCHANGED
            for row in rows
        ]

    async def write(
        self,
        session: AsyncSession,
        rows: Sequence[CitizenRow],
        verdicts: Sequence[Verdict],
        *,
        actor: str,
        moment: datetime,
    ) -> None:
        entered = insert(session, CitizenRecord)
        upserted = entered.on_conflict_do_update(
            index_elements=["iin"],
            set_={name: entered.excluded[name] for name in ("phone", "full_name", "birth_date")},
        )
        touched = those(rows, verdicts, Outcome.NEW) + those(rows, verdicts, Outcome.CHANGED)
        await session.execute(upserted, [_columns(row) for row in touched])


def _columns(row: CitizenRow) -> dict[str, Any]:
    return {
        "iin": row.iin,
        "phone": row.phone,
        "full_name": row.full_name,
        "birth_date": row.birth_date,
    }
