"""Kindergartens, by district and name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.places.names import listing_key
from core.places.search import fold
from core.places.tables import KindergartenRecord
from core.registry.rows import KindergartenRow
from core.registry.values import Outcome, Reason, Verdict
from core.registry.verdicts import CHANGED, NEW, UNCHANGED, differing, refused, those


class Kindergartens:
    """See `core.registry.upsert.Upsert`."""

    async def compare(
        self, session: AsyncSession, rows: Sequence[KindergartenRow], *, lock: bool
    ) -> list[Verdict]:
        known = await found(session, [row.key for row in rows], lock=lock)
        return [_against(known.get(row.key, []), row) for row in rows]

    async def write(
        self,
        session: AsyncSession,
        rows: Sequence[KindergartenRow],
        verdicts: Sequence[Verdict],
        *,
        actor: str,
        moment: datetime,
    ) -> None:
        if new := those(rows, verdicts, Outcome.NEW):
            await session.execute(insert(KindergartenRecord), [_columns(row) for row in new])
        if changed := those(rows, verdicts, Outcome.CHANGED):
            known = await found(session, [row.key for row in changed], lock=False)
            await session.execute(
                update(KindergartenRecord),
                [{"id": had.id, **_columns(row, had)} for row in changed for had in known[row.key]],
            )


async def found(
    session: AsyncSession, keys: Iterable[str], *, lock: bool
) -> Mapping[str, Sequence[Any]]:
    """Key (district/folded name) -> its kindergartens: one, unless somebody has made twins."""
    table = KindergartenRecord.__table__
    named = {tuple(key.split("/", 1)) for key in keys}
    query = (
        select(table)
        .where(tuple_(table.c.district, table.c.folded_name).in_(named))
        .order_by(table.c.id)
    )
    records = defaultdict(list)
    for record in await session.execute(query.with_for_update() if lock else query):
        records[f"{record.district}/{record.folded_name}"].append(record)
    return records


def _against(known: Sequence[Any], row: KindergartenRow) -> Verdict:
    if not known:
        return NEW
    if len(known) > 1:
        return refused("name", Reason.SEVERAL_KINDERGARTENS)
    return CHANGED if differing(known[0], _columns(row, known[0])) else UNCHANGED


def _columns(row: KindergartenRow, had: Any | None = None) -> dict[str, Any]:
    """A pin on the map that is not told stays where it was."""
    pin = had if had is not None and row.latitude is None else row
    return {
        "district": row.district,
        "name": row.name,
        "folded_name": fold(row.name),
        "sort_key": listing_key(row.name),
        "kind": row.kind,
        "ownership": row.ownership,
        "phone": row.phone,
        "address": row.address,
        "latitude": pin.latitude,
        "longitude": pin.longitude,
    }
