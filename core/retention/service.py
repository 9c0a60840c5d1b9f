"""Retention: what has served its purpose is deleted. History, signatures and consents never are."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, CursorResult, delete, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from core.applications.tables import ApplicationRecord
from core.codes.tables import CodeRecord
from core.db.base import Base
from core.db.engine import Database
from core.login.tables import LoginAttemptRecord
from core.notices.tables import NoticeRecord
from core.notices.values import State
from core.registry.tables import ImportRecord
from core.sms.rules import ASK_FOR
from core.sms.tables import ReceiptRecord, SmsRecord
from core.watch.found import Found
from core.watch.values import DAY, Duty

log = structlog.get_logger(__name__)

BATCH = 500
"""Rows of one transaction: nobody who waits for the database waits for long."""
OVER = [state for state in State if state not in (State.PENDING, State.SENDING)]


@dataclass(frozen=True)
class Kept:
    """For how many days each is kept."""

    notices: int = 365
    sms: int = 365
    receipts: int = 30
    logins: int = 30
    codes: int = 30
    imports: int = 7


@dataclass(frozen=True)
class _Kind:
    """A table, its age by an indexed column, and when a row of it may go."""

    age: InstrumentedAttribute[datetime]
    id: InstrumentedAttribute[int]
    table: type[Base]
    over: tuple[ColumnElement[bool], ...]


class Retention:
    """Deletes in batches, the oldest first, by index."""

    def __init__(self, kept: Kept) -> None:
        self._days: dict[str, int] = asdict(kept)

    @property
    def duty(self) -> Duty:
        """Nightly; what it deleted is in the log."""
        return Duty("retention", DAY, self._nightly)

    async def purge(self, db: Database, now: datetime) -> Mapping[str, int]:
        """Delete what is old and over. How many of each."""
        kinds = _kinds(now)
        return {
            name: await _purge(db, kinds[name], now - timedelta(days=days))
            for name, days in self._days.items()
        }

    async def _nightly(self, db: Database, now: datetime) -> Found:
        log.info("purged", **await self.purge(db, now))
        return []


def _kinds(now: datetime) -> dict[str, _Kind]:
    """In an order in which nothing refers to what goes: notices before the messages that carried
    them, attempts to enter before their codes."""
    in_a_term = select(ApplicationRecord.id).where(
        ApplicationRecord.id == NoticeRecord.application_id, ApplicationRecord.ends_at > now
    )
    carries = select(NoticeRecord.id).where(NoticeRecord.sms_id == SmsRecord.id)
    attempt = select(LoginAttemptRecord.id).where(LoginAttemptRecord.id == CodeRecord.target_id)
    return {
        "notices": _Kind(
            NoticeRecord.planned_at,
            NoticeRecord.id,
            NoticeRecord,
            (
                NoticeRecord.state.in_(OVER),
                NoticeRecord.due_at.is_(None),
                # those of before there were series serve no deadline that was written down
                or_(NoticeRecord.expires_at < now, NoticeRecord.series.is_(None)),
                ~in_a_term.exists(),
            ),
        ),
        "sms": _Kind(
            SmsRecord.created_at,
            SmsRecord.id,
            SmsRecord,
            (
                or_(SmsRecord.ask_at.is_(None), SmsRecord.created_at < now - ASK_FOR),
                ~carries.exists(),
            ),
        ),
        "receipts": _Kind(
            ReceiptRecord.received_at,
            ReceiptRecord.id,
            ReceiptRecord,
            (ReceiptRecord.due_at.is_(None),),
        ),
        "logins": _Kind(
            LoginAttemptRecord.created_at, LoginAttemptRecord.id, LoginAttemptRecord, ()
        ),
        "codes": _Kind(
            CodeRecord.created_at,
            CodeRecord.id,
            CodeRecord,
            (
                CodeRecord.retry_at.is_(None),
                CodeRecord.offer_at.is_(None),
                or_(CodeRecord.purpose != "login", ~attempt.exists()),
            ),
        ),
        "imports": _Kind(
            ImportRecord.created_at,
            ImportRecord.id,
            ImportRecord,
            (),  # whatever became of it: its rows go with it
        ),
    }


async def _purge(db: Database, kind: _Kind, before: datetime) -> int:
    oldest = select(kind.id).where(kind.age < before, *kind.over).order_by(kind.age).limit(BATCH)
    deleted = 0
    while True:
        async with db.write() as session:
            found = (await session.scalars(oldest)).all()
            gone = await session.execute(
                delete(kind.table)
                .where(kind.id.in_(found))
                .execution_options(synchronize_session=False)
            )
            assert isinstance(gone, CursorResult)
            deleted += gone.rowcount
        if len(found) < BATCH:
            return deleted
