"""Time travel: the bot's clock moves step by step, and the desk's goes with it."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import datetime

from fastapi import HTTPException

from sandbox.bot_link import LinkError
from sandbox.clock import iso, parse_duration, parse_instant, weekdays_later
from sandbox.desk import Desk
from sandbox.people import Person
from sandbox.state import Json

MOST_STEPS = 100_000


async def tell_time(desk: Desk) -> Json:
    """`{"now", "next_due"}` as the bot tells it; the desk's own time when it does not."""
    due = await _look(desk)
    return {"now": iso(desk.clock.now()), "next_due": due and iso(due)}


async def _look(desk: Desk) -> datetime | None:
    """Sets the desk's clock by the bot's; the next instant at which something falls due."""
    told = await _asked(desk.link.clock())
    if told is None:
        return None
    desk.clock.told = True
    desk.clock.set(parse_instant(told["now"]))
    return _instant(told.get("next_due"))


def _instant(text: str | None) -> datetime | None:
    return parse_instant(text) if text else None


async def deadline_of(desk: Desk, person: Person) -> str | None:
    """The next instant at which something of this person's falls due."""
    told = await _asked(desk.link.deadline(person.iin))
    deadline = told.get("next_deadline") if told else None
    return deadline and iso(parse_instant(deadline))


async def travel(desk: Desk, to: datetime) -> None:
    """Moves to `to`, stopping at all that falls due. Raises 400 when that is in the past."""
    async with desk.travelling:
        due = await _look(desk)
        if to < desk.clock.now():
            raise HTTPException(400, f"time never goes backwards: it is {iso(desk.clock.now())}")
        for _ in range(MOST_STEPS):
            desk.clock.set(max(desk.clock.now(), min(to, due or to)))
            moved = await _move(desk, to)
            desk.changes.note("clock")
            if desk.clock.now() >= to:
                return
            due = _instant(moved.get("next_due"))
    raise HTTPException(502, "the bot's clock does not arrive")


async def _move(desk: Desk, to: datetime) -> Json:
    try:
        moved = await _asked(desk.link.move(to.isoformat()))
    except HTTPException as error:
        if error.status_code == 400 and desk.clock.now() >= to:
            return {}  # the clocks run: the bot's passed the goal while it was asked to go there
        raise
    if moved is None:
        desk.clock.set(to)
        return {}
    desk.clock.set(parse_instant(moved["now"]))
    return moved


async def destination(desk: Desk, wish: Json) -> datetime:
    """Reads `advance`, `working_days`, `to` or `deadline_of`. Raises 400."""
    try:
        if "advance" in wish:
            return desk.clock.now() + parse_duration(str(wish["advance"]))
        if "to" in wish:
            return parse_instant(str(wish["to"]))
        if "working_days" in wish:
            return await _working_days(desk, int(wish["working_days"]))
        person = desk.state.people.get(int(wish["deadline_of"]))
    except (TypeError, ValueError) as error:
        raise HTTPException(400, str(error)) from error
    except KeyError:
        raise HTTPException(400, "say advance, working_days, to or deadline_of") from None
    if person is None:
        raise HTTPException(404, "there is no such person at the desk")
    deadline = await deadline_of(desk, person)
    if deadline is None:
        raise HTTPException(400, "nothing falls due for this person")
    return parse_instant(deadline)


async def _working_days(desk: Desk, days: int) -> datetime:
    if days < 1:
        raise ValueError("working days are counted forward, from 1")
    told = await _asked(desk.link.clock(working_days=days))
    if told is None or "target" not in told:
        return weekdays_later(desk.clock.now(), days)
    return parse_instant(told["target"])


async def _asked(answer: Awaitable[Json | None]) -> Json | None:
    try:
        return await answer
    except LinkError as error:
        raise HTTPException(error.status, error.detail) from error
