"""Signing requests: one open per application, holding what the act needs until it ends."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.tables import ApplicationRecord
from core.codes import replacing
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
            SigningRequestRecord.application_id.in_(application_ids),
            SigningRequestRecord.state == "open",
        )
    )
    return {request.application_id: request for request in found}


def lives(request: SigningRequestRecord, moment: datetime) -> bool:
    """Its code can still come, or be entered: the act stays reserved (D8)."""
    return request.state == "open" and (request.expires_at is None or moment < request.expires_at)


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
