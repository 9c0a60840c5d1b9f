"""`oryn outage`: the outages, and declaring one at the command line (D18)."""

import asyncio

from bot.days import span_in
from bot.maintenance import open_database
from core.calendar.service import CalendarBook
from core.clock import SystemClock, local
from core.outages.rules import Cause, Reason, Span
from core.outages.service import Outages
from core.outages.values import CannotDeclare, Outage

SHOWN = 20


def declare(cause: str, when: str, reason: str) -> str:
    """`oryn outage declare`: says how many terms it extends, has that number typed, and extends
    them. SystemExit with what is wrong."""
    found = span_in(when)
    if found is None:
        raise SystemExit('That is no time; type it like this: "09.04.2026 22:15 - 23:30".')
    span = Span(*found)
    number = asyncio.run(_touched(Cause(cause), span))
    if number == 0:
        return "No term had its last two hours then: nothing was changed."
    if input(f"Terms that are extended: {number}. Type the number: ").strip() != str(number):
        raise SystemExit("That is not the number: nothing was changed.")
    return asyncio.run(_declare(Cause(cause), Reason(reason), span))


async def _touched(cause: Cause, span: Span) -> int:
    async with open_database() as db:
        try:
            outages = Outages(db, CalendarBook(db))
            return await outages.touched(None, cause, span, SystemClock().now())
        except CannotDeclare as refused:
            raise SystemExit(f"Refused, nothing was changed: {refused.problem.value}.") from None


async def _declare(cause: Cause, reason: Reason, span: Span) -> str:
    async with open_database() as db:
        outages, now = Outages(db, CalendarBook(db)), SystemClock().now()
        made = await outages.declare(None, cause, reason, span, now)
        extended = await outages.judge(now)
    return f"Outage {made} is written down. Terms extended: {extended}."


async def listed() -> str:
    """`oryn outage list`: the newest first."""
    async with open_database() as db:
        newest = await Outages(db, CalendarBook(db)).newest(SHOWN)
    return "\n".join(map(_line, newest)) or "There has been none."


def _line(outage: Outage) -> str:
    span = f"{local(outage.span.from_at):%d.%m.%Y %H:%M:%S} – {local(outage.span.to_at):%H:%M:%S}"
    seconds = (outage.span.to_at - outage.span.from_at).total_seconds()
    known = outage.reason or "seen by the bot"
    return (
        f"{outage.id:4}  {span}  {seconds:7.0f} s  {outage.cause:9} {known:16} "
        f"terms extended: {outage.extended}"
    )
