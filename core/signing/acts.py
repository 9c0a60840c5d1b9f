"""What an act says, and what happens when it is signed."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.changes import change, situation
from core.applications.rules import Event, Refusal, Refused, decide, reopening
from core.applications.tables import ApplicationRecord
from core.calendar.rules import Calendar
from core.clock import local
from core.login.values import Person
from core.places import stays, taking
from core.places.service import find
from core.places.tables import PlaceRecord
from core.places.values import Mode, PlaceRow
from core.signing.tables import SigningRequestRecord

PLACE_ACTS = {Event.TAKE_PLACE: Mode.GENERAL, Event.TAKE_TEMPORARY_PLACE: Mode.TEMPORARY}


async def stand_in_time(
    session: AsyncSession,
    record: ApplicationRecord,
    act: Event,
    calendar: Calendar,
    *,
    pressed_at: datetime,
    at: datetime,
) -> None:
    """Let a locked application stand where it stood at `pressed_at`: what the sweep did since
    is taken back (D8). Raises Refused when the act was not possible then either."""
    back = reopening(situation(record), pressed_at)
    if back is not None:
        await change(
            session, record, back, calendar=calendar, pressed_at=pressed_at, at=at, actor="clock"
        )
    decide(situation(record), act, pressed_at)


async def wanted_place(
    session: AsyncSession,
    record: ApplicationRecord,
    act: Event,
    place_id: int | None,
    calendar: Calendar,
    at: datetime,
) -> PlaceRow | None:
    """The place that the act takes; None for acts that take none. Raises Refused (D4, D10, D19)."""
    if act not in PLACE_ACTS:
        return None
    place = await find(session, place_id) if place_id is not None else None
    if place is None:
        raise Refused(Refusal.PLACE_GONE)
    if place.is_over(calendar.next_working_day(local(at).date())):
        raise Refused(Refusal.PLACE_OVER)
    if place.district != record.district:
        raise Refused(Refusal.OTHER_DISTRICT)
    if place.mode is not PLACE_ACTS[act]:
        raise Refused(Refusal.WRONG_MODE)
    if act is Event.TAKE_TEMPORARY_PLACE and await stays.lasting(session, record.id):
        raise Refused(Refusal.STAY_LASTS)
    return place


def facts_of(
    record: ApplicationRecord,
    person: Person,
    act: Event,
    place: PlaceRow | None,
    calendar: Calendar,
) -> dict[str, Any]:
    """The values that the text of an act and its documents are made of: plain JSON."""
    facts: dict[str, Any] = {
        "act": act.value,
        "registration_number": record.registration_number,
        "registered_at": record.registered_at.isoformat(),
        "district": record.district,
        "applicant_name": record.applicant_name,
        "applicant_iin_masked": person.iin.masked,
        "child_name": record.child_name,
        "child_given_name": record.child_given_name,
        "child_birth_date": record.child_birth_date.isoformat(),
        "version": record.version,
        "deadline": (record.deadline or {}).get("last_day"),
    }
    if place is not None:
        withdraw_on = calendar.next_working_day(place.until) if place.until else None
        facts |= {
            "place_id": place.id,
            "kindergarten": place.kindergarten,
            "kind": place.kind,
            "ownership": place.ownership,
            "kindergarten_phone": place.phone,
            "address": place.address,
            "place_language": place.language,
            "mode": place.mode.value,
            "until": place.until.isoformat() if place.until else None,
            "withdraw_on": withdraw_on.isoformat() if withdraw_on else None,
        }
    return facts


async def perform(
    session: AsyncSession,
    request: SigningRequestRecord,
    record: ApplicationRecord,
    calendar: Calendar,
    *,
    at: datetime,
) -> None:
    """Let a signed act happen. `record` is locked. Raises Refused and changes nothing then."""
    act = Event(request.act)
    await stand_in_time(session, record, act, calendar, pressed_at=request.pressed_at, at=at)
    place_id = request.facts.get("place_id")
    await change(
        session,
        record,
        act,
        calendar=calendar,
        pressed_at=request.pressed_at,
        at=at,
        actor="parent",
        person_id=request.person_id,
        details=(
            {"kindergarten": request.facts["kindergarten"], "place_id": place_id}
            if place_id
            else {}
        ),
    )
    if act in PLACE_ACTS and not await _taken(session, request, place_id):
        raise Refused(Refusal.PLACE_GONE)
    if act is Event.TAKE_PLACE:
        record.place_id = place_id
        await stays.end_by_contract(session, record.id, at)
    if act is Event.TAKE_TEMPORARY_PLACE:
        place = await session.scalar(select(PlaceRecord).where(PlaceRecord.id == place_id))
        if place is not None:
            await stays.begin(session, record, place, calendar, at)


async def _taken(session: AsyncSession, request: SigningRequestRecord, place_id: Any) -> bool:
    """The held place becomes the child's; where the hold is over, a free one if there is one."""
    return await taking.keep(session, request.id) or await taking.take(session, place_id)
