"""Whose turn it is, and for how many there is room (D15)."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.rules import OUTSTANDING, Status
from core.applications.tables import WAITS, ApplicationRecord, CategoryRecord
from core.db.among import among
from core.identity.rules import IdentityError, Phone, display_phone
from core.login.tables import ChatRecord, PersonRecord
from core.named import Named
from core.notices.readers import Given, phone_of
from core.places.tables import HoldRecord, KindergartenRecord, PlaceRecord
from core.places.values import Mode
from core.vouchers.values import Reach, Room, Turn

BATCH = 500
"""Applications that one statement names."""


async def in_turn(session: AsyncSession, district: str, limit: int) -> list[int]:
    """Ids of the next applications of a district: categories in their order, inside one by the
    time of registration. An index has each category in that order: only those are read."""
    codes = await session.scalars(select(CategoryRecord.code).order_by(CategoryRecord.position))
    found: list[int] = []
    for category in codes.all():
        if len(found) < limit:
            found += await session.scalars(_first(district, category, limit - len(found)))
    return found


def _first(district: str, category: str, limit: int) -> Select[int]:
    return (
        select(ApplicationRecord.id)
        .where(
            ApplicationRecord.district == district,
            ApplicationRecord.category == category,
            ApplicationRecord.status == Status.IN_QUEUE.value,
            text(WAITS),
        )
        .order_by(ApplicationRecord.registered_at, ApplicationRecord.id)
        .limit(limit)
    )


async def rooms(session: AsyncSession, districts: Iterable[str]) -> dict[str, Room]:
    """The room of these districts, in three statements. A place that is held while its parent
    signs counts as free: that parent's voucher is among the outstanding."""
    codes = list(districts)
    general = KindergartenRecord.district.in_(codes), PlaceRecord.mode == Mode.GENERAL.value
    free = (
        select(KindergartenRecord.district, func.sum(PlaceRecord.free))
        .join(PlaceRecord, PlaceRecord.kindergarten_id == KindergartenRecord.id)
        .where(*general)
        .group_by(KindergartenRecord.district)
    )
    held = (
        select(KindergartenRecord.district, func.count(HoldRecord.application_id))
        .join(PlaceRecord, PlaceRecord.kindergarten_id == KindergartenRecord.id)
        .join(HoldRecord, HoldRecord.place_id == PlaceRecord.id)
        .where(*general)
        .group_by(KindergartenRecord.district)
    )
    standing = (
        select(ApplicationRecord.district, ApplicationRecord.status, func.count())
        .where(
            ApplicationRecord.district.in_(codes),
            ApplicationRecord.status.in_([Status.IN_QUEUE.value, *(s.value for s in OUTSTANDING)]),
        )
        .group_by(ApplicationRecord.district, ApplicationRecord.status)
    )
    places: dict[str, int] = {}
    for statement in (free, held):
        for district, number in await session.execute(statement):
            places[district] = places.get(district, 0) + int(number)
    count = {(row[0], row[1]): row[2] for row in await session.execute(standing)}
    return {
        code: Room(
            code,
            places.get(code, 0),
            sum(count.get((code, status.value), 0) for status in OUTSTANDING),
            count.get((code, Status.IN_QUEUE.value), 0),
        )
        for code in codes
    }


async def alone(session: AsyncSession, district: str) -> None:
    """Until this transaction ends, nobody else takes, gives back or counts the general places of
    the district: what is counted now stays true."""
    await session.execute(
        select(PlaceRecord.id)
        .join(KindergartenRecord, KindergartenRecord.id == PlaceRecord.kindergarten_id)
        .where(KindergartenRecord.district == district, PlaceRecord.mode == Mode.GENERAL.value)
        .order_by(PlaceRecord.id)
        .with_for_update(of=PlaceRecord)
    )


async def turns(session: AsyncSession, district: str, limit: int) -> Sequence[Turn]:
    """The next applications of a district with what staff need to know of them."""
    ids = await in_turn(session, district, limit)
    found: list[Turn] = []
    for start in range(0, len(ids), BATCH):
        known = await session.execute(_known_of(ids[start : start + BATCH]))
        found += [_turn(*row) for row in known]
    return found


def _known_of(
    ids: Sequence[int],
) -> Select[ApplicationRecord, CategoryRecord, PersonRecord | None, ChatRecord | None]:
    return (
        select(ApplicationRecord, CategoryRecord, PersonRecord, ChatRecord)
        .join(CategoryRecord, CategoryRecord.code == ApplicationRecord.category)
        .outerjoin(PersonRecord, PersonRecord.iin == ApplicationRecord.applicant_iin)
        .outerjoin(ChatRecord, ChatRecord.person_id == PersonRecord.id)
        .where(among(ApplicationRecord.id, ids))
        .order_by(CategoryRecord.position, ApplicationRecord.registered_at, ApplicationRecord.id)
    )


def _turn(
    record: ApplicationRecord,
    category: CategoryRecord,
    person: PersonRecord | None,
    chat: ChatRecord | None,
) -> Turn:
    number = phone_of(Given(record.applicant_phone, record.phone_corrected_at), person, chat)
    there = chat is not None and chat.blocked_at is None
    reach = Reach.CHAT if there else Reach.PHONE if _callable(number) else Reach.NOTHING
    return Turn(
        application_id=record.id,
        district=record.district,
        category=Named(category.name_kk, category.name_ru, category.name_en),
        registration_number=record.registration_number,
        registered_at=record.registered_at,
        child=record.child_name,
        applicant=record.applicant_name,
        phone=display_phone(number),
        reach=reach,
    )


def _callable(raw: str) -> bool:
    try:
        Phone.parse(raw)
    except IdentityError:
        return False
    return True
