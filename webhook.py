"""The HTTP face: Telegram's updates, SMS receipts, the portal's events, health, metrics."""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from aiogram.types import Update
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import ValidationError

from bot.assembly import House
from bot.bodies import TooLarge, read_body, refused
from bot.listening import start_listening
from bot.logs import configure
from bot.metrics import exposition
from bot.middlewares.answers import Reply
from bot.portal.document import document
from bot.portal.door import router as portal
from bot.running import running
from bot.settings import Settings
from core.clock import SystemClock
from core.db.engine import DatabaseDown
from core.sms.receipts import Forged, NotAReceipt
from core.sms.receipts import read as read_receipt
from core.watch.values import Pulse

log = structlog.get_logger("webhook")
router = APIRouter()
router.include_router(portal)


LATER = {"description": "The database is down: send it again."}
TOO_LARGE = {"description": "The body is larger than a million bytes."}
FROM_TELEGRAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "Taken: also what can never succeed. A tap may be answered in the body."},
    403: {"description": "The secret is wrong."},
    413: TOO_LARGE,
    503: LATER,
}
AN_UPDATE: dict[str, Any] = {
    "parameters": [
        {
            "name": "X-Telegram-Bot-Api-Secret-Token",
            "in": "header",
            "required": True,
            "schema": {"type": "string"},
        }
    ],
    "requestBody": {
        "required": True,
        "description": "An Update of the Bot API.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    },
}
FROM_GATEWAYS: dict[int | str, dict[str, Any]] = {
    200: {"description": "Taken: also what can never become a receipt."},
    403: {"description": "The receipt is not signed with our secret."},
    404: {"description": "The secret, or the gateway, is wrong."},
    413: TOO_LARGE,
    503: LATER,
}
RECEIPT: dict[str, Any] = {"response_class": Response, "responses": FROM_GATEWAYS}
READY: dict[int | str, dict[str, Any]] = {
    200: {"description": "The database answers; `status` tells whether a watchdog is ill."},
    503: {"description": "The database is down."},
}


@router.post(
    "/telegram/webhook",
    response_class=Response,
    responses=FROM_TELEGRAM,
    openapi_extra=AN_UPDATE,
)
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
    reply = Reply()
    try:
        await house.dispatcher.feed_update(house.bot, update, moment=moment, reply=reply)
    except DatabaseDown:
        log.exception("the database is down", update=update.update_id)
        house.held_up[update.update_id] = moment
        return PlainTextResponse("the database is down", 503)
    except Exception:
        log.exception("update failed", update=update.update_id)
    if reply.callback_id is None:
        return Response(status_code=200)
    return JSONResponse({"method": "answerCallbackQuery", "callback_query_id": reply.callback_id})


@router.get("/sms/{gateway}/receipt/{secret}", **RECEIPT)
@router.post("/sms/{gateway}/receipt/{secret}", **RECEIPT)
async def receipt(gateway: str, secret: str, request: Request) -> Response:
    """A gateway's receipt: checked, kept, answered at once. What can never become a receipt is
    answered 200, or it would come again and again."""
    house: House = request.app.state.house
    moment = house.core.clock.now()
    expected = house.settings.receipt_secret(gateway)
    if not expected or not hmac.compare_digest(secret.encode(), expected.encode()):
        return refused(404, "not found")
    try:
        body = await read_body(request)
        await house.core.receipts.take(
            read_receipt(gateway, request.url.query, body, expected), moment
        )
    except TooLarge:
        return refused(413, "the body is too large")
    except Forged:
        log.warning("receipt not signed with our secret", gateway=gateway)
        return refused(403, "the signature is wrong")
    except NotAReceipt:
        log.warning("not a receipt", gateway=gateway)
    except DatabaseDown:
        log.exception("the database is down")
        return refused(503, "the database is down; send it again")
    return Response(status_code=200)


@router.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/health/ready", responses=READY)
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


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Prometheus' text format: counts and durations, no personal data."""
    house: House = request.app.state.house
    told = await exposition(house.core.db, house.watch, house.core.clock)
    return Response(told, media_type=CONTENT_TYPE_LATEST)


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
document(app)


def main() -> None:
    """`oryn run` and `oryn serve`. Addresses are not logged: they can hold secrets."""
    import uvicorn

    settings = Settings()
    settings.check_for_telegram()
    uvicorn.run(
        app, host=settings.http_host, port=settings.http_port, access_log=False, log_config=None
    )
