"""One event that happens to many applications alike: a handful of statements, however many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy import JSON, ColumnElement, String, cast, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.changes import lane_of, new_deadline, told
from core.applications.rules import BY_CLOCK, Event, Situation, Status, decide
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.calendar.rules import Calendar
from core.db.among import among
from core.db.base import Instant
from core.db.engine import PORTAL_TOLD, leave_work
from core.notices import service as notices
from core.notices.plan import Channel, Step, steps_of
from core.notices.tables import NoticeRecord
from core.portal import outbox

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Alike:
    """Applications that differ in nothing that the rules ask for; all are locked. `last_day`: of
    their running term."""

    ids: Sequence[int]
    version: int
    situation: Situation
    last_day: date | None

    @property
    def these(self) -> ColumnElement[bool]:
        """In a statement about applications."""
        return among(ApplicationRecord.id, self.ids)


async def change_alike(
    session: AsyncSession,
    alike: Alike,
    event: Event,
    *,
    calendar: Calendar,
    pressed_at: datetime,
    at: datetime,
    actor: str,
) -> None:
    """What `core.applications.changes.change` does, for all of them. Raises as it does, and then
    changes nothing."""
    transition = decide(alike.situation, event, pressed_at)
    deadline = new_deadline(transition, event, calendar, at, alike.last_day)
    if alike.last_day is not None:
        ending = [notices.series_of(id_, alike.version) for id_ in alike.ids]
        await notices.cancel(session, *ending, moment=at)
    ends_at = deadline.ends_at if deadline else None
    archived = transition.target is Status.ARCHIVED
    await session.execute(
        update(ApplicationRecord)
        .where(alike.these)
        .values(
            status=transition.target.value,
            version=alike.version + 1,
            deadline=deadline.to_json() if deadline else None,
            ends_at=ends_at,
            next_event_at=ends_at,
            archived_because=event.value if archived else None,
            missed=_missed(session, event, alike.version) if event in BY_CLOCK else None,
        )
        .execution_options(synchronize_session=False)
    )
    await _write_history(session, alike, event, transition.target, at, actor)
    if transition.notice:
        lane = lane_of(transition.notice)
        told_now = Step(transition.notice, at, Channel.TELEGRAM, lane)
        await _owe(session, alike, told_now, at, ends_at, key=(f"{transition.notice}:", ""))
    if deadline:
        restored = alike.situation.restored
        for step in steps_of(transition.target, deadline, at, restored=restored):
            key = f"{step.kind}:{step.channel}:", f":{step.at:%Y%m%d%H}"
            await _owe(session, alike, step, at, ends_at, key=key)
    log.info("applications_change", change=event.value, count=len(alike.ids))
    await _tell(session, alike, event, at, max(pressed_at, at), actor)


def _missed(session: AsyncSession, event: Event, version: int) -> ColumnElement[Any]:
    """What is needed to take the event back, made of the record as it was."""
    deadline: Any = ApplicationRecord.deadline
    ends_at = deadline["ends_at"].as_string()
    kept = (literal("event"), literal(event.value), literal("ends_at"), ends_at)
    version_ = (literal("version"), literal(version))
    if session.get_bind().dialect.name == "sqlite":
        return func.json_object(*kept, "deadline", func.json(deadline), *version_, type_=String)
    return func.json_build_object(*kept, literal("deadline"), deadline, *version_, type_=JSON)


async def _write_history(
    session: AsyncSession, alike: Alike, event: Event, target: Status, at: datetime, actor: str
) -> None:
    line: dict[str, Any] = {
        "application_id": ApplicationRecord.id.expression,
        "at": literal(at, Instant()),
        "event": literal(event.value),
        "from_status": literal(alike.situation.status.value),
        "to_status": literal(target.value),
        "actor": literal(actor),
        "details": literal({}, JSON()),
    }
    lines = select(*line.values()).where(alike.these).order_by(ApplicationRecord.id)
    await session.execute(insert(HistoryRecord).from_select(list(line), lines))


async def _owe(
    session: AsyncSession,
    alike: Alike,
    step: Step,
    moment: datetime,
    until: datetime | None,
    *,
    key: tuple[str, str],
) -> None:
    """That notice to each of them, pointless after `until`; `key`: what is around the series."""
    version = alike.version + 1
    row = notices.row(
        kind=step.kind,
        key="",
        iin="",
        moment=moment,
        details={"version": version},
        lane=step.lane,
        channel=step.channel,
        at=step.at,
        expires_at=until,
    )
    series = literal("application:") + cast(ApplicationRecord.id, String) + f":{version}"
    own: dict[str, ColumnElement[Any]] = {
        "key": literal(key[0]) + series + key[1],
        "iin": ApplicationRecord.applicant_iin.expression,
        "application_id": ApplicationRecord.id.expression,
        "series": series,
    }
    if step.channel is Channel.SMS:  # each has a token of its own, that nobody guesses
        found = await session.execute(
            select(*(c.label(n) for n, c in own.items())).where(alike.these)
        )
        rows = [{**row, **one, "token": notices.new_token()} for one in found.mappings()]
        await notices.owe(session, rows, moment)
        return
    types = NoticeRecord.__table__.c
    given = {n: literal(v, types[n].type) for n, v in row.items() if v is not None}
    columns: dict[str, Any] = {**given, **own}
    each = select(*columns.values()).where(alike.these).order_by(ApplicationRecord.id)
    await session.execute(insert(NoticeRecord).from_select(list(columns), each))
    if step.at <= moment:
        leave_work(session, notices.WORK)


async def _tell(
    session: AsyncSession, alike: Alike, event: Event, at: datetime, moment: datetime, actor: str
) -> None:
    """The portal, where it is told at all."""
    if not session.info.get(PORTAL_TOLD):
        return
    changed = select(ApplicationRecord).where(alike.these).order_by(ApplicationRecord.id)
    for record in await session.scalars(changed.execution_options(populate_existing=True)):
        await outbox.tell(
            session,
            key=notices.series_of(record.id, record.version),
            application_id=record.id,
            at=at,
            moment=moment,
            data=told(record, event.value, actor),
        )
