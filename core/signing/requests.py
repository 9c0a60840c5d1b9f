"""Signing requests: one open per application, holding what the act needs until it ends."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.rules import Event
from core.applications.tables import ApplicationRecord
from core.codes import replacing
from core.codes.rules import GIVE_UP, TRIES
from core.codes.service import WORK
from core.codes.tables import CodeRecord
from core.db.among import among
from core.db.engine import leave_work
from core.login.tables import PersonRecord
from core.places import taking
from core.signing.tables import SigningRequestRecord

BATCH = 200


async def open_of(session: AsyncSession, application_id: int) -> SigningRequestRecord | None:
    """The open request of an application."""
    return await session.scalar(
        select(SigningRequestRecord).where(
            SigningRequestRecord.application_id == application_id,
            SigningRequestRecord.state == "open",
        )
    )


async def open_among(
    session: AsyncSession, application_ids: Sequence[int]
) -> dict[int, SigningRequestRecord]:
    """The open requests of these applications, by application."""
    found = await session.scalars(
        select(SigningRequestRecord).where(
            among(SigningRequestRecord.application_id, application_ids),
            SigningRequestRecord.state == "open",
        )
    )
    return {request.application_id: request for request in found}


def lives(request: SigningRequestRecord, moment: datetime) -> bool:
    """Its code can still come, or be entered: the act stays reserved (D8)."""
    return request.state == "open" and (request.expires_at is None or moment < request.expires_at)


async def waiting_in(
    session: AsyncSession, chat_id: int, person_id: int, moment: datetime
) -> Sequence[SigningRequestRecord]:
    """That person's requests which wait for their codes in that chat, the newest first."""
    theirs = select(ApplicationRecord.id).join(
        PersonRecord, PersonRecord.iin == ApplicationRecord.applicant_iin
    )
    found = await session.scalars(
        select(SigningRequestRecord)
        .where(
            SigningRequestRecord.application_id.in_(theirs.where(PersonRecord.id == person_id)),
            SigningRequestRecord.person_id == person_id,
            SigningRequestRecord.chat_id == chat_id,
            SigningRequestRecord.state == "open",
        )
        .order_by(SigningRequestRecord.id.desc())
    )
    return [request for request in found if lives(request, moment)]


def waits_for(
    request: SigningRequestRecord, act: Event, place_id: int | None, moment: datetime
) -> bool:
    """That very act, of that very place, is reserved."""
    same = request.act == act.value and request.facts.get("place_id") == place_id
    return same and lives(request, moment)


async def left(
    session: AsyncSession, application_id: int, moment: datetime
) -> tuple[SigningRequestRecord, CodeRecord] | None:
    """What the parent stepped back from last, with its code, while that code can still be entered,
    or be sent: nothing else has been pressed since."""
    request = await session.scalar(
        select(SigningRequestRecord)
        .where(SigningRequestRecord.application_id == application_id)
        .order_by(SigningRequestRecord.id.desc())
        .limit(1)
    )
    if request is None or request.state != "left":
        return None
    code = await code_of(session, request.id)
    if code is None or (code.expires_at is not None and code.expires_at <= moment):
        return None
    if code.sent_at is None and code.created_at + GIVE_UP <= moment:
        return None
    return None if code.closed_at or code.tries >= TRIES else (request, code)


async def leave(
    session: AsyncSession,
    request: SigningRequestRecord,
    record: ApplicationRecord,
    moment: datetime,
) -> None:
    """The parent steps back: nothing is reserved or held any more. The code stays good, in case
    they think better of it; one that is not sent yet is sent only then."""
    await close(session, request, record, "left", moment)
    unsent = replacing.of_request("sign", request.id) & CodeRecord.sent_at.is_(None)
    await session.execute(update(CodeRecord).where(unsent).values(retry_at=None))


async def take_up(
    session: AsyncSession, request: SigningRequestRecord, code: CodeRecord, moment: datetime
) -> None:
    """What was stepped back from is pressed again, at `moment`: reserved for its code's life; of
    one that is still to be sent, though it may have come already, for as long as that takes."""
    request.state, request.pressed_at = "open", moment
    request.expires_at = code.expires_at if code.sent_at is not None else None
    await session.flush()  # before the code, as when it is delivered: no deadlock
    if code.sent_at is None:
        code.retry_at = moment
        leave_work(session, WORK)


async def code_of(session: AsyncSession, request_id: int) -> CodeRecord | None:
    """The newest code of a request. None: it is deleted by now, as all old codes are, whereas a
    request stays for good."""
    return await session.scalar(
        select(CodeRecord)
        .where(replacing.of_request("sign", request_id))
        .order_by(CodeRecord.id.desc())
        .limit(1)
    )


async def close(
    session: AsyncSession,
    request: SigningRequestRecord,
    record: ApplicationRecord,
    state: str,
    moment: datetime,
) -> None:
    """End an open request and give back what it holds; if the term has ended meanwhile, the
    sweep may see the application at once. Its `record` is locked, before the request was."""
    request.state = state
    await session.flush()
    await taking.release(session, request.id)
    if state == "replaced":  # an expired one's code may have been typed in time, and be read late
        await replacing.close(session, replacing.of_request("sign", request.id), moment)
    if record.ends_at is not None and record.ends_at <= moment:
        record.next_event_at = moment


async def still_wanted(session: AsyncSession, code: CodeRecord) -> bool:
    """Lock a code's request. Who has stepped back from it waits for no code: it is sent when they
    come back (`leave`)."""
    if code.purpose != "sign":
        return True
    request = await session.get(SigningRequestRecord, code.target_id, with_for_update=True)
    return request is not None and request.state == "open"


async def delivered(session: AsyncSession, code: CodeRecord) -> None:
    """A gateway has taken a request's code: the act is reserved for as long as it lives."""
    request = await session.get(SigningRequestRecord, code.target_id)
    if code.purpose == "sign" and request is not None and request.state == "open":
        request.expires_at = code.expires_at


async def given_up(session: AsyncSession, code: CodeRecord, moment: datetime) -> None:
    """No gateway has taken a request's code for so long that it is not tried any more: nothing
    stays reserved for it."""
    request = await session.get(SigningRequestRecord, code.target_id)
    if code.purpose == "sign" and request is not None and request.expires_at is None:
        request.expires_at = moment


def next_due() -> ScalarSelect[datetime | None]:
    """When the next open request ends by itself."""
    unsigned = SigningRequestRecord.state == "open"
    return select(func.min(SigningRequestRecord.expires_at)).where(unsigned).scalar_subquery()


async def sweep(session: AsyncSession, now: datetime) -> int:
    """End the requests whose code has died (D6, D8). Returns how many."""
    over = (
        await session.execute(
            select(SigningRequestRecord, ApplicationRecord)
            .join(ApplicationRecord, ApplicationRecord.id == SigningRequestRecord.application_id)
            .where(SigningRequestRecord.state == "open", SigningRequestRecord.expires_at <= now)
            .order_by(SigningRequestRecord.expires_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for request, record in over:
        await close(session, request, record, "expired", now)
    return len(over)
