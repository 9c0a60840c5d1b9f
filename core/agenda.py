"""What falls due next, of every kind of work, in one statement: whoever waits asks often."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from core.broadcasts import runs as broadcasts
from core.codes.tables import CodeRecord
from core.db.engine import Database
from core.notices.outbox import EXEMPT
from core.notices.plan import Channel, end_of_quiet, quiet
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


def _notices(channel: Channel) -> Select[datetime | None]:
    due = NoticeRecord.due_at.is_not(None)
    return select(func.min(NoticeRecord.due_at)).where(NoticeRecord.channel == channel, due)


COLUMNS = (
    select(func.min(CodeRecord.retry_at)),
    select(func.min(CodeRecord.offer_at)),
    select(func.min(ReceiptRecord.due_at)),
    select(func.min(SmsRecord.ask_at)),
    _notices(Channel.TELEGRAM).where(EXEMPT),
    _notices(Channel.TELEGRAM).where(~EXEMPT),
    _notices(Channel.SMS).where(EXEMPT),
    _notices(Channel.SMS).where(~EXEMPT),
    select(func.min(PortalOutboxRecord.due_at)),
)
STATEMENT = select(
    *(column.scalar_subquery() for column in COLUMNS),
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
    codes, offers, receipts, silent, *sent, portal = row[: len(COLUMNS)]
    telegram, telegram_by_day, sms, sms_by_day = sent
    distributions, renewals, running, unjudged, *parts = row[len(COLUMNS) :]
    return Due(
        sweep=first(*parts),
        codes=codes,
        offers=offers,
        receipts=first(receipts, silent),
        telegram=first(telegram, _by_day(telegram_by_day, now)),
        sms=first(sms, _by_day(sms_by_day, now)),
        portal=portal,
        distributions=distributions,
        renewals=renewals,
        broadcasts=running,
        outages=unjudged,
    )


def first(*instants: datetime | None) -> datetime | None:
    """The earliest of those that there are."""
    return min((instant for instant in instants if instant is not None), default=None)


def _by_day(due: datetime | None, now: datetime) -> datetime | None:
    """When a notice may go out that waits for the morning."""
    if due is None or not quiet(max(due, now)):
        return due
    return end_of_quiet(max(due, now))
