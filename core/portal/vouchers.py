"""The portal's vouchers: issued, and taken back."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.changes import change
from core.applications.rules import Event, Refused
from core.applications.service import by_number
from core.applications.tables import ApplicationRecord
from core.applications.values import UnknownApplication
from core.calendar.rules import Calendar, YearNotCovered
from core.portal.values import Done, NotDone, Result, Why
from core.registry.values import Reason
from core.signing import requests

ACTOR = "portal"


async def _issue(
    session: AsyncSession, data: Mapping[str, Any], calendar: Calendar, moment: datetime
) -> ApplicationRecord:
    """R6."""
    return await _changed(session, data, Event.ISSUE_VOUCHER, calendar, moment)


async def _withdraw(
    session: AsyncSession, data: Mapping[str, Any], calendar: Calendar, moment: datetime
) -> ApplicationRecord:
    """D13: what was being signed is given up."""
    record = await _changed(session, data, Event.WITHDRAW_VOUCHER, calendar, moment)
    signing = await requests.open_of(session, record.id)
    if signing is not None:
        await requests.close(session, signing, record, "replaced", moment)
    return record


async def _changed(
    session: AsyncSession,
    data: Mapping[str, Any],
    event: Event,
    calendar: Calendar,
    moment: datetime,
) -> ApplicationRecord:
    record = await by_number(session, data["registration_number"])
    reason = data.get("reason")
    await change(
        session,
        record,
        event,
        calendar=calendar,
        pressed_at=moment,
        at=moment,
        actor=ACTOR,
        details={"reason": reason} if reason else {},
    )
    return record


Do = Callable[[AsyncSession, Mapping[str, Any], Calendar, datetime], Awaitable[ApplicationRecord]]
VOUCHERS: dict[str, Do] = {"voucher.issue": _issue, "voucher.withdraw": _withdraw}


async def do(
    session: AsyncSession,
    type_: str,
    data: Mapping[str, Any],
    calendar: Calendar,
    moment: datetime,
) -> Result:
    """Do one of VOUCHERS; `data` has its shape. How the application stands then."""
    try:
        record = await VOUCHERS[type_](session, data, calendar, moment)
    except UnknownApplication:
        return NotDone(Why.UNKNOWN, "no application has this registration number")
    except Refused as refused:
        return NotDone(Why.REFUSED, f"refused: {refused.refusal.value}")
    except YearNotCovered:
        return NotDone(Why.REFUSED, f"refused: {Reason.YEAR_NOT_COVERED.value}")
    return Done(
        {
            "registration_number": record.registration_number,
            "status": record.status,
            "last_day": (record.deadline or {}).get("last_day"),
        }
    )
