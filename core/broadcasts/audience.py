"""An audience in statements: counted, and written into the outbox, from the same conditions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.rules import Status
from core.applications.tables import ApplicationRecord
from core.broadcasts.rules import VALID, Audience, Kind, series_of
from core.broadcasts.values import Counted
from core.db.base import Instant
from core.db.upsert import insert
from core.login.tables import ChatRecord, PersonRecord
from core.notices.plan import Channel, Lane
from core.notices.readers import DEFAULT_LANGUAGE
from core.notices.tables import NoticeRecord
from core.notices.values import BROADCAST, State
from core.places.tables import PlaceRecord

LANGUAGE = func.coalesce(ChatRecord.language, DEFAULT_LANGUAGE)


def matching(audience: Audience) -> list[ColumnElement[bool]]:
    """What an application must be like."""
    status = ApplicationRecord.status
    conditions: list[ColumnElement[bool]] = []
    if audience.districts:
        conditions.append(ApplicationRecord.district.in_(sorted(audience.districts)))
    if audience.statuses:
        conditions.append(status.in_([each.value for each in sorted(audience.statuses)]))
    else:
        conditions.append(status != Status.ARCHIVED.value)
    if audience.categories:
        conditions.append(ApplicationRecord.category.in_(sorted(audience.categories)))
    if audience.unanswered:
        conditions.append(status == Status.AWAITING_CONFIRMATION.value)
    if audience.kindergarten is not None:
        places = select(PlaceRecord.id).where(PlaceRecord.kindergarten_id == audience.kindergarten)
        conditions += [status == Status.ENROLLED.value, ApplicationRecord.place_id.in_(places)]
    return conditions


def _reads(audience: Audience) -> list[ColumnElement[bool]]:
    return [LANGUAGE.in_(sorted(audience.languages))] if audience.languages else []


async def count(session: AsyncSession, audience: Audience, kind: Kind) -> Counted:
    """Everybody whom it concerns, in one statement."""
    families = (
        select(ApplicationRecord.applicant_iin.label("iin"))
        .where(*matching(audience))
        .distinct()
        .subquery()
    )
    has_chat = ChatRecord.id.is_not(None)
    muted = and_(has_chat, ChatRecord.muted_at.is_not(None))
    language = case((has_chat, LANGUAGE), else_=null())
    rows = await session.execute(
        select(
            language,
            func.count(),
            func.sum(case((muted, 1), else_=0)),
            func.sum(case((ChatRecord.blocked_at.is_not(None), 1), else_=0)),
        )
        .select_from(families)
        .outerjoin(PersonRecord, PersonRecord.iin == families.c.iin)
        .outerjoin(ChatRecord, ChatRecord.person_id == PersonRecord.id)
        .where(*_reads(audience), *([has_chat] if audience.languages else []))
        .group_by(language)
    )
    people = chats = silent = blocked = 0
    readers: dict[str, int] = {}
    for reads, number, hush, gone in rows:
        people += number
        if reads is None:
            continue
        chats, silent, blocked = chats + number, silent + hush, blocked + gone
        if told := number - (hush if kind is Kind.INFORMATIONAL else 0):
            readers[reads] = told
    return Counted(people, chats, silent, blocked, readers)


async def write(
    session: AsyncSession,
    broadcast_id: int,
    audience: Audience,
    kind: Kind,
    after: int,
    limit: int,
    now: datetime,
) -> Sequence[int]:
    """Owe the broadcast to the next people after the person of that id; their ids, in order. Whom
    it is owed to already is not written twice."""
    ids = (
        await session.scalars(
            _people(audience, kind, select(PersonRecord.id))
            .where(PersonRecord.id > after)
            .order_by(PersonRecord.id)
            .limit(limit)
        )
    ).all()
    if not ids:
        return ids
    row = _row(broadcast_id, now)
    people = _people(audience, kind, select(*row.values())).where(
        PersonRecord.id.between(ids[0], ids[-1])
    )
    names = list(row)
    await session.execute(
        insert(session, NoticeRecord)
        .from_select(names, people)
        .on_conflict_do_nothing(index_elements=["key"])
    )
    return ids


def _people(audience: Audience, kind: Kind, what: Select[Any]) -> Select[Any]:
    """Applicants with a chat, each once, however many children they have."""
    concerned = select(ApplicationRecord.id).where(
        ApplicationRecord.applicant_iin == PersonRecord.iin, *matching(audience)
    )
    found = (
        what.select_from(PersonRecord)
        .join(ChatRecord, ChatRecord.person_id == PersonRecord.id)
        .where(concerned.exists(), *_reads(audience))
    )
    return found.where(ChatRecord.muted_at.is_(None)) if kind is Kind.INFORMATIONAL else found


def _row(broadcast_id: int, now: datetime) -> dict[str, ColumnElement[Any]]:
    """A notice for each person who is selected."""
    details = literal({"broadcast": broadcast_id}, NoticeRecord.details.type)
    moment = literal(now, Instant())
    return {
        "key": literal(f"broadcast:{broadcast_id}:", String) + cast(PersonRecord.iin, String),
        "kind": literal(BROADCAST, String),
        "channel": literal(Channel.TELEGRAM.value, String),
        "lane": literal(int(Lane.BROADCAST)),
        "iin": PersonRecord.iin.expression,
        "series": literal(series_of(broadcast_id), String),
        "details": details,
        "state": literal(State.PENDING.value, String),
        "created_at": moment,
        "planned_at": moment,
        "due_at": moment,
        "expires_at": literal(now + VALID, Instant()),
        "attempts": literal(0),
    }
