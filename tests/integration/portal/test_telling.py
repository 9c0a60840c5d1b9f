"""How the portal is told over HTTP: what it answers is not trusted either."""

import aiohttp
from aiohttp import web

from bot.outgoing import portal
from bot.outgoing.portal import PortalPost
from core.applications.rules import Event
from core.portal.outbox import PortalOutbox
from tests.integration.answering import Answering, serving
from tests.integration.way import Way

ENDLESS = 50 * 1024 * 1024


async def told(way: Way, path: str, answer: Answering) -> None:
    """A parent has confirmed, and a portal that answers like this is told."""
    way.desk.db.portal_told = True
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    async with aiohttp.ClientSession() as session, serving() as serve:
        url = (await serve(path, answer)).rstrip("/") + path
        outbox = PortalOutbox(way.desk.db)
        await PortalPost(outbox, session, way.desk.clock, url=url, secret="s").tell_due()


async def test_an_answer_without_an_end_is_not_read_to_its_end(way: Way) -> None:
    written = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse()
        await response.prepare(request)
        while written < ENDLESS:
            await response.write(b"x" * portal.READ)
            written += portal.READ
        return response

    await told(way, "/hook", endless)
    assert written < ENDLESS
    assert not await PortalOutbox(way.desk.db).claim(way.now, 20), "it was taken, all the same"


async def test_a_redirect_is_not_followed(way: Way) -> None:
    """It would carry what was signed for the portal to somebody else."""
    asked = 0

    async def elsewhere(_request: web.Request) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        raise web.HTTPTemporaryRedirect("/hook")

    await told(way, "/hook", elsewhere)
    assert asked == 1
