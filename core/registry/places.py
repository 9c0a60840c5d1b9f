"""Places, by kindergarten, language, mode and last day.

A row tells how many places there are in all, without those that a sanatorium leave has lent (R15);
what is taken and held stays so, and the free ones are what remains (D6).
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, or_, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.rules import Status
from core.applications.tables import ApplicationRecord
from core.db.among import among
from core.places.tables import HoldRecord, KindergartenRecord, LeaveRecord, PlaceRecord, StayRecord
from core.registry import kindergartens
from core.registry.rows import PlaceRow
from core.registry.values import Outcome, Reason, Verdict
from core.registry.verdicts import CHANGED, NEW, UNCHANGED, refused, those


@dataclass(frozen=True)
class _Known:
    """What the records say: the kindergartens of that name, the place, how many of it are taken
    or held, and how many there are on top of what a file tells."""

    homes: Sequence[Any]
    place: Any | None = None
    used: int = 0
    lent: int = 0

    def free(self, row: PlaceRow) -> int:
        """How many are free if `row` is right; below zero if it cannot be."""
        return row.total + self.lent - self.used


class Places:
    """See `core.registry.upsert.Upsert`."""

    async def compare(
        self, session: AsyncSession, rows: Sequence[PlaceRow], *, lock: bool
    ) -> list[Verdict]:
        known = await _known(session, rows, lock=lock)
        return [_against(known[row.key], row) for row in rows]

    async def write(
        self,
        session: AsyncSession,
        rows: Sequence[PlaceRow],
        verdicts: Sequence[Verdict],
        *,
        actor: str,
        moment: datetime,
    ) -> None:
        new = those(rows, verdicts, Outcome.NEW)
        changed = those(rows, verdicts, Outcome.CHANGED)
        known = await _known(session, [*new, *changed], lock=False)
        if new:
            await session.execute(
                insert(PlaceRecord),
                [
                    {
                        "kindergarten_id": known[row.key].homes[0].id,
                        "language": row.language,
                        "mode": row.mode,
                        "free": row.total,
                        "until": row.until,
                    }
                    for row in new
                ],
            )
        if changed:
            had = [(known[row.key], row) for row in changed]
            await session.execute(
                update(PlaceRecord),
                [{"id": one.place.id, "free": one.free(row)} for one, row in had if one.place],
            )


async def _known(
    session: AsyncSession, rows: Sequence[PlaceRow], *, lock: bool
) -> dict[str, _Known]:
    homes = await kindergartens.found(session, {row.home for row in rows}, lock=False)
    place, home = PlaceRecord.__table__, KindergartenRecord.__table__
    ids = [record.id for records in homes.values() for record in records]
    query = (
        select(place, home.c.district, home.c.folded_name)
        .join(home, home.c.id == place.c.kindergarten_id)
        .where(
            among(home.c.id, ids),
            place.c.language.in_({row.language for row in rows}),
            place.c.mode.in_({row.mode for row in rows}),
            _until(place.c.until, {row.until for row in rows}),
        )
        .order_by(place.c.id)
    )
    locked = query.with_for_update(of=place) if lock else query
    records = list(await session.execute(locked))
    # counted only now: whoever takes a place, or lends one, writes to its record, which is locked
    found = [record.id for record in records]
    used = dict((await session.execute(_used(found))).all())
    lent = dict((await session.execute(_lent(found))).all())
    by_key = {
        f"{r.district}/{r.folded_name}/{r.language}/{r.mode}/{r.until or ''}": r for r in records
    }

    def known(row: PlaceRow) -> _Known:
        place = by_key.get(row.key)
        if place is None:
            return _Known(homes.get(row.home, []))
        on_top = lent.get(place.id, 0) + place.closing
        return _Known(homes[row.home], place, used.get(place.id, 0), on_top)

    return {row.key: known(row) for row in rows}


def _until(column: Any, days: Set[date | None]) -> ColumnElement[bool]:
    """A kindergarten has a row for each last day that there ever was: only those are read that
    somebody names."""
    named = column.in_(days - {None})
    return or_(column.is_(None), named) if None in days else named


def _used(places: Sequence[int]) -> Select[int, int]:
    """How many of each place are taken by the enrolled and by stays, and held by those who sign.
    A stay that a contract ended early has given its place back."""
    stays = or_(StayRecord.ended_at.is_(None), StayRecord.ended_because == "term")
    each = union_all(
        select(ApplicationRecord.place_id.label("place")).where(
            among(ApplicationRecord.place_id, places),
            ApplicationRecord.status == Status.ENROLLED.value,
        ),
        select(StayRecord.place_id).where(among(StayRecord.place_id, places), stays),
        select(HoldRecord.place_id).where(among(HoldRecord.place_id, places)),
    ).subquery()
    return select(each.c.place, func.count()).group_by(each.c.place)


def _lent(places: Sequence[int]) -> Select[int, int]:
    """How many of each place a leave has opened that lasts, or lasted to its end. Of one that was
    ended early the place is closed already, or is among the `closing` (D17)."""
    opened = LeaveRecord.opened_at.is_not(None), LeaveRecord.ended_at.is_(None)
    lent = select(LeaveRecord.place_id, func.count()).where(among(LeaveRecord.place_id, places))
    return lent.where(*opened).group_by(LeaveRecord.place_id)


def _against(known: _Known, row: PlaceRow) -> Verdict:
    if not known.homes:
        return refused("kindergarten", Reason.UNKNOWN_KINDERGARTEN)
    if len(known.homes) > 1:
        return refused("kindergarten", Reason.SEVERAL_KINDERGARTENS)
    if known.place is None:
        return NEW
    free = known.free(row)
    if free < 0:
        return refused("total", Reason.BELOW_TAKEN)
    return UNCHANGED if known.place.free == free else CHANGED
