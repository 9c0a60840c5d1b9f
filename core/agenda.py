"""What falls due next, of every kind of work, in one statement: whoever waits asks often."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select

from core.broadcasts import runs as broadcasts
from core.codes.tables import CodeRecord
from core.db.engine import Database
from core.notices.plan import Channel, Lane, end_of_quiet, quiet
from core.notices.tables import NoticeRecord
from core.outages import service as outages
from core.portal.tables import PortalOutboxRecord
from core.queue import renewal
from core.sms.tables import ReceiptRecord, SmsRecord
from core.sweep import PARTS
from core.vouchers import distribution


@dataclass(frozen=True)
class Due:
    """When each kind of work has something to do next; None: never, as things stand. Notices
    come by channel, the quiet hours counted."""

    sweep: datetime | None
    codes: datetime | None
    offers: datetime | None
    receipts: datetime | None
    telegram: datetime | None
    sms: datetime | None
    portal: datetime | None
    distributions: datetime | None
    renewals: datetime | None
    broadcasts: datetime | None
    outages: datetime | None


def _first(channel: Channel, *conditions: ColumnElement[bool]) -> Select[datetime | None]:
    """One step of an index, however many wait behind it: so each lane is asked for itself."""
    due = NoticeRecord.due_at.is_not(None)
    return (
        select(NoticeRecord.due_at)
        .where(NoticeRecord.channel == channel, due, *conditions)
        .order_by(NoticeRecord.due_at)
        .limit(1)
    )


AT_NIGHT_TOO = (NoticeRecord.lane == Lane.ANSWER, NoticeRecord.message_id.is_not(None))
"""What goes out in the quiet hours (`core.notices.outbox.EXEMPT`): answers, and edits."""
BY_DAY = [
    and_(NoticeRecord.lane == lane, NoticeRecord.message_id.is_(None))
    for lane in Lane
    if lane is not Lane.ANSWER
]
SENT_BY = (Channel.TELEGRAM, Channel.SMS)
COLUMNS = (
    select(func.min(CodeRecord.retry_at)),
    select(func.min(CodeRecord.offer_at)),
    select(func.min(ReceiptRecord.due_at)),
    select(func.min(SmsRecord.ask_at)),
    select(func.min(PortalOutboxRecord.due_at)).where(PortalOutboxRecord.due_at.is_not(None)),
)
NOTICES = [_first(channel, road) for channel in SENT_BY for road in (*AT_NIGHT_TOO, *BY_DAY)]
STATEMENT = select(
    *(column.scalar_subquery() for column in (*COLUMNS, *NOTICES)),
    distribution.next_due(),
    renewal.next_due(),
    broadcasts.next_due(),
    outages.next_due(),
    *(part.next_due() for part in PARTS),
)


async def due(db: Database, now: datetime) -> Due:
    """What falls due next, seen from `now`."""
    async with db.read() as session:
        row = (await session.execute(STATEMENT)).one()
    codes, offers, receipts, silent, portal = row[: len(COLUMNS)]
    notices = iter(row[len(COLUMNS) : len(COLUMNS) + len(NOTICES)])
    distributions, renewals, running, unjudged, *parts = row[len(COLUMNS) + len(NOTICES) :]
    return Due(
        sweep=first(*parts),
        codes=codes,
        offers=offers,
        receipts=first(receipts, silent),
        telegram=_of_channel(notices, now),
        sms=_of_channel(notices, now),
        portal=portal,
        distributions=distributions,
        renewals=renewals,
        broadcasts=running,
        outages=unjudged,
    )


def first(*instants: datetime | None) -> datetime | None:
    """The earliest of those that there are."""
    return min((instant for instant in instants if instant is not None), default=None)


def _of_channel(notices: Iterator[datetime | None], now: datetime) -> datetime | None:
    """Of the next instants of NOTICES those of one channel."""
    at_night_too = [next(notices) for _ in AT_NIGHT_TOO]
    by_day = [next(notices) for _ in BY_DAY]
    return first(*at_night_too, _by_day(first(*by_day), now))


def _by_day(due: datetime | None, now: datetime) -> datetime | None:
    """When a notice may go out that waits for the morning."""
    if due is None or not quiet(max(due, now)):
        return due
    return end_of_quiet(max(due, now))
