"""Reading applications as cards: one query, however many there are."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.applications.changes import situation
from core.applications.rules import WAITING, Event, Status, allowed
from core.applications.tables import (
    ApplicationRecord,
    CategoryRecord,
    HistoryRecord,
    PrivilegeRecord,
)
from core.applications.values import Applicant, ApplicationCard, Child, NumberedCard, Stay
from core.calendar.rules import Deadline
from core.clock import local
from core.db.engine import run
from core.db.ready import Ready
from core.identity.rules import Iin
from core.named import Named
from core.places.service import row_of
from core.places.tables import KindergartenRecord, PlaceRecord, StayRecord
from core.signing.tables import SignatureRecord

STAY_PLACE = aliased(PlaceRecord)
STAY_HOME = aliased(KindergartenRecord)
AHEAD = aliased(ApplicationRecord)
WAITS = [status.value for status in Status if status in WAITING]

QUEUE_NUMBER = case(
    (
        ApplicationRecord.status.in_(WAITS),
        select(func.count(AHEAD.id))
        .where(
            AHEAD.district == ApplicationRecord.district,
            AHEAD.category == ApplicationRecord.category,
            # as the index has it, word for word, or it is not found
            AHEAD.status.in_([literal_column(f"'{status}'") for status in WAITS]),
            tuple_(AHEAD.registered_at, AHEAD.id)
            <= tuple_(ApplicationRecord.registered_at, ApplicationRecord.id),
        )
        .correlate(ApplicationRecord)
        .scalar_subquery(),
    )
)
"""The queue number (R5): the place by registration time inside the district's category. None: it
does not wait, and nothing is counted."""


TURNS = select(HistoryRecord).where(
    HistoryRecord.application_id == ApplicationRecord.id,
    HistoryRecord.event.in_([event.value for event in Event]),
)
"""What has moved the application on: not a longer term, nor data that were corrected."""
CHANGED_AT = TURNS.with_only_columns(func.max(HistoryRecord.at)).scalar_subquery()
CHANGED_BY = (
    TURNS.with_only_columns(HistoryRecord.event)
    .order_by(HistoryRecord.id.desc())
    .limit(1)
    .scalar_subquery()
)
SIGNED = exists().where(
    SignatureRecord.application_id == ApplicationRecord.id,
    SignatureRecord.act.in_([Event.TAKE_PLACE.value, Event.TAKE_TEMPORARY_PLACE.value]),
)
CARDS = (
    select(
        ApplicationRecord,
        CategoryRecord,
        PrivilegeRecord,
        PlaceRecord,
        KindergartenRecord,
        StayRecord,
        STAY_PLACE,
        STAY_HOME,
        CHANGED_AT.label("changed_at"),
        CHANGED_BY.label("changed_by"),
        SIGNED.label("signed"),
    )
    .join(CategoryRecord, CategoryRecord.code == ApplicationRecord.category)
    .outerjoin(PrivilegeRecord, PrivilegeRecord.code == ApplicationRecord.privilege)
    .outerjoin(PlaceRecord, PlaceRecord.id == ApplicationRecord.place_id)
    .outerjoin(KindergartenRecord, KindergartenRecord.id == PlaceRecord.kindergarten_id)
    .outerjoin(
        StayRecord,
        and_(StayRecord.application_id == ApplicationRecord.id, StayRecord.ended_at.is_(None)),
    )
    .outerjoin(STAY_PLACE, STAY_PLACE.id == StayRecord.place_id)
    .outerjoin(STAY_HOME, STAY_HOME.id == STAY_PLACE.kindergarten_id)
    .order_by(ApplicationRecord.registered_at, ApplicationRecord.id)
)
"""Made once: to put it together takes longer than to run it."""
THIS = ApplicationRecord.id == bindparam("application_id")
CARD = Ready(CARDS.where(THIS))
NUMBERED = CARDS.add_columns(QUEUE_NUMBER.label("queue_number"))
"""With what takes longer, the longer the queue is: only for those who show the number."""
NUMBERED_CARD = Ready(NUMBERED.where(THIS))
NUMBER = Ready(select(QUEUE_NUMBER.label("queue_number")).where(THIS))


async def cards(
    session: AsyncSession, condition: ColumnElement[bool], moment: datetime
) -> list[NumberedCard]:
    """The applications that fit `condition`, in the order of their registration."""
    return [_numbered(row, moment) for row in await session.execute(NUMBERED.where(condition))]


async def card(
    session: AsyncSession, application_id: int, moment: datetime
) -> ApplicationCard | None:
    """One application; None: there is none."""
    return card_in(await run(session, CARD, application_id=application_id), moment)


def card_in(rows: Sequence[Any], moment: datetime) -> ApplicationCard | None:
    """The one that `CARD` has found, if it has."""
    return _card(rows[0], moment) if rows else None


def numbered_in(rows: Sequence[Any], moment: datetime) -> NumberedCard | None:
    """The one that `NUMBERED_CARD` has found, if it has."""
    return _numbered(rows[0], moment) if rows else None


def with_number(card: ApplicationCard, number: int | None) -> NumberedCard:
    """The same card with its queue number."""
    own = {each.name: getattr(card, each.name) for each in fields(ApplicationCard)}
    return NumberedCard(**own, queue_number=number)


def _numbered(row: Any, moment: datetime) -> NumberedCard:
    return with_number(_card(row, moment), row.queue_number)


def _card(row: Any, moment: datetime) -> ApplicationCard:
    record, category, privilege, place, home, stay, stay_place, stay_home = tuple(row)[:8]
    status = Status(record.status)
    because = record.archived_because
    return ApplicationCard(
        id=record.id,
        version=record.version,
        registration_number=record.registration_number,
        registered_at=record.registered_at,
        district=record.district,
        category=_named(category),
        status=status,
        applicant=Applicant(
            iin=Iin(record.applicant_iin),
            full_name=record.applicant_name,
            birth_date=record.applicant_birth_date,
            phone=record.applicant_phone,
            email=record.applicant_email,
            address=record.applicant_address,
        ),
        child=Child(
            iin=Iin(record.child_iin),
            full_name=record.child_name,
            given_name=record.child_given_name,
            birth_date=record.child_birth_date,
            privilege=_named(privilege) if privilege else None,
        ),
        deadline=Deadline.from_json(record.deadline) if record.deadline else None,
        actions=allowed(situation(record), moment),
        restored=record.restored_at is not None,
        archived_because=Event(because) if because else None,
        changed_at=row.changed_at,
        stay=_stay(stay, stay_place, stay_home) if stay else None,
        place=row_of(place, home) if place else None,
        signed=row.signed,
        changed_by=Event(row.changed_by) if row.changed_by else None,
    )


def _stay(stay: StayRecord, place: PlaceRecord, home: KindergartenRecord) -> Stay:
    return Stay(row_of(place, home), stay.last_day, local(stay.withdraw_at).date())


def _named(record: CategoryRecord | PrivilegeRecord) -> Named:
    return Named(record.name_kk, record.name_ru, record.name_en)
