"""One change of an application: the rules decide; record, history and notices follow."""

from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.rules import (
    BY_CLOCK,
    Event,
    Missed,
    Situation,
    Status,
    Transition,
    deadline_of,
    decide,
    missed_deadline,
)
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.calendar.rules import Calendar, Deadline
from core.notices import service as notices
from core.notices.plan import Lane, steps_of
from core.portal import outbox

log = structlog.get_logger(__name__)

AT_ONCE = frozenset({"voucher_issued", "voucher_withdrawn"})
"""Notices that whoever is about to act on a voucher waits for: before any reminder."""


LOCKED = (
    select(ApplicationRecord)
    .where(ApplicationRecord.id == bindparam("application_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def situation(record: ApplicationRecord) -> Situation:
    """What the rules need to know of a record."""
    kept = record.missed
    missed = Missed(Event(kept["event"]), datetime.fromisoformat(kept["ends_at"])) if kept else None
    return Situation(
        status=Status(record.status),
        ends_at=record.ends_at,
        restored=record.restored_at is not None,
        missed=missed,
        archived_because=Event(record.archived_because) if record.archived_because else None,
    )


async def locked(session: AsyncSession, application_id: int) -> ApplicationRecord | None:
    """The record, read anew and locked until the transaction ends."""
    return await session.scalar(LOCKED, {"application_id": application_id})


async def change(
    session: AsyncSession,
    record: ApplicationRecord,
    event: Event,
    *,
    calendar: Calendar,
    pressed_at: datetime,
    at: datetime,
    actor: str,
    person_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> Transition:
    """Let `event` happen to a locked record.

    `pressed_at` decides whether it came in time (D8); `at` is when it took effect, from which
    the next term counts (D9). Raises Refused and YearNotCovered, and then changes nothing.
    """
    before = situation(record)
    transition = decide(before, event, pressed_at)
    ending = notices.series_of(record.id, record.version) if record.deadline else None
    if record.missed and event.value.endswith("_reopened"):
        deadline: Deadline | None = Deadline.from_json(record.missed["deadline"])
    else:
        deadline = new_deadline(transition, event, calendar, at, last_day_of(record))
    record.missed = _kept(record, event) if event in BY_CLOCK else None
    record.deadline = deadline.to_json() if deadline else None
    record.ends_at = record.next_event_at = deadline.ends_at if deadline else None
    record.status = transition.target.value
    record.version += 1
    record.archived_because = event.value if transition.target is Status.ARCHIVED else None
    if event is Event.RESTORE:
        record.restored_at = at
    session.add(
        HistoryRecord(
            application_id=record.id,
            at=at,
            event=event.value,
            from_status=before.status.value,
            to_status=transition.target.value,
            actor=actor,
            person_id=person_id,
            details=details or {},
        )
    )
    log.info(
        "application_changes", application=record.id, change=event.value, version=record.version
    )
    if ending:
        await notices.cancel(session, ending, moment=at)
    await _owe(session, record, transition, deadline, at, details or {})
    await outbox.tell(
        session,
        key=notices.series_of(record.id, record.version),
        application_id=record.id,
        at=at,
        moment=max(pressed_at, at),
        data=told(record, event.value, actor),
        place_id=(details or {}).get("place_id"),
    )
    return transition


def told(record: ApplicationRecord, event: str, by: str) -> dict[str, Any]:
    """What the portal hears of an event, with the application as it stands after it."""
    return {
        "registration_number": record.registration_number,
        "district": record.district,
        "event": event,
        "by": by,
        "status": record.status,
        "last_day": (record.deadline or {}).get("last_day"),
        "version": record.version,
    }


async def _owe(
    session: AsyncSession,
    record: ApplicationRecord,
    transition: Transition,
    deadline: Deadline | None,
    at: datetime,
    because: dict[str, Any],
) -> None:
    """The notice of the event itself, which tells why, and those of the term that it begins."""
    series = notices.series_of(record.id, record.version)
    details = {"version": record.version}
    if transition.notice:
        await notices.add(
            session,
            kind=transition.notice,
            key=f"{transition.notice}:{series}",
            iin=record.applicant_iin,
            application_id=record.id,
            moment=at,
            details=because | details,
            lane=lane_of(transition.notice),
            expires_at=record.ends_at,
            series=series,
        )
    if deadline:
        restored = record.restored_at is not None
        await notices.plan(
            session,
            steps_of(transition.target, deadline, at, restored=restored),
            iin=record.applicant_iin,
            moment=at,
            application_id=record.id,
            series=series,
            details=details,
            expires_at=deadline.ends_at,
        )


def new_deadline(
    transition: Transition, event: Event, calendar: Calendar, at: datetime, last_day: date | None
) -> Deadline | None:
    """The term that an event begins; `last_day`: of the one that it ends. Raises YearNotCovered."""
    if event in BY_CLOCK:
        assert last_day is not None, "only a term is missed"
        return missed_deadline(transition, calendar, last_day)
    return deadline_of(transition, calendar, at)


def last_day_of(record: ApplicationRecord) -> date | None:
    """Of the running term."""
    return date.fromisoformat(record.deadline["last_day"]) if record.deadline else None


def lane_of(notice: str) -> Lane:
    """Of the notice of an event."""
    return Lane.VOUCHER if notice in AT_ONCE else Lane.REMINDER


def _kept(record: ApplicationRecord, event: Event) -> dict[str, Any]:
    """What is needed to take the sweep's event back: the term, and the buttons' version."""
    return {
        "event": event.value,
        "ends_at": (record.deadline or {})["ends_at"],
        "deadline": record.deadline,
        "version": record.version,
    }
