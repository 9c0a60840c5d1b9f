"""How the portal is told over HTTP: what it answers is not trusted either."""

from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import select

from bot.outgoing import portal
from bot.outgoing.health import FAILURES
from bot.outgoing.portal import PortalPost
from core.applications.rules import Event
from core.db.engine import DatabaseDown
from core.portal.outbox import Change, PortalOutbox
from core.portal.tables import PortalOutboxRecord
from tests.integration.answering import Answering, serving
from tests.integration.way import Way

HOUR = timedelta(hours=1)
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


async def test_a_probe_that_the_database_cuts_off_is_made_again(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The portal does not answer; as it is probed, the database is down, too."""
    way.desk.db.portal_told = True
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    answers = iter([503] * FAILURES)

    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=next(answers, 200))

    async def down(*_: object) -> list[Change]:
        raise DatabaseDown

    async with aiohttp.ClientSession() as session, serving() as serve:
        url = (await serve("/hook", answer)).rstrip("/") + "/hook"
        outbox = PortalOutbox(way.desk.db)
        post = PortalPost(outbox, session, way.desk.clock, url=url, secret="s")
        for _ in range(FAILURES):
            await post.tell_due()
            way.desk.clock.move(way.now + HOUR)
        with monkeypatch.context() as patch:
            patch.setattr(outbox, "claim", down)
            with pytest.raises(DatabaseDown):
                await post.tell_due()
        assert await post.tell_due() == 1


async def test_what_comes_after_a_change_that_is_refused_waits_with_it(way: Way) -> None:
    """And not for itself, minute by minute."""
    way.desk.db.portal_told = True
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    async with way.desk.db.write() as session:
        first = (await session.scalars(select(PortalOutboxRecord))).one()
        first.due_at, first.attempts = way.now + HOUR, 6
        after = {"key": "next", "data": first.data, "created_at": way.now, "due_at": way.now}
        about = {"application_id": first.application_id, "at": way.now, "attempts": 0}
        session.add(PortalOutboxRecord(**after, **about))
    assert await PortalOutbox(way.desk.db).claim(way.now, 20) == []
    async with way.desk.db.read() as session:
        assert set(await session.scalars(select(PortalOutboxRecord.due_at))) == {way.now + HOUR}


async def test_a_redirect_is_not_followed(way: Way) -> None:
    """It would carry what was signed for the portal to somebody else."""
    asked = 0

    async def elsewhere(_request: web.Request) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        raise web.HTTPTemporaryRedirect("/hook")

    await told(way, "/hook", elsewhere)
    assert asked == 1
