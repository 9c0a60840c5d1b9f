"""The portal's vouchers: one is issued."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.rules import Refused
from core.applications.service import issue
from core.applications.values import UnknownApplication
from core.calendar.rules import Calendar, YearNotCovered
from core.portal.values import Done, NotDone, Result, Why
from core.registry.values import Reason


async def _issue(
    session: AsyncSession, data: Mapping[str, Any], calendar: Calendar, moment: datetime
) -> Result:
    """R6."""
    number = data["registration_number"]
    try:
        return Done(await issue(session, number, calendar, actor="portal", moment=moment))
    except UnknownApplication:
        return NotDone(Why.UNKNOWN, "no application has this registration number")
    except Refused as refused:
        return NotDone(Why.REFUSED, f"refused: {refused.refusal.value}")
    except YearNotCovered:
        return NotDone(Why.REFUSED, f"refused: {Reason.YEAR_NOT_COVERED.value}")


Do = Callable[[AsyncSession, Mapping[str, Any], Calendar, datetime], Awaitable[Result]]
VOUCHERS: dict[str, Do] = {"voucher.issue": _issue}
