"""Records as a watchdog might find them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from core.db.engine import Database
from core.notices.tables import NoticeRecord
from core.sms.tables import ReceiptRecord, SmsRecord
from tests import factories

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def notice(db: Database, planned: datetime, **more: Any) -> int:
    """A notice that waits to go out by Telegram, in the lane of reminders."""
    return await _add(
        db,
        NoticeRecord(
            **{
                "key": uuid4().hex,
                "kind": "reminder",
                "channel": "telegram",
                "lane": 3,
                "iin": factories.iin(1),
                "details": {},
                "state": "pending",
                "created_at": planned,
                "planned_at": planned,
                "due_at": planned,
                "expires_at": planned + 48 * HOUR,
                **more,
            }
        ),
    )


async def sms(db: Database, created: datetime, **more: Any) -> int:
    """A message that SMSC has taken."""
    return await _add(
        db,
        SmsRecord(
            **{
                "purpose": "notice",
                "phone": "+77750000001",
                "segments": 2,
                "gateway": "smsc",
                "gateway_id": "7",
                "state": "accepted",
                "created_at": created,
                **more,
            }
        ),
    )


async def receipt(db: Database, received: datetime, event: str = "1", **more: Any) -> int:
    """A receipt of SMSC's, handled."""
    return await _add(
        db,
        ReceiptRecord(
            gateway="smsc",
            event=event,
            gateway_id="7",
            status="1",
            received_at=received,
            **more,
        ),
    )


async def _add(db: Database, record: Any) -> int:
    async with db.write() as session:
        session.add(record)
        await session.flush()
        found: int = record.id
        return found
