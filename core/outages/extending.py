"""Extending terms whose last hours an outage has touched (D18)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row, and_, case, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.changes import told
from core.applications.rules import Status
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.audit import log as audit
from core.calendar.rules import ONE_DAY, Calendar, Deadline, YearNotCovered
from core.clock import local, start_of
from core.notices import service as notices
from core.notices.plan import Channel, Lane, last_steps
from core.notices.tables import NoticeRecord
from core.notices.values import State
from core.outages.beats import note_silence
from core.outages.rules import LAST_HOURS, Span, missing, new_last_day, touched
from core.outages.tables import OutageRecord
from core.portal import outbox
from core.staff.service import member_of
from core.staff.tables import StaffRecord

log = structlog.get_logger(__name__)

EVENT = "term_extended"
"""In the history, to the portal, and as the kind of the notice."""
REMINDERS = ("reminder", "last_day", "last_evening")
"""Kinds that say when a term ends."""
LOOK_AGAIN = timedelta(minutes=1)
"""How soon to look again at a term whose new end cannot be counted."""


@dataclass(frozen=True)
class Extension:
    """What becomes of all the terms that were to end at `ends_at`: their new last day, and the
    outages that it is for, the longest one first."""

    ends_at: datetime
    last_day: date
    outages: tuple[OutageRecord, ...]


async def spare(
    session: AsyncSession, due: Sequence[Row[Any]], calendar: Calendar, now: datetime
) -> set[int]:
    """Extend what an outage has touched among locked applications that are due (rows with `id` and
    `ends_at`). The ids of those that are not to be swept now: a term whose new end cannot be
    counted does not end either."""
    ended = {row.ends_at for row in due if row.ends_at and row.ends_at <= now}
    if not ended:
        return set()
    await note_silence(session, now)  # it may last still
    outages = await outages_of(session, ended)
    spared: set[int] = set()
    for ends_at in ended:
        theirs = [row.id for row in due if row.ends_at == ends_at]
        try:
            extension = extension_of(ends_at, outages, calendar, now)
        except YearNotCovered:
            log.exception("terms not extended", outages=[outage.id for outage in outages])
            await session.execute(
                update(ApplicationRecord)
                .where(ApplicationRecord.id.in_(theirs))
                .values(next_event_at=now + LOOK_AGAIN)
            )
        else:
            if extension is None:
                continue
            await extend(session, await _records(session, theirs), extension, now)
        spared.update(theirs)
    return spared


async def _records(session: AsyncSession, ids: Sequence[int]) -> Sequence[ApplicationRecord]:
    found = await session.scalars(
        select(ApplicationRecord)
        .where(ApplicationRecord.id.in_(ids))
        .order_by(ApplicationRecord.id)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def outages_of(session: AsyncSession, ends: Collection[datetime]) -> Sequence[OutageRecord]:
    """The outages that may touch terms with these ends, or with those that follow them."""
    found = await session.scalars(
        select(OutageRecord)
        .where(OutageRecord.to_at > min(ends) - LAST_HOURS)
        .order_by(OutageRecord.id)
        .execution_options(populate_existing=True)  # it may have grown in this transaction
    )
    return found.all()


def extension_of(
    ends_at: datetime, outages: Sequence[OutageRecord], calendar: Calendar, now: datetime
) -> Extension | None:
    """What becomes of the terms that are to end then; None: they stay. Raises YearNotCovered."""
    spans = {outage.id: Span(outage.from_at, outage.to_at) for outage in outages}
    if not touched(ends_at, spans.values()):
        return None
    cost = {outage.id: missing(ends_at, [spans[outage.id]]) for outage in outages}
    causes = sorted((o for o in outages if cost[o.id]), key=lambda o: cost[o.id], reverse=True)
    last_day = local(ends_at).date() - ONE_DAY  # every term ends with a day
    return Extension(ends_at, new_last_day(last_day, spans.values(), calendar, now), tuple(causes))


async def extend(
    session: AsyncSession,
    records: Sequence[ApplicationRecord],
    extension: Extension,
    now: datetime,
) -> None:
    """Let these locked applications, whose terms all end at `extension.ends_at`, have the new end:
    with history, notices, the portal told, and one entry of the audit log. The version stays, and
    with it every button that is out: a press on an old one counts."""
    cause = extension.outages[0]
    actor = "clock" if cause.reason is None else "operator"
    extended = []
    for record in records:
        try:
            deadline = _later(record, extension)
        except (KeyError, ValueError):  # it never holds up the others
            log.exception("term not extended", application_id=record.id)
            record.next_event_at = now + LOOK_AGAIN
            continue
        record.deadline = deadline.to_json()
        record.ends_at = record.next_event_at = deadline.ends_at
        session.add(_line(record, extension, actor, now))
        extended.append(record)
    await _keep_notices(session, extended, extension, now)
    for record in extended:
        await _owe(session, record, extension, now)
        await outbox.tell(
            session,
            key=f"{_series(record)}:until:{extension.last_day:%Y%m%d}",
            application_id=record.id,
            at=now,
            moment=now,
            data=told(record, EVENT, actor),
        )
    await _note(session, extended, extension, now)


def _later(record: ApplicationRecord, extension: Extension) -> Deadline:
    return replace(
        Deadline.from_json(record.deadline or {}),
        ends_at=start_of(extension.last_day + ONE_DAY),
        last_day=extension.last_day,
        extended=extension.outages[0].cause,
    )


def _line(
    record: ApplicationRecord, extension: Extension, actor: str, now: datetime
) -> HistoryRecord:
    return HistoryRecord(
        application_id=record.id,
        at=now,
        event=EVENT,
        from_status=record.status,
        to_status=record.status,
        actor=actor,
        details={
            "last_day": extension.last_day.isoformat(),
            "outages": [outage.id for outage in extension.outages],
        },
    )


async def _keep_notices(
    session: AsyncSession,
    records: Sequence[ApplicationRecord],
    extension: Extension,
    now: datetime,
) -> None:
    """What has not gone out yet, and what stands on the call list, serves the new end; reminders
    of the old one are pointless."""
    reminding = and_(
        NoticeRecord.state == State.PENDING,
        NoticeRecord.channel == Channel.TELEGRAM,
        NoticeRecord.kind.in_(REMINDERS),
    )
    # locked in the order in which a worker locks them: no deadlock
    theirs = (
        select(NoticeRecord.id)
        .where(NoticeRecord.series.in_([_series(record) for record in records]))
        .order_by(NoticeRecord.id)
        .with_for_update()
    )
    await session.execute(
        update(NoticeRecord)
        .where(NoticeRecord.id.in_(theirs), NoticeRecord.expires_at == extension.ends_at)
        .values(
            expires_at=start_of(extension.last_day + ONE_DAY),
            state=case((reminding, State.CANCELLED.value), else_=NoticeRecord.state),
            because=case((reminding, "overtaken"), else_=NoticeRecord.because),
            due_at=case((reminding, None), else_=NoticeRecord.due_at),
            ended_at=case((reminding, now), else_=NoticeRecord.ended_at),
        )
        .execution_options(synchronize_session=False)
    )


async def _owe(
    session: AsyncSession, record: ApplicationRecord, extension: Extension, now: datetime
) -> None:
    """The parent is told, and reminded on the new last day."""
    series = _series(record)
    details = {"version": record.version, "last_day": extension.last_day.isoformat()}
    expires_at = start_of(extension.last_day + ONE_DAY)
    await notices.add(
        session,
        kind=EVENT,
        key=f"{EVENT}:{series}:{extension.last_day:%Y%m%d}",
        iin=record.applicant_iin,
        application_id=record.id,
        moment=now,
        details=details,
        lane=Lane.VOUCHER,
        expires_at=expires_at,
        series=series,
    )
    restored = record.restored_at is not None
    await notices.plan(
        session,
        last_steps(Status(record.status), extension.last_day, now, restored=restored),
        iin=record.applicant_iin,
        moment=now,
        application_id=record.id,
        series=series,
        details={"version": record.version},
        expires_at=expires_at,
    )


async def _note(
    session: AsyncSession,
    records: Sequence[ApplicationRecord],
    extension: Extension,
    now: datetime,
) -> None:
    """The audit log, and how many terms the outage has cost its length."""
    if not records:
        return
    cause = extension.outages[0]
    by = await session.get(StaffRecord, cause.staff_id) if cause.staff_id else None
    audit.note(
        session,
        member_of(by) if by else None,
        "terms_extended",
        now,
        subjects={
            "outage": [outage.id for outage in extension.outages],
            "application": [record.id for record in records],
        },
        details={"cause": cause.cause, "until": extension.last_day.isoformat()},
    )
    await session.execute(
        update(OutageRecord)
        .where(OutageRecord.id == cause.id)
        .values(extended=OutageRecord.extended + len(records))
        .execution_options(synchronize_session=False)
    )


def _series(record: ApplicationRecord) -> str:
    return notices.series_of(record.id, record.version)
