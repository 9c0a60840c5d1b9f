"""Mobizon's wire format and its traps, against a real server on the loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port

from core.identity.rules import Phone
from core.sms import wire
from core.sms.mobizon import MobizonGateway
from core.sms.port import Accepted, Rejected, Sms, Taken, Unknown
from core.sms.rules import Report, State
from tests.integration.answering import Answering, says, serving

SMS = Sms(7, Phone("+77758759999"), "Жолдама берілді: 09.04.2026 дейін растаңыз ҚҒҮҰӘІҢӨҺ")
CODE = replace(SMS, urgent=True)
KEY = "kz&1a=ы"
TWO = [Taken(7, "169275418", SMS.phone), Taken(8, "169275419", SMS.phone)]

Making = Callable[[Answering], Awaitable[MobizonGateway]]


@pytest.fixture
async def making() -> AsyncIterator[Making]:
    """Makes a gateway whose server answers as it is told."""
    async with aiohttp.ClientSession() as session, serving() as serve:

        async def make(answer: Answering) -> MobizonGateway:
            base = await serve("/service/{module}/{method}", answer)
            return MobizonGateway(KEY, "Orynbot", session, base)

        yield make


def taken(status: int = 2) -> Answering:
    data = {"campaignId": 245455096, "messageId": "169275418", "status": status}
    return says({"code": 0, "data": data, "message": ""})


async def asked(making: Making, sms: Sms) -> tuple[web.Request, dict[str, Any]]:
    """What reaches the server when a message is sent."""
    seen: list[tuple[web.Request, dict[str, Any]]] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        seen.append((request, dict(await request.post())))
        return await taken()(request)

    assert await (await making(answer)).send(sms) == Accepted("169275418", 1, None)
    return seen[0]


async def test_a_message_goes_out_as_the_documents_say(making: Making) -> None:
    request, form = await asked(making, SMS)
    assert (request.method, request.path) == ("POST", "/service/message/sendsmsmessage")
    assert dict(request.query) == {"output": "json", "api": "v1", "apiKey": KEY}
    assert form == {
        "recipient": "77758759999",
        "text": SMS.text,
        "from": "Orynbot",
        "params[validity]": "1440",
    }


async def test_neither_phone_nor_text_stands_in_the_address(making: Making) -> None:
    request, _ = await asked(making, SMS)
    assert "7758759999" not in str(request.url)
    assert "Жолдама" not in str(request.url)


async def test_a_code_is_tried_for_as_short_as_it_can_be(making: Making) -> None:
    _, form = await asked(making, CODE)
    assert form["params[validity]"] == "60"


async def test_without_a_sender_of_ones_own_none_is_named(making: Making) -> None:
    gateway = await making(taken())
    gateway._sender = ""
    assert isinstance(await gateway.send(SMS), Accepted)


async def test_a_code_does_not_wait_for_a_moderator(making: Making) -> None:
    gateway = await making(taken(status=1))
    assert await gateway.send(CODE) == Rejected("moderation")
    assert isinstance(await gateway.send(SMS), Accepted)  # a notice has the time


@pytest.mark.parametrize("code", [1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 30, 99, 999])
async def test_an_error_code_in_a_200_means_not_taken(making: Making, code: int) -> None:
    gateway = await making(says({"code": code, "data": {"recipient": "no"}, "message": "no"}))
    assert await gateway.send(SMS) == Rejected(str(code))


@pytest.mark.parametrize("code", [98, 100])
async def test_what_goes_on_in_the_background_may_have_been_taken(
    making: Making, code: int
) -> None:
    assert await (await making(says({"code": code, "data": 5, "message": ""}))).send(SMS) == (
        Unknown()
    )


async def test_a_refused_connection_means_not_taken() -> None:
    async with aiohttp.ClientSession() as session:
        gateway = MobizonGateway("k", "", session, f"http://127.0.0.1:{unused_port()}")
        assert await gateway.send(SMS) == Rejected("unreachable")
        assert await gateway.reports(TWO) == {}


async def test_no_answer_in_time_means_that_it_may_have_been_taken(
    making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "TIMEOUT", aiohttp.ClientTimeout(total=0.05))

    async def answer(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.2)
        return await taken()(request)

    gateway = await making(answer)
    assert await gateway.send(SMS) == Unknown()
    assert await gateway.status(SMS) == Unknown()  # it knows no ids of ours


@pytest.mark.parametrize("status", [201, 400, 500, 502])
async def test_a_status_that_is_not_200_says_nothing(making: Making, status: int) -> None:
    gateway = await making(says({"code": 0, "data": {"messageId": 1, "status": 2}}, status))
    assert await gateway.send(SMS) == Unknown()


@pytest.mark.parametrize(
    "body",
    ["<html>busy</html>", "", "[]", "{}", '{"code":0}', '{"code":0,"data":[]}', "null"],
)
async def test_an_answer_of_another_form_says_nothing(making: Making, body: str) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=body)

    gateway = await making(answer)
    assert await gateway.send(SMS) == Unknown()
    assert await gateway.reports(TWO) == {}


async def test_the_key_follows_no_redirect(making: Making) -> None:
    paths: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        paths.append(request.path)
        raise web.HTTPTemporaryRedirect("/service/message/elsewhere")

    assert await (await making(answer)).send(SMS) == Unknown()
    assert paths == ["/service/message/sendsmsmessage"]


async def test_many_messages_are_asked_after_at_once(making: Making) -> None:
    seen: dict[str, Any] = {}

    async def answer(request: web.Request) -> web.Response:
        seen.update(path=request.path, form=dict(await request.post()))
        return web.json_response(
            {
                "code": 0,
                "message": "",
                "data": [
                    {
                        "id": 169275418,
                        "status": "DELIVRD",
                        "segNum": 1,
                        "startSendTs": "2026-04-07 11:30:00",
                        "statusUpdateTs": "2026-04-07 11:30:08",
                    }
                ],
            }
        )

    gateway = await making(answer)
    assert await gateway.reports(TWO) == {7: Report(State.DELIVERED, "DELIVRD")}
    assert seen["path"] == "/service/message/getsmsstatus"
    assert seen["form"] == {"ids": "169275418,169275419"}


@pytest.mark.parametrize(
    ("word", "state"),
    [(word, State.ACCEPTED) for word in ("NEW", "ENQUEUD", "ACCEPTD", "PDLIVRD")]
    + [(word, State.FAILED) for word in ("UNDELIV", "REJECTD", "EXPIRED", "DELETED")]
    + [("DELIVRD", State.DELIVERED)],
)
async def test_it_tells_what_became_of_a_message(making: Making, word: str, state: State) -> None:
    gateway = await making(says({"code": 0, "data": [{"id": "169275418", "status": word}]}))
    assert await gateway.reports(TWO) == {7: Report(state, word)}


@pytest.mark.parametrize(
    "body",
    [
        {"code": 0, "data": [{"id": 1, "status": "DELIVRD"}]},
        {"code": 0, "data": [{"id": 169275418, "status": "WHATEVR"}]},
        {"code": 30, "data": [], "message": "too often"},
    ],
)
async def test_where_nothing_is_known_nothing_is_told(making: Making, body: Any) -> None:
    assert await (await making(says(body))).reports(TWO) == {}
