"""States that must not exist, each a read-only query that names ids.

What a record alone tells, an index holds that is empty as long as all is well; the others look
through what is under way. None reads what has long been over.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, func, literal, or_, select, text

from core.applications import tables as applications
from core.applications.rules import MISSED, Status
from core.applications.tables import ApplicationRecord
from core.db.engine import Database
from core.notices import tables as notices
from core.notices.plan import Channel
from core.notices.tables import NoticeRecord
from core.notices.values import OUT, State
from core.places.tables import HoldRecord, PlaceRecord, StayRecord
from core.signing.tables import SigningRequestRecord
from core.watch.found import Found, ids
from core.watch.values import MINUTE

Query = Callable[[datetime], Select[Any]]

IN_A_TERM = [status.value for status in MISSED]
UNDER_WAY = State.PENDING, State.SENDING
GOT_NOWHERE = State.FAILED, State.UNDELIVERABLE, State.CANCELLED, State.EXPIRED
SERIES = (
    literal("application:")
    + cast(ApplicationRecord.id, String)
    + ":"
    + cast(ApplicationRecord.version, String)
)
"""What the application owes as it stands (`core.notices.service.series_of`)."""
_STAY, _NOTICE, _RUNNING = (
    select(StayRecord.id),
    select(NoticeRecord.id),
    select(ApplicationRecord.id).where(ApplicationRecord.status.in_(IN_A_TERM)),
)
_APPLICATION = select(ApplicationRecord.id).where(text(f"({applications.IMPOSSIBLE})"))
_WRONG_NOTICE = _NOTICE.where(text(f"({notices.IMPOSSIBLE})"))
_STATUS = func.coalesce(ApplicationRecord.status, "")
"""Of what the empty index holds: SQLite would rather read the index of all of a status."""
_ARCHIVED = _STATUS == Status.ARCHIVED
_LASTING = StayRecord.ended_at.is_(None)

QUERIES: dict[str, Query] = {
    "unknown_status": lambda now: _APPLICATION.where(
        _STATUS.not_in([status.value for status in Status])
    ),
    "term_without_end": lambda now: _APPLICATION.where(
        _STATUS.in_(IN_A_TERM),
        or_(ApplicationRecord.ends_at.is_(None), ApplicationRecord.next_event_at.is_(None)),
    ),
    "term_without_deadline": lambda now: select(ApplicationRecord.id).where(
        text(f"({applications.NO_DEADLINE})")
    ),
    "end_without_term": lambda now: _APPLICATION.where(
        ApplicationRecord.status.not_in(IN_A_TERM),
        or_(ApplicationRecord.ends_at.is_not(None), ApplicationRecord.next_event_at.is_not(None)),
    ),
    "term_without_notices": lambda now: _RUNNING.where(
        ApplicationRecord.ends_at > now,
        ~_NOTICE.where(NoticeRecord.series == SERIES).correlate(ApplicationRecord).exists(),
    ),
    "enrolled_without_place": lambda now: _APPLICATION.where(
        _STATUS == Status.ENROLLED, ApplicationRecord.place_id.is_(None)
    ),
    "place_without_enrolment": lambda now: _APPLICATION.where(
        _STATUS != Status.ENROLLED, ApplicationRecord.place_id.is_not(None)
    ),
    "archived_without_reason": lambda now: _APPLICATION.where(
        _ARCHIVED, ApplicationRecord.archived_because.is_(None)
    ),
    "reason_without_archive": lambda now: _APPLICATION.where(
        ~_ARCHIVED, ApplicationRecord.archived_because.is_not(None)
    ),
    "fewer_places_than_none": lambda now: select(PlaceRecord.id).where(PlaceRecord.free < 0),
    "two_open_requests": lambda now: (
        select(SigningRequestRecord.application_id)
        .where(SigningRequestRecord.state == "open")
        .group_by(SigningRequestRecord.application_id)
        .having(func.count() > 1)
    ),
    "hold_without_request": lambda now: (
        select(HoldRecord.application_id)
        .join(SigningRequestRecord, SigningRequestRecord.id == HoldRecord.request_id)
        .where(SigningRequestRecord.state != "open")
    ),
    "stay_beyond_its_end": lambda now: _STAY.where(
        _LASTING,
        or_(StayRecord.withdraw_at < now - 10 * MINUTE, StayRecord.next_event_at.is_(None)),
    ),
    "two_stays": lambda now: (
        select(StayRecord.application_id)
        .where(_LASTING)
        .group_by(StayRecord.application_id)
        .having(func.count() > 1)
    ),
    "stay_of_the_enrolled": lambda now: _STAY.where(
        _LASTING,
        select(ApplicationRecord.status)
        .where(ApplicationRecord.id == StayRecord.application_id)
        .scalar_subquery()
        == Status.ENROLLED,
    ),
    "notice_out_of_sight": lambda now: _WRONG_NOTICE.where(NoticeRecord.state.in_(UNDER_WAY)),
    "notice_due_and_over": lambda now: _WRONG_NOTICE.where(NoticeRecord.state.in_(GOT_NOWHERE)),
    "sent_without_message": lambda now: _WRONG_NOTICE.where(
        NoticeRecord.channel == Channel.TELEGRAM,
        NoticeRecord.state.in_(OUT),
        NoticeRecord.message_id.is_(None),
    ),
    "sent_without_sms": lambda now: _WRONG_NOTICE.where(
        NoticeRecord.channel == Channel.SMS,
        NoticeRecord.state.in_(OUT),
        NoticeRecord.sms_id.is_(None),
    ),
    "notice_of_a_past_term": lambda now: _NOTICE.join(
        ApplicationRecord, ApplicationRecord.id == NoticeRecord.application_id
    ).where(
        NoticeRecord.state == State.PENDING,
        NoticeRecord.due_at.is_not(None),
        NoticeRecord.planned_at > now,
        NoticeRecord.series.startswith("application:"),
        NoticeRecord.series != SERIES,
    ),
}
"""Name -> the query for a moment. The lifecycle and the plans say why none of them can be."""


async def impossible_states(db: Database, now: datetime) -> Found:
    """Whatever is as it cannot be: by the name of the query."""
    found: Found = []
    for name, query in QUERIES.items():
        async with db.read() as session:
            found += await ids(session, name, query(now))
    return found
