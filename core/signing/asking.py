"""Asking for a request's code, and what the parent is shown of it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.rules import Event, Refusal, Refused
from core.applications.tables import ApplicationRecord
from core.calendar.rules import Deadline
from core.clock import local
from core.codes.rules import GIVE_UP, LIFE
from core.codes.service import Codes
from core.codes.tables import CodeRecord
from core.login.values import Person
from core.places import taking
from core.places.service import find
from core.places.values import PlaceRow
from core.signing import requests
from core.signing.tables import SigningRequestRecord
from core.signing.values import Asked


async def hold(
    session: AsyncSession, request: SigningRequestRecord, place: PlaceRow | None
) -> None:
    """Hold what the act takes, for as long as its code lives (D6)."""
    if place and not await taking.hold(session, place.id, request.application_id, request.id):
        raise Refused(Refusal.PLACE_GONE)


async def ask(
    session: AsyncSession,
    codes: Codes,
    request: SigningRequestRecord,
    record: ApplicationRecord,
    person: Person,
    chat_id: int,
    language: str,
    moment: datetime,
    *,
    elsewhere: bool = False,
) -> None:
    """Put a code in line for a request: past the term's end it prolongs nothing (D8), also where
    no gateway has taken the one before. The minute between two codes is each application's own, or
    a press for a second child would come too late. Raises CodesExhausted."""
    deadline = Deadline.from_json(record.deadline) if record.deadline else None
    ended = deadline is not None and moment >= deadline.ends_at
    last_day = deadline is not None and local(moment).date() >= deadline.last_day
    before = await requests.code_of(session, request.id) if ended else None
    same = select(SigningRequestRecord.id).where(SigningRequestRecord.application_id == record.id)
    await codes.ask(
        session,
        purpose="sign",
        iin=person.iin.value,
        trusted=True,
        chat_id=chat_id,
        target_id=request.id,
        phone=person.phone.value,
        language=language,
        moment=moment,
        last_day=last_day,
        cap=request.expires_at if ended else None,
        elsewhere=elsewhere,
        apart=CodeRecord.target_id.in_(same),
    )
    if not ended:
        request.expires_at = None
    elif request.expires_at is None and before is not None:
        request.expires_at = before.created_at + GIVE_UP


async def asked(session: AsyncSession, request: SigningRequestRecord) -> Asked:
    """What the faces see of an open request."""
    code = await requests.code_of(session, request.id)
    assert code is not None, "no open request outlives its code"
    place_id = request.facts.get("place_id")
    out = code.sent_at is not None and code.retry_at is None
    capped = code.cap is not None and code.cap < code.created_at + LIFE
    return Asked(
        request_id=request.id,
        code_id=code.id,
        act=Event(request.act),
        text=request.text,
        facts=request.facts,
        place=await find(session, place_id) if place_id is not None else None,
        pressed_at=request.pressed_at,
        sent_at=code.sent_at if out else None,
        valid_until=code.expires_at if out else code.cap if capped else None,
    )
