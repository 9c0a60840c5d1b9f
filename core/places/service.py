"""Finding a place: the list (R12) and the card (R13)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from core.db.engine import Database
from core.identity.rules import display_phone
from core.places.search import fold
from core.places.tables import KindergartenRecord, PlaceRecord
from core.places.values import Mode, PlaceFilter, PlacePage, PlaceRow

PAGE = 8
"""Places on a page: a phone shows that many buttons without scrolling."""
RUN_TOGETHER = 5
"""Letters from which on a word may reach from one word of a name into the next: else `дар` would be
found in every `Ясли-сад Арман`."""


class Places:
    """The list of places of a district (D10)."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def page(
        self, district: str, wanted: PlaceFilter, page: int, *, first_day: date
    ) -> PlacePage:
        """Page `page` (from 0) of what is wanted, by the Kazakh alphabet as shown. A page past the
        last is the last; a temporary place is listed if it has days from `first_day` on (D19)."""
        conditions = _conditions(district, wanted, first_day)
        shown = max(page, 0)
        async with self._db.read() as session:
            found = await _listed(session, conditions, shown)
            if not found and shown:  # past the last: a button of yesterday's
                total = await session.scalar(_counted().where(*conditions)) or 0
                shown = max(0, total - 1) // PAGE
                found = await _listed(session, conditions, shown)
        total = found[0].total if found else 0
        rows = tuple(_row(*row) for *row, _ in found)
        return PlacePage(rows=rows, total=total, page=shown, pages=max(1, -(-total // PAGE)))

    async def place(self, place_id: int) -> PlaceRow | None:
        """One row of the list; None when there is none."""
        async with self._db.read() as session:
            return await find(session, place_id)


async def _listed(
    session: AsyncSession, conditions: list[ColumnElement[bool]], page: int
) -> Sequence[Any]:
    """The places of one page, each with how many there are in all: values and no records, which
    would take longer to make than the rows to find."""
    query = (
        select(*COLUMNS, func.count().over().label("total"))
        .join(KindergartenRecord, PlaceRecord.kindergarten_id == KindergartenRecord.id)
        .where(*conditions)
        .order_by(
            KindergartenRecord.sort_key,
            KindergartenRecord.id,  # rows of two that are called the same do not mix
            PlaceRecord.mode,
            PlaceRecord.language,
            PlaceRecord.id,
        )
        .limit(PAGE)
        .offset(page * PAGE)
    )
    return (await session.execute(query)).all()


async def find(session: AsyncSession, place_id: int) -> PlaceRow | None:
    """The place as it stands in this transaction."""
    found = (await session.execute(_joined().where(PlaceRecord.id == place_id))).first()
    return row_of(found[0], found[1]) if found else None


def row_of(place: PlaceRecord, home: KindergartenRecord) -> PlaceRow:
    """The record of a place and of its kindergarten as one value."""
    values: list[Any] = [
        getattr(place if table is PlaceRecord else home, name) for table, name in NAMES
    ]
    return _row(*values)


def _row(
    id_: int,
    kindergarten_id: int,
    kindergarten: str,
    kind: str,
    ownership: str,
    phone: str,
    address: str,
    language: str,
    mode: str,
    free: int,
    until: date | None,
    latitude: float | None,
    longitude: float | None,
    district: str,
) -> PlaceRow:
    return PlaceRow(
        id=id_,
        kindergarten_id=kindergarten_id,
        kindergarten=kindergarten,
        kind=kind,
        ownership=ownership,
        phone=display_phone(phone),
        address=None if address.strip() == kindergarten.strip() else address,
        language=language,
        mode=Mode(mode),
        free=free,
        until=until,
        latitude=latitude,
        longitude=longitude,
        district=district,
    )


COLUMNS: tuple[InstrumentedAttribute[Any], ...] = (
    PlaceRecord.id,
    PlaceRecord.kindergarten_id,
    KindergartenRecord.name,
    KindergartenRecord.kind,
    KindergartenRecord.ownership,
    KindergartenRecord.phone,
    KindergartenRecord.address,
    PlaceRecord.language,
    PlaceRecord.mode,
    PlaceRecord.free,
    PlaceRecord.until,
    KindergartenRecord.latitude,
    KindergartenRecord.longitude,
    KindergartenRecord.district,
)
"""What a row of the list is made of, in the order in which `_row` takes it."""
NAMES = [(column.class_, column.key) for column in COLUMNS]


def _joined() -> Select[PlaceRecord, KindergartenRecord]:
    return select(PlaceRecord, KindergartenRecord).join(
        KindergartenRecord, PlaceRecord.kindergarten_id == KindergartenRecord.id
    )


def _counted() -> Select[int]:
    return (
        select(func.count())
        .select_from(PlaceRecord)
        .join(KindergartenRecord, PlaceRecord.kindergarten_id == KindergartenRecord.id)
    )


def _conditions(district: str, wanted: PlaceFilter, first_day: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        KindergartenRecord.district == district,
        or_(PlaceRecord.until.is_(None), PlaceRecord.until >= first_day),
    ]
    exact: dict[Any, str | None] = {
        PlaceRecord.mode: wanted.mode,
        PlaceRecord.language: wanted.language,
        KindergartenRecord.ownership: wanted.ownership,
    }
    conditions += [column == value for column, value in exact.items() if value is not None]
    if wanted.only_free:
        conditions.append(PlaceRecord.free > 0)
    if wanted.search:
        words = fold(wanted.search).split()
        conditions += [_has(word) for word in words] or [false()]
    return conditions


def _has(word: str) -> ColumnElement[bool]:
    """The name has that word in it, `жарптица` for `Жар-птица` too."""
    name = KindergartenRecord.folded_name
    written = name.contains(word, autoescape=True)
    if len(word) < RUN_TOGETHER:
        return written
    return or_(written, func.replace(name, " ", "").contains(word, autoescape=True))
