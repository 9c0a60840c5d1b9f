"""The control interface: SMS, what happens to them at phones, and receipts by hand."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from sandbox.acts import settle
from sandbox.clock import iso
from sandbox.desk import Desk
from sandbox.people import normal_phone
from sandbox.receipts import Receipt
from sandbox.sms import FINAL, MOBIZON_STATUS, SMSC_STATUS, number_of
from sandbox.state import Json, Sms


class PhoneOrder(BaseModel):
    """How SMS to this phone end; with the last three they stay under way, and no receipt comes."""

    model_config = ConfigDict(extra="forbid")

    phone: str
    receipts: Literal[
        "delivered", "undelivered", "expired", "rejected", "deleted", "none", "queued", "partly"
    ]


class Moderation(BaseModel):
    model_config = ConfigDict(extra="forbid")

    on: bool


class ReceiptOrder(BaseModel):
    """A receipt for the SMS `sms`, or for one that the desk does not know: `number` at `gateway`.

    `status` is one of the desk's words, or the gateway's own number or word.
    """

    model_config = ConfigDict(extra="forbid")

    sms: int | None = None
    gateway: Literal["smsc", "mobizon"] = "smsc"
    number: str = Field(default="", pattern=r"^[0-9]*$")
    phone: str = "+77010000000"
    status: int | str = "delivered"
    times: int = Field(default=1, ge=1, le=1000)
    by: Literal["POST", "GET"] = "POST"


def sms_view(sms: Sms) -> Json:
    """`id` is the desk's number for it, `number` the one that the gateway speaks of."""
    return {
        "id": sms.id,
        "phone": sms.phone,
        "text": sms.text,
        "at": iso(sms.at),
        "segments": sms.segments,
        "gateway": sms.gateway,
        "number": number_of(sms),
        "status": sms.status,
    }


def read_receipt(desk: Desk, order: ReceiptOrder) -> Receipt:
    """What an order asks for. Raises HTTPException 400 or 404."""
    if (order.sms is None) == (not order.number):
        raise HTTPException(400, "say sms, or gateway and number")
    gateway, number, phone, segments = order.gateway, order.number, _phone(order.phone), 1
    if order.sms is not None:
        sms = desk.carrier.find(order.sms)
        if sms is None:
            raise HTTPException(404, f"there is no SMS {order.sms} at the desk")
        gateway, number = sms.gateway, number_of(sms)  # type: ignore[assignment]
        phone, segments = sms.phone, sms.segments
    if gateway == "mobizon" and order.by == "GET":
        raise HTTPException(400, "Mobizon's receipts come by POST only")
    words = MOBIZON_STATUS if gateway == "mobizon" else SMSC_STATUS
    status: int | str = words.get(str(order.status), order.status)
    if isinstance(status, str) is not (gateway == "mobizon"):
        raise HTTPException(400, f"{gateway} has no such status")
    return Receipt(gateway, number, phone, status, segments)


def _phone(raw: str) -> str:
    try:
        return normal_phone(raw)
    except ValueError as error:
        raise HTTPException(400, str(error)) from error


def routes(desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/sim")

    @router.get("/sms")
    async def sms(phone: str | None = None, since: int = 0) -> list[Json]:
        """Those to a phone, or to all; `since`: only those with a greater id."""
        found = desk.carrier.to(_phone(phone)) if phone else desk.state.sms[max(0, since) :]
        return [sms_view(sms) for sms in found if sms.id > since]

    @router.get("/phones")
    async def phones() -> dict[str, str]:
        """The phones at which SMS do not simply arrive."""
        return desk.state.phones

    @router.post("/phones")
    async def switch(order: PhoneOrder) -> Json:
        """Answers with the ids of the SMS that were under way and ended now."""
        phone = _phone(order.phone)
        touched = desk.carrier.switch(phone, order.receipts)
        ended = [sms.id for sms in touched if sms.status in FINAL]
        if ended:
            await settle(desk)
        return {"phone": phone, "receipts": order.receipts, "ended": ended}

    @router.post("/moderation")
    async def moderate(order: Moderation) -> Json:
        """Mobizon holds SMS back until a moderator has seen them; off: lets them go."""
        released = desk.carrier.moderate(order.on)
        if released:
            await settle(desk)
        return {"on": order.on, "released": [sms.id for sms in released]}

    @router.post("/receipts")
    async def receipts(order: ReceiptOrder) -> Json:
        """The HTTP statuses with which the bot answered; the SMS itself stays what it is."""
        answers = await desk.receipts.repeat(read_receipt(desk, order), order.times, order.by)
        await settle(desk)
        return {"answers": answers}

    return router
