"""The HTTP face: Telegram's updates, SMS receipts, the portal's events, health, metrics."""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any

import structlog
from aiogram.types import Update
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from bot.assembly import House
from bot.listening import start_listening
from bot.logs import configure
from bot.metrics import exposition
from bot.running import running
from bot.settings import Settings
from core.applications.rules import Refused
from core.applications.values import UnknownApplication
from core.clock import SystemClock
from core.db.engine import DatabaseDown
from core.sms.receipts import Forged, NotAReceipt
from core.sms.receipts import read as read_receipt
from core.watch.values import Pulse

log = structlog.get_logger("webhook")
router = APIRouter()

BODY_LIMIT = 1_000_000
"""Bytes; Telegram's updates and the portal's events are far smaller."""
SIGNED_WITHIN = 300
"""Seconds that a signed event may be old, or early."""
STORABLE = r"^[^\x00]*$"
"""PostgreSQL keeps no NUL in a text."""


class TooLarge(Exception):
    """A body over BODY_LIMIT."""


class VoucherData(BaseModel):
    """Whose turn has come."""

    registration_number: str = Field(min_length=1, max_length=40, pattern=STORABLE)


class PortalEvent(BaseModel):
    """The envelope of an event of the portal."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(min_length=1, max_length=64, pattern=STORABLE)
    type: str = Field(max_length=40)
    at: AwareDatetime
    data: dict[str, Any]


async def read_body(request: Request) -> bytes:
    """The body, never more of it than BODY_LIMIT. Raises TooLarge."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            raise TooLarge
    return body


@router.post("/telegram/webhook")
async def telegram(request: Request) -> Response:
    """An update. What can never succeed is answered 200, or it would block its queue for ever;
    503 only when our database is down, so that Telegram brings it again."""
    house: House = request.app.state.house
    moment = house.core.clock.now()  # the moment that counts (D8): before anything is awaited
    given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
    secret = house.settings.webhook_secret.get_secret_value()
    if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
        return PlainTextResponse("wrong secret", 403)
    try:
        update = Update.model_validate_json(await read_body(request), context={"bot": house.bot})
    except TooLarge:
        return PlainTextResponse("too large", 413)
    except ValidationError:
        log.warning("not an update")
        return Response(status_code=200)
    moment = house.held_up.pop(update.update_id, moment)
    try:
        await house.dispatcher.feed_update(house.bot, update, moment=moment)
    except DatabaseDown:
        log.exception("the database is down", update=update.update_id)
        house.held_up[update.update_id] = moment
        return PlainTextResponse("the database is down", 503)
    except Exception:
        log.exception("update failed", update=update.update_id)
    return Response(status_code=200)


@router.post("/portal/events")
async def portal_event(request: Request) -> Response:
    """A signed event of the portal. The same id again answers 200 and changes nothing."""
    house: House = request.app.state.house
    moment = house.core.clock.now()
    try:
        body = await read_body(request)
    except TooLarge:
        return _refused(413, "the body is too large")
    problem = _signature_problem(request, body, house, moment)
    if problem:
        return _refused(401, problem)
    try:
        event = PortalEvent.model_validate_json(body)
        if event.type != "voucher.issue":
            return _refused(422, "the type is not known; known: voucher.issue")
        number = VoucherData.model_validate(event.data).registration_number
    except ValidationError as error:
        fields = sorted({".".join(map(str, e["loc"])) or "body" for e in error.errors()})
        return _refused(422, "missing or wrong: " + ", ".join(fields))
    try:
        answer = await house.core.applications.issue_voucher(
            number, actor="portal", moment=moment, event_id=event.id
        )
    except UnknownApplication:
        return _refused(404, "no application has this registration number")
    except Refused as refused:
        return _refused(409, f"refused: {refused.refusal.value}")
    except DatabaseDown:
        log.exception("the database is down")
        return _refused(503, "the database is down; send it again")
    return JSONResponse(answer)


