"""One change of an application: the rules decide; record, history and notices follow."""

from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy import bindparam, select, update
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
from core.db.drivers import Step
from core.db.engine import run, together
from core.db.ready import Ready, insert, table_of
from core.db.records import note, present
from core.notices import service as notices
from core.notices.plan import Lane, steps_of
from core.portal import outbox

log = structlog.get_logger(__name__)

AT_ONCE = frozenset({"voucher_issued", "voucher_withdrawn"})
"""Notices that whoever is about to act on a voucher waits for: before any reminder."""


LOCKED = Ready(
    select(ApplicationRecord)
    .where(ApplicationRecord.id == bindparam("application_id"))
    .with_for_update()
)
APPLICATIONS = table_of(ApplicationRecord).c
CHANGED = (
    "status",
    "version",
    "deadline",
    "ends_at",
    "next_event_at",
    "missed",
    "archived_because",
    "restored_at",
)
"""What a change writes of the record."""
CHANGE = Ready(
    update(table_of(ApplicationRecord))
    .where(APPLICATIONS.id == bindparam("application_id"))
    .values({name: bindparam(name, type_=APPLICATIONS[name].type) for name in CHANGED})
)
HISTORY = insert(
    HistoryRecord,
    "application_id",
    "at",
    "event",
    "from_status",
    "to_status",
    "actor",
    "person_id",
    "details",
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
    rows = await run(session, LOCKED, application_id=application_id)
    return present(session, ApplicationRecord, rows[0][0]) if rows else None


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
    became = {
        "status": transition.target.value,
        "version": record.version + 1,
        "deadline": deadline.to_json() if deadline else None,
        "ends_at": deadline.ends_at if deadline else None,
        "next_event_at": deadline.ends_at if deadline else None,
        "missed": _kept(record, event) if event in BY_CLOCK else None,
        "archived_because": event.value if transition.target is Status.ARCHIVED else None,
        "restored_at": at if event is Event.RESTORE else record.restored_at,
    }
    line = {
        "application_id": record.id,
        "at": at,
        "event": event.value,
        "from_status": before.status.value,
        "to_status": transition.target.value,
        "actor": actor,
        "person_id": person_id,
        "details": details or {},
    }
    note(record, became)
    owed = _owed(record, transition, deadline, at, details or {})
    steps: list[Step] = [(CHANGE, [{"application_id": record.id, **became}]), (HISTORY, [line])]
    if ending:
        steps.append(notices.ending(ending, at))
    if owed:
        steps.append(notices.owing(owed))
    ended = await together(session, *steps)
    notices.leave(session, owed, ended, at)
    log.info(
        "application_changes", application=record.id, change=event.value, version=record.version
    )
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


def _owed(
    record: ApplicationRecord,
    transition: Transition,
    deadline: Deadline | None,
    at: datetime,
    because: dict[str, Any],
) -> list[dict[str, Any]]:
    """The notice of the event itself, which tells why, and those of the term that it begins."""
    series = notices.series_of(record.id, record.version)
    details = {"version": record.version}
    owed = []
    if transition.notice:
        owed.append(
            notices.row(
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
        )
    if deadline:
        owed += notices.planned(
            steps_of(transition.target, deadline, at, restored=record.restored_at is not None),
            iin=record.applicant_iin,
            moment=at,
            application_id=record.id,
            series=series,
            details=details,
            expires_at=deadline.ends_at,
        )
    return owed


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
