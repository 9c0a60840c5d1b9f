"""The HTTP face: Telegram's updates, SMS receipts, the portal's events, health, metrics."""

import asyncio
import hmac
import math
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import structlog
import uvicorn
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import Update
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import ValidationError

from bot.alone import Taken
from bot.assembly import House
from bot.beating import start_beating
from bot.bodies import ENDS, Unreadable, read_body, refused, unreadable
from bot.listening import start_listening
from bot.logs import configure
from bot.metrics import exposition
from bot.middlewares.slowing import PutOff
from bot.portal.document import document
from bot.portal.door import router as portal
from bot.running import GRACE, running
from bot.settings import Settings
from bot.slow_clients import LIMITS
from core.clock import SystemClock
from core.db.engine import DatabaseDown
from core.sms.receipts import Forged, NotAReceipt
from core.sms.receipts import read as read_receipt
from core.watch.values import Pulse

log = structlog.get_logger("webhook")
router = APIRouter()
router.include_router(portal)


LATER = {"description": "The database is down, or this process ends: send it again."}
TOO_SLOW = {"description": "The body has not come within ten seconds."}
TOO_LARGE = {"description": "The body is larger than a million bytes."}
FROM_TELEGRAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "Taken: also what can never succeed. A tap may be answered in the body."},
    403: {"description": "The secret is wrong."},
    408: TOO_SLOW,
    413: TOO_LARGE,
    429: {"description": "Its person hammers: bring it again after so many seconds."},
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
    408: TOO_SLOW,
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
    503 only when our database is down, or the process ends before it is done, so that Telegram
    brings it again."""
    house: House = request.app.state.house
    moment = house.core.clock.now()  # the moment that counts (D8): before anything is awaited
    given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
    if not _is_one_of(given, house.settings.webhook_secrets):
        return PlainTextResponse("wrong secret", 403)
    try:
        update = Update.model_validate_json(await read_body(request), context={"bot": house.bot})
    except Unreadable as error:
        return unreadable(error)
    except ValidationError:
        log.warning("not an update")
        return Response(status_code=200)
    moment = house.held_up.pop(update.update_id, moment)
    try:
        answer = await house.dispatcher.feed_update(house.bot, update, moment=moment, rides=True)
    except PutOff as later:
        _hold_up(house, update, moment)
        return PlainTextResponse(
            "later", 429, headers={"Retry-After": str(math.ceil(later.seconds))}
        )
    except DatabaseDown:
        log.exception("the database is down", update=update.update_id)
        _hold_up(house, update, moment)
        return PlainTextResponse("the database is down", 503)
    except asyncio.CancelledError:
        log.warning("cut off at the end", update=update.update_id)
        _hold_up(house, update, moment)
        return PlainTextResponse(ENDS, 503)
    except Exception:
        log.exception("update failed", update=update.update_id)
    else:
        if isinstance(answer, AnswerCallbackQuery):
            return _call(answer)
    return Response(status_code=200)


def _call(method: AnswerCallbackQuery) -> Response:
    """The response in which Telegram is asked to do it."""
    return JSONResponse({"method": method.__api_method__, **method.model_dump(exclude_none=True)})


def _hold_up(house: House, update: Update, moment: datetime) -> None:
    """When it is brought again, to whichever process, it counts from now (D8)."""
    house.held_up[update.update_id] = moment
    if house.lines is not None:
        house.lines.arrived(update.update_id, moment)


@router.get("/sms/{gateway}/receipt/{secret}", **RECEIPT)
@router.post("/sms/{gateway}/receipt/{secret}", **RECEIPT)
async def receipt(gateway: str, secret: str, request: Request) -> Response:
    """A gateway's receipt: checked, kept, answered at once. What can never become a receipt is
    answered 200, or it would come again and again."""
    house: House = request.app.state.house
    moment = house.core.clock.now()
    expected = house.settings.receipt_secrets(gateway)
    if not _is_one_of(secret, expected):
        return refused(404, "not found")
    try:
        body = await read_body(request)
        await house.core.receipts.take(
            read_receipt(gateway, request.url.query, body, expected), moment
        )
    except Unreadable as error:
        return unreadable(error)
    except Forged:
        log.warning("receipt not signed with our secret", gateway=gateway)
        return refused(403, "the signature is wrong")
    except NotAReceipt:
        log.warning("not a receipt", gateway=gateway)
    except DatabaseDown:
        log.exception("the database is down")
        return refused(503, "the database is down; send it again")
    except asyncio.CancelledError:
        log.warning("cut off at the end")
        return refused(503, ENDS)
    return Response(status_code=200)


def _is_one_of(given: str, secrets: Sequence[str]) -> bool:
    return any(hmac.compare_digest(given.encode(), secret.encode()) for secret in secrets)


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
    try:
        async with running(settings, SystemClock(), works=app.state.works) as house:
            app.state.house = house
            await start_listening(house.bot, house.dispatcher, settings, house.nursery)
            await start_beating(house)
            yield
    except Taken as taken:
        app.state.refused = str(taken)
        log.critical("another process has the SQLite file")
        raise


app = FastAPI(title="Orynbot", lifespan=lifespan, docs_url=None, redoc_url=None)
app.state.works = True
app.include_router(router)
document(app)


class LeavingServer(uvicorn.Server):
    """Once asked to end, it begins nothing new while it still answers what has come."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await app.state.house.stop()
        await super().shutdown(sockets)


def main(*, works: bool = True) -> None:
    """`oryn run`, and `oryn serve`, whose `works` is False: others work. SystemExit with what
    keeps it from starting. Addresses are not logged: they can hold secrets."""
    settings = Settings()
    settings.check_for_telegram()
    app.state.works = works
    config = uvicorn.Config(
        app,
        host=settings.http_host,
        port=settings.http_port,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=int(GRACE),
        **LIMITS,
    )
    server = LeavingServer(config)
    try:
        server.run()
    except KeyboardInterrupt:
        return
    if not server.started:
        raise SystemExit(getattr(app.state, "refused", 3))