@router.get("/sms/{gateway}/receipt/{secret}")
@router.post("/sms/{gateway}/receipt/{secret}")
async def receipt(gateway: str, secret: str, request: Request) -> Response:
    """A gateway's receipt: checked, kept, answered at once. What can never become a receipt is
    answered 200, or it would come again and again."""
    house: House = request.app.state.house
    moment = house.core.clock.now()
    expected = house.settings.receipt_secret(gateway)
    if not expected or not hmac.compare_digest(secret.encode(), expected.encode()):
        return _refused(404, "not found")
    try:
        body = await read_body(request)
        await house.core.receipts.take(
            read_receipt(gateway, request.url.query, body, expected), moment
        )
    except TooLarge:
        return _refused(413, "the body is too large")
    except Forged:
        log.warning("receipt not signed with our secret", gateway=gateway)
        return _refused(403, "the signature is wrong")
    except NotAReceipt:
        log.warning("not a receipt", gateway=gateway)
    except DatabaseDown:
        log.exception("the database is down")
        return _refused(503, "the database is down; send it again")
    return Response(status_code=200)


@router.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/health/ready")
async def ready(request: Request) -> Response:
    """The database answers, and which watchdog is ill, since when and for what ids.

    503 only when the database is down. It takes the webhook away, and a press counts from when it
    arrives (D8): while the database answers, a parent whose reminders are late must not lose the
    press as well.
    """
    house: House = request.app.state.house
    try:
        pulses = await house.watch.pulses(house.core.clock.now())
    except DatabaseDown:
        return JSONResponse({"status": "ill", "database": "down"}, 503)
    told = {pulse.name: _told(pulse) for pulse in pulses}
    status = "ok" if all(pulse.ok for pulse in pulses) else "ill"
    return JSONResponse({"status": status, "database": "up", "watchdogs": told})


def _told(pulse: Pulse) -> dict[str, Any]:
    told: dict[str, Any] = {
        "ok": pulse.ok,
        "at": pulse.at and pulse.at.isoformat(),
        "ids": pulse.ids,
    }
    if not pulse.ok:
        told["since"] = pulse.ill_since and pulse.ill_since.isoformat()
        told["late"] = pulse.late
    return told


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """Prometheus' text format: counts and durations, no personal data."""
    house: House = request.app.state.house
    told = await exposition(house.core.db, house.watch, house.core.clock)
    return Response(told, media_type=CONTENT_TYPE_LATEST)


def _signature_problem(request: Request, body: bytes, house: House, moment: datetime) -> str | None:
    """Why an event's signature is not accepted; None when it is."""
    secret = house.settings.portal_secret.get_secret_value()
    timestamp = request.headers.get("X-Timestamp", "")
    if not secret:
        return "no events are accepted: PORTAL_SECRET is not set"
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return "X-Timestamp must be Unix seconds"
    expected = hmac.new(secret.encode(), timestamp.encode() + b"." + body, sha256).hexdigest()
    given = request.headers.get("X-Signature", "")
    if not hmac.compare_digest(given.encode(), expected.encode()):
        return "X-Signature is not the HMAC-SHA256 of timestamp.body"
    if abs(moment.timestamp() - int(timestamp)) > SIGNED_WITHIN:
        return "X-Timestamp is more than five minutes away from our time"
    return None


def _refused(status: int, detail: str) -> Response:
    return JSONResponse({"detail": detail}, status)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """The server's life: settings from the environment; updates by webhook, or by polling."""
    settings = Settings()
    settings.check_for_telegram()
    configure(settings.log_level)
    async with running(settings, SystemClock()) as house:
        app.state.house = house
        await start_listening(house.bot, house.dispatcher, settings, house.nursery)
        yield


app = FastAPI(title="Orynbot", lifespan=lifespan, docs_url=None, redoc_url=None)
app.include_router(router)


def main() -> None:
    """`oryn run` and `oryn serve`. Addresses are not logged: they can hold secrets."""
    import uvicorn

    settings = Settings()
    settings.check_for_telegram()
    uvicorn.run(
        app, host=settings.http_host, port=settings.http_port, access_log=False, log_config=None
    )
