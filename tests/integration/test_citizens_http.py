"""The citizens' base over HTTP, asked for real on the loopback (R3)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from core.citizens import http
from core.citizens.http import HttpCitizens
from core.citizens.port import Citizen, CitizensBase, CitizensBaseUnavailable
from core.identity.rules import Iin, Phone
from tests.integration.answering import Answering, says, serving

IIN = Iin("870515300129")
PHONE = Phone("+77758759999")
NAME = "Әлиева Айгүл Серікқызы"
KNOWN = {"registered": True, "full_name": NAME, "birth_date": "1987-05-15", "phone": PHONE.value}

Asking = Callable[[Answering], Awaitable[CitizensBase]]


@pytest.fixture
async def asking() -> AsyncIterator[Asking]:
    """Makes a base whose server answers as it is told."""
    async with aiohttp.ClientSession() as session, serving() as serve:

        async def ask(answer: Answering) -> CitizensBase:
            base = await serve("/mab/lookup", answer)
            return HttpCitizens(f"{base}mab/", "the secret", session)

        yield ask


async def test_a_registered_pair_is_found(asking: Asking) -> None:
    base = await asking(says(KNOWN))
    assert await base.find(IIN, PHONE) == Citizen(IIN, PHONE, NAME, date(1987, 5, 15))


async def test_an_unregistered_pair_is_nobody(asking: Asking) -> None:
    base = await asking(says({"registered": False}))
    assert await base.find(IIN, PHONE) is None


async def test_both_are_asked_in_the_body_under_the_secret(asking: Asking) -> None:
    seen: dict[str, Any] = {}

    async def answer(request: web.Request) -> web.Response:
        seen.update(
            body=await request.json(),
            secret=request.headers["Authorization"],
            address=str(request.rel_url),
        )
        return web.json_response(KNOWN)

    await (await asking(answer)).find(IIN, PHONE)
    assert seen == {
        "body": {"iin": IIN.value, "phone": PHONE.value},
        "secret": "Bearer the secret",
        "address": "/mab/lookup",
    }


async def test_a_base_that_tells_another_phone_has_not_matched(asking: Asking) -> None:
    base = await asking(says(KNOWN | {"phone": "+77716250916"}))
    assert await base.find(IIN, PHONE) is None


@pytest.mark.parametrize(
    "answer",
    [
        says(KNOWN, status=500),
        says(KNOWN, status=404),
        says({"registered": False}, status=401),
        says({}),
        says([]),
        says("registered"),
        says({"registered": "maybe"}),
        says({"registered": True}),
        says(KNOWN | {"full_name": ""}),
        says(KNOWN | {"birth_date": "15.05.1987"}),
        says(KNOWN | {"phone": "0"}),
    ],
)
async def test_any_other_answer_is_no_answer_and_says_nothing_personal(
    asking: Asking, answer: Answering
) -> None:
    base = await asking(answer)
    with pytest.raises(CitizensBaseUnavailable) as refused:
        await base.find(IIN, PHONE)
    shown = f"{refused.value!r}{refused.value.__cause__!r}"
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    for personal in (IIN.value, PHONE.value, NAME, "1987"):
        assert personal not in shown


async def test_text_that_is_not_json_is_no_answer(asking: Asking) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text="<html>", content_type="text/html")

    with pytest.raises(CitizensBaseUnavailable):
        await (await asking(answer)).find(IIN, PHONE)


async def test_a_redirect_is_not_followed_with_the_secret(asking: Asking) -> None:
    async def answer(_request: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect("/elsewhere")

    with pytest.raises(CitizensBaseUnavailable, match="307"):
        await (await asking(answer)).find(IIN, PHONE)


async def test_a_base_that_is_silent_is_given_up(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert http.TIMEOUT.total == 5
    monkeypatch.setattr(http, "TIMEOUT", aiohttp.ClientTimeout(total=0.1))
    done = asyncio.Event()

    async def answer(_request: web.Request) -> web.Response:
        await done.wait()
        return web.json_response(KNOWN)

    base = await asking(answer)
    with pytest.raises(CitizensBaseUnavailable):
        await base.find(IIN, PHONE)
    done.set()


async def test_a_base_that_is_not_there_is_unavailable(unused_tcp_port: int) -> None:
    async with aiohttp.ClientSession() as session:
        base = HttpCitizens(f"http://127.0.0.1:{unused_tcp_port}", "the secret", session)
        with pytest.raises(CitizensBaseUnavailable):
            await base.find(IIN, PHONE)
