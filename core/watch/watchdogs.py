"""The watchdogs: each tells, by id, what has been standing still for too long."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, text

from core.applications.tables import ApplicationRecord
from core.calendar.tables import CalendarYear
from core.clock import at_hour, local
from core.codes.tables import CodeRecord
from core.db.engine import Database
from core.notices.plan import QUIET_UNTIL, Channel, Lane, quiet
from core.notices.tables import LISTED, NoticeRecord
from core.notices.values import State
from core.places.tables import StayRecord
from core.portal.tables import GIVEN_UP, PortalOutboxRecord
from core.signing.tables import SigningRequestRecord
from core.sms.rules import State as SmsState
from core.sms.tables import ReceiptRecord, SmsRecord
from core.watch.found import Found, ids
from core.watch.impossible import impossible_states
from core.watch.values import DAY, HOUR, MINUTE, Duty

ENOUGH = 5
"""Messages that a gateway takes before its silence means something."""
TRIES = 3
"""Attempts after which a notice that still waits is told, whenever it is due again."""
BOUNDS = {
    Lane.ANSWER: 2 * MINUTE,
    Lane.VOUCHER: 10 * MINUTE,
    Lane.REMINDER: HOUR,
    Lane.BROADCAST: 6 * HOUR,
}
"""How long a notice may be due in its lane, the quiet hours not counted."""
DUE = NoticeRecord.due_at.is_not(None), NoticeRecord.lane.in_(list(Lane))
ROADS = NoticeRecord.channel.in_([Channel.TELEGRAM, Channel.SMS])


async def stuck_sending(db: Database, now: datetime) -> Found:
    """Notices whose lease ended five minutes ago, messages of which no gateway has said anything
    for ten, codes in line for five: their worker died, and no other has come."""
    async with db.read() as session:
        return [
            *await ids(
                session,
                "notice",
                select(NoticeRecord.id).where(
                    *DUE,
                    ROADS,
                    NoticeRecord.due_at < now - 5 * MINUTE,
                    NoticeRecord.state == State.SENDING,
                ),
            ),
            *await ids(
                session,
                "sms",
                select(SmsRecord.id).where(
                    SmsRecord.created_at.between(now - DAY, now - 10 * MINUTE),
                    SmsRecord.state == SmsState.SENDING,
                ),
            ),
            *await ids(
                session,
                "code",
                select(CodeRecord.id).where(
                    CodeRecord.retry_at < now + HOUR,
                    CodeRecord.created_at.between(now - DAY, now - 5 * MINUTE),
                ),
            ),
        ]


async def gateway_receipts(reporting: Sequence[str], db: Database, now: datetime) -> Found:
    """Of the gateways that send receipts to us, those that took messages within the hour before
    the last ten minutes, and of which not one receipt has come: nobody knows what arrives."""
    since = now - 70 * MINUTE
    gateway = func.coalesce(SmsRecord.gateway, "")  # SQLite would read that index, all of it
    heard = select(ReceiptRecord.gateway).where(ReceiptRecord.received_at >= since)
    async with db.read() as session:
        return await ids(
            session,
            "gateway",
            select(gateway)
            .where(
                SmsRecord.created_at.between(since, now - 10 * MINUTE),
                SmsRecord.gateway_id.is_not(None),
                gateway.in_(reporting),
                gateway.not_in(heard),
            )
            .group_by(gateway)
            .having(func.count() >= ENOUGH),
        )


async def sweep_late(db: Database, now: datetime) -> Found:
    """What the sweep should have handled two minutes ago, and terms that it cannot end."""
    late = now - 2 * MINUTE
    reserved = select(SigningRequestRecord.id).where(
        SigningRequestRecord.application_id == ApplicationRecord.id,
        SigningRequestRecord.state == "open",
    )
    never_ends = and_(
        ApplicationRecord.next_event_at < now + 2 * MINUTE,
        ApplicationRecord.ends_at < now - 10 * MINUTE,
        ~reserved.exists(),  # an act pressed in time is waited for (D8)
    )
    async with db.read() as session:
        return [
            *await ids(
                session,
                "application",
                select(ApplicationRecord.id).where(
                    or_(ApplicationRecord.next_event_at < late, never_ends)
                ),
            ),
            *await ids(
                session, "stay", select(StayRecord.id).where(StayRecord.next_event_at < late)
            ),
            *await ids(
                session,
                "signing_request",
                select(SigningRequestRecord.id).where(
                    SigningRequestRecord.expires_at < late, SigningRequestRecord.state == "open"
                ),
            ),
            *await ids(
                session,
                "call",
                select(NoticeRecord.id).where(
                    *DUE, NoticeRecord.channel == Channel.CALL, NoticeRecord.due_at < late
                ),
            ),
        ]


async def calendar_next_year(db: Database, now: datetime) -> Found:
    """From 1 October on the calendar has to cover the next year: terms reach into it (D1)."""
    today = local(now).date()
    needed = {today.year, today.year + 1} if today.month >= 10 else {today.year}
    async with db.read() as session:
        covered = set(await session.scalars(select(CalendarYear.year)))
    return [f"year:{year}" for year in sorted(needed - covered)]


async def call_list_waiting(db: Database, now: datetime) -> Found:
    """Families that are on the call list still at noon of their last day: the term ends at its
    midnight."""
    async with db.read() as session:
        return await ids(
            session,
            "call",
            select(NoticeRecord.id).where(
                text(LISTED),
                NoticeRecord.expires_at > now,
                NoticeRecord.expires_at <= now + 12 * HOUR,
            ),
        )


async def outbox_age(db: Database, now: datetime) -> Found:
    """Notices due for longer than their lane bears, and those that have been tried in vain for as
    long. What waited for the end of the quiet hours is due since 08:00."""
    async with db.read() as session:
        found: Found = []
        for lane in Lane:
            before = now - BOUNDS[lane]
            if lane is Lane.ANSWER or (not quiet(now) and before >= _morning(now)):
                found += await ids(session, "notice", _waiting(lane, before, now))
        return found


async def portal_untold(db: Database, now: datetime) -> Found:
    """Changes that the portal has not taken for an hour, and those that have been given up."""
    async with db.read() as session:
        return [
            *await ids(
                session,
                "untold",
                select(PortalOutboxRecord.id).where(
                    PortalOutboxRecord.due_at < now + 2 * HOUR,
                    PortalOutboxRecord.created_at < now - HOUR,
                ),
            ),
            *await ids(
                session,
                "given_up",
                select(PortalOutboxRecord.id).where(text(GIVEN_UP), PortalOutboxRecord.id > 0),
            ),
        ]


def _waiting(lane: Lane, before: datetime, now: datetime) -> Select[Any]:
    in_vain = and_(
        NoticeRecord.due_at < now + HOUR,
        NoticeRecord.planned_at < before,
        NoticeRecord.attempts >= TRIES,
    )
    return select(NoticeRecord.id).where(
        ROADS,
        NoticeRecord.lane == lane,
        NoticeRecord.state == State.PENDING,
        or_(NoticeRecord.due_at < before, in_vain),
    )


def _morning(now: datetime) -> datetime:
    return at_hour(local(now).date(), QUIET_UNTIL)


def watchdogs(reporting: Sequence[str], *, portal: bool = False) -> tuple[Duty, ...]:
    """All of them. `reporting`: the gateways that send receipts to us; `portal`: it is told."""
    told = (Duty("portal_untold", MINUTE, portal_untold),) if portal else ()
    return (
        Duty("stuck_sending", MINUTE, stuck_sending),
        Duty("gateway_receipts", MINUTE, partial(gateway_receipts, reporting)),
        Duty("sweep_late", MINUTE, sweep_late),
        Duty("impossible_states", HOUR, impossible_states),
        Duty("calendar_next_year", HOUR, calendar_next_year),
        Duty("call_list_waiting", MINUTE, call_list_waiting),
        Duty("outbox_age", MINUTE, outbox_age),
        *told,
    )
