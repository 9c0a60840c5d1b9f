"""SMSC.kz's wire format and its traps, against a real server on the loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port

from core.identity.rules import Phone
from core.sms import wire
from core.sms.port import Accepted, Rejected, Sms, Taken, Unknown
from core.sms.rules import Report, State
from core.sms.smsc import SmscGateway
from tests.integration.answering import Answering, says, serving

SMS = Sms(7, Phone("+77758759999"), "Кіру коды: 048151. Ешкімге айтпаңыз ҚҒҮҰӘІҢӨҺ")

Making = Callable[[Answering], Awaitable[SmscGateway]]


@pytest.fixture
async def making() -> AsyncIterator[Making]:
    """Makes a gateway whose server answers as it is told."""
    async with aiohttp.ClientSession() as session, serving() as serve:

        async def make(answer: Answering) -> SmscGateway:
            base = await serve("/sys/{method}", answer)
            return SmscGateway("oryn", "pa&ss=ы", "Orynbot", session, base)

        yield make


async def test_kazakh_letters_arrive_whole_under_our_own_id(making: Making) -> None:
    seen: dict[str, Any] = {}

    async def answer(request: web.Request) -> web.Response:
        seen.update(method=request.method, address=request.rel_url, form=await request.post())
        return web.json_response({"id": 7, "cnt": 1, "cost": "25.50", "balance": "1000"})

    gateway = await making(answer)
    assert await gateway.send(SMS) == Accepted("7", 1, Decimal("25.50"))
    assert seen["method"] == "POST"
    assert str(seen["address"]) == "/sys/send.php"  # nothing personal, no password, in a URL
    assert seen["form"] == {
        "login": "oryn",
        "psw": "pa&ss=ы",
        "phones": "77758759999",
        "mes": SMS.text,
        "charset": "utf-8",
        "fmt": "3",
        "id": "7",
        "sender": "Orynbot",
        "translit": "0",
        "cost": "3",
    }


async def test_a_code_is_not_tried_for_longer_than_it_lives(making: Making) -> None:
    seen: dict[str, Any] = {}

    async def answer(request: web.Request) -> web.Response:
        seen.update(await request.post())
        return web.json_response({"id": 7, "cnt": 1})

    await (await making(answer)).send(replace(SMS, urgent=True))
    assert seen["valid"] == "00:05"


async def test_numbers_in_quotes_and_a_missing_price_are_understood(making: Making) -> None:
    gateway = await making(says({"id": "7", "cnt": "2"}))
    assert await gateway.send(SMS) == Accepted("7", 2, None)


async def test_json_that_calls_itself_html_is_understood(making: Making) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text='{"id":7,"cnt":1}', content_type="text/html")

    assert await (await making(answer)).send(SMS) == Accepted("7", 1, None)


@pytest.mark.parametrize("code", range(1, 10))
async def test_an_error_code_in_a_200_means_not_taken(making: Making, code: int) -> None:
    gateway = await making(says({"error": "no", "error_code": code, "id": 7}))
    assert await gateway.send(SMS) == Rejected(str(code))


async def test_a_refused_connection_means_not_taken() -> None:
    async with aiohttp.ClientSession() as session:
        gateway = SmscGateway("a", "b", "c", session, f"http://127.0.0.1:{unused_port()}")
        assert await gateway.send(SMS) == Rejected("unreachable")
        assert await gateway.status(SMS) == Unknown()


async def test_no_answer_in_time_means_that_it_may_have_been_taken(
    making: Making, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "TIMEOUT", aiohttp.ClientTimeout(total=0.05))

    async def answer(_request: web.Request) -> web.Response:
        await asyncio.sleep(0.2)
        return web.json_response({"id": 7, "cnt": 1})

    assert await (await making(answer)).send(SMS) == Unknown()


async def test_a_connection_cut_off_means_that_it_may_have_been_taken(making: Making) -> None:
    async def answer(request: web.Request) -> web.Response:
        await request.post()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    assert await (await making(answer)).send(SMS) == Unknown()


@pytest.mark.parametrize("status", [201, 400, 500, 502])
async def test_a_status_that_is_not_200_says_nothing(making: Making, status: int) -> None:
    gateway = await making(says({"id": 7, "cnt": 1}, status))
    assert await gateway.send(SMS) == Unknown()


@pytest.mark.parametrize("body", ["<html>busy</html>", "", "[]", "{}", '{"id":7}', "null"])
async def test_an_answer_of_another_form_says_nothing(making: Making, body: str) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=body)

    gateway = await making(answer)
    assert await gateway.send(SMS) == Unknown()
    assert await gateway.status(SMS) == Unknown()


async def test_the_password_follows_no_redirect(making: Making) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        raise web.HTTPTemporaryRedirect("/sys/elsewhere")

    assert await (await making(answer)).send(SMS) == Unknown()
    assert asked == ["/sys/send.php"]


async def test_no_connection_is_used_twice(making: Making) -> None:
    """One that the far side closes while it idles would leave an answer unknown."""
    peers: set[Any] = set()

    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        peers.add(request.transport.get_extra_info("peername"))
        return web.json_response({"id": 7, "cnt": 1})

    gateway = await making(answer)
    await gateway.send(SMS)
    await gateway.send(SMS)
    assert len(peers) == 2


async def test_the_status_is_asked_by_phone_and_our_own_id(making: Making) -> None:
    seen: dict[str, Any] = {}

    async def answer(request: web.Request) -> web.Response:
        seen.update(address=request.rel_url, form=await request.post())
        return web.json_response({"status": 1, "last_date": "07.04.2026 11:30:00", "cost": "25"})

    gateway = await making(answer)
    assert await gateway.status(SMS) == Accepted("7", 1, Decimal(25))
    assert str(seen["address"]) == "/sys/status.php"
    assert seen["form"] == {
        "login": "oryn",
        "psw": "pa&ss=ы",
        "charset": "utf-8",
        "fmt": "3",
        "phone": "77758759999",
        "id": "7",
        "all": "2",
    }


@pytest.mark.parametrize("status", [-1, 0, 1, 2])
async def test_what_is_under_way_has_been_taken(making: Making, status: int) -> None:
    gateway = await making(says({"status": status}))
    assert isinstance(await gateway.status(SMS), Accepted)


@pytest.mark.parametrize("status", [-3, -2, 3, 20, 22, 23, 24, 25])
async def test_what_is_not_found_or_has_failed_may_go_another_way(
    making: Making, status: int
) -> None:
    gateway = await making(says({"status": status}))
    assert await gateway.status(SMS) == Rejected(str(status))


@pytest.mark.parametrize("body", [{"status": 77}, {"error": "busy", "error_code": 9}])
async def test_an_error_when_asking_says_nothing_about_the_message(
    making: Making, body: dict[str, Any]
) -> None:
    assert await (await making(says(body))).status(SMS) == Unknown()


@pytest.mark.parametrize(
    ("status", "state"),
    [(-1, State.ACCEPTED), (0, State.ACCEPTED), (1, State.DELIVERED), (2, State.DELIVERED)]
    + [(status, State.FAILED) for status in (-3, -2, 3, 20, 22, 23, 24, 25)],
)
async def test_it_tells_what_became_of_a_message(making: Making, status: int, state: State) -> None:
    gateway = await making(says({"status": status}))
    assert await gateway.reports([Taken(7, "7", SMS.phone)]) == {7: Report(state, str(status))}


@pytest.mark.parametrize("body", [{"status": 77}, {"error": "busy", "error_code": 9}, [], "{"])
async def test_where_nothing_is_known_nothing_is_told(making: Making, body: Any) -> None:
    assert await (await making(says(body))).reports([Taken(7, "7", SMS.phone)]) == {}


async def test_no_text_shows_when_a_message_is_printed() -> None:
    assert "048151" not in repr(SMS)
    assert SMS.phone.value not in repr(SMS)
