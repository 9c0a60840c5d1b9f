"""The portal's door: POST /portal/events."""

import asyncio
from datetime import datetime

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from bot.assembly import House
from bot.bodies import ENDS, Unreadable, read_body, refused, unreadable
from bot.portal import reading
from bot.portal.answers import RESPONSES
from bot.portal.document import SIGNED_EVENT
from core.db.engine import DatabaseDown
from core.portal import signature
from core.portal.events import PortalEvents, told_refusal
from core.portal.values import EventRefused, Item, NotDone, Why
from core.registry.upsert import FileComesIn
from core.trace import follow, of_event

log = structlog.get_logger("webhook")
router = APIRouter()

STATUS = {Why.WRONG: 422, Why.UNKNOWN: 404, Why.REFUSED: 409}


@router.post("/portal/events", response_model=None, responses=RESPONSES, openapi_extra=SIGNED_EVENT)
async def portal_event(request: Request) -> Response:
    """A signed event of the portal, or a batch. The same id again answers 200 and changes
    nothing."""
    house: House = request.app.state.house
    moment = house.core.clock.now()
    try:
        body = await read_body(request)
    except Unreadable as error:
        return unreadable(error)
    problem = _signature_problem(request, body, house, moment)
    if problem:
        return refused(401, problem)
    event = reading.read(body)
    if isinstance(event, NotDone):
        return _told(event)
    try:
        with follow(of_event(event.id)):
            return JSONResponse(await _take(house.core.portal_events, event, moment))
    except EventRefused as error:
        return _told(error.refusal)
    except FileComesIn:
        return refused(503, "a file is being brought in; send it again")
    except DatabaseDown:
        log.exception("the database is down")
        return refused(503, "the database is down; send it again")
    except asyncio.CancelledError:
        log.warning("cut off at the end")
        return refused(503, ENDS)


async def _take(events: PortalEvents, event: reading.Event, moment: datetime) -> dict[str, object]:
    if isinstance(event.of, Item):
        return await events.take(event.id, event.of, moment)
    return await events.take_batch(event.id, event.of, moment)


def _told(refusal: NotDone) -> Response:
    return JSONResponse(told_refusal(refusal), STATUS[refusal.why])


def _signature_problem(request: Request, body: bytes, house: House, moment: datetime) -> str | None:
    """Why an event's signature is not accepted; None when it is."""
    secrets = house.settings.portal_secrets
    if not secrets:
        return "no events are accepted: PORTAL_SECRET is not set"
    headers = request.headers
    return signature.problem(
        secrets, headers.get("X-Timestamp", ""), headers.get("X-Signature", ""), body, moment
    )
