"""The control interface: time, portal, calls, faults, limits, and what changed."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from sandbox.acts import settle
from sandbox.clock import iso
from sandbox.desk import Desk
from sandbox.faults import Fault
from sandbox.pace import CHAT_BURST
from sandbox.portal import Portal
from sandbox.state import Json
from sandbox.travel import deadline_of, destination, tell_time, travel

LONG_POLL = 25.0  # seconds


class FaultOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    target: Literal["telegram", "sms", "smsc", "mobizon", "portal"]
    method: str | None = None
    code: int | None = None
    retry_after: int | None = Field(default=None, ge=0)
    times: int = Field(default=1, ge=1)
    delay: float = Field(default=0, ge=0, le=600)
    description: str | None = None
    share: float = Field(default=1, gt=0, le=1)
    seed: int | None = None
    late: bool = False


class LimitsOrder(BaseModel):
    """Telegram's limits, switched on or off; `punish` in seconds."""

    model_config = ConfigDict(extra="forbid")

    enforce: bool
    punish: float = Field(default=0, ge=0, le=600)
    chat_burst: int = Field(default=CHAT_BURST, ge=1)


def routes(desk: Desk, portal: Portal) -> APIRouter:
    router = APIRouter(prefix="/sim")

    @router.get("/events")
    async def events(since: int = 0) -> Json:
        """Waits until something changed after `since`."""
        changed = await desk.changes.wait(since, LONG_POLL)
        return {"seq": desk.state.seq, "changed": changed}

    @router.get("/clock")
    async def clock(user: int | None = None) -> Json:
        told = await tell_time(desk)
        if user is not None:
            if user not in desk.state.people:
                raise HTTPException(404, f"there is no person {user} at the desk")
            told["next_deadline"] = await deadline_of(desk, desk.state.people[user])
        return told

    @router.post("/clock")
    async def move_clock(wish: dict[str, Any]) -> Json:
        await tell_time(desk)
        await travel(desk, await destination(desk, wish))
        return {"now": iso(desk.clock.now())}

    @router.post("/portal")
    async def play_portal(event: dict[str, Any]) -> Json:
        await tell_time(desk)
        answer = await portal.send(event)
        await settle(desk)
        return answer

    @router.get("/calls")
    async def calls(method: str | None = None, since: int = 0) -> list[Json]:
        return desk.calls.list(method, since)

    @router.get("/faults")
    async def faults() -> list[Json]:
        return desk.faults.list()

    @router.post("/faults")
    async def add_fault(order: FaultOrder) -> list[Json]:
        if order.code is None and not order.delay:
            raise HTTPException(400, "a fault has a code, or a delay, or both")
        desk.faults.add(Fault(**order.model_dump()))
        return desk.faults.list()

    @router.delete("/faults")
    async def clear_faults() -> list[Json]:
        desk.faults.clear()
        return []

    @router.get("/limits")
    async def limits() -> Json:
        return desk.pace.view()

    @router.post("/limits")
    async def set_limits(order: LimitsOrder) -> Json:
        """Counts anew, and begins with full buckets."""
        desk.pace.order(enforced=order.enforce, punish=order.punish, chat_burst=order.chat_burst)
        return desk.pace.view()

    return router
