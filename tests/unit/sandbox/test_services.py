"""The SMS gateway, the citizens' base, the portal, faults and the record of calls."""

import hashlib
import hmac
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from sandbox.sms import segments
from tests.unit.sandbox.desk_at_work import SETTINGS, TOKEN, DeskAtWork, Json

LOGIN = {"login": "desk", "psw": "desk", "fmt": "3", "charset": "utf-8"}
CODE = "akmola.kz: кіру коды 123456. Ешкімге айтпаңыз."


async def smsc(desk: DeskAtWork, page: str = "send", **form: str) -> Any:
    body = urlencode({**LOGIN, **form})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    url = f"{desk.base}/smsc/sys/{page}.php"
    async with desk.session.post(url, data=body, headers=headers) as response:
        desk.statuses.append(response.status)
        if response.content_type == "application/json":
            return await response.json()
        return await response.text()


async def test_an_sms_arrives_and_its_status_is_known(desk: DeskAtWork) -> None:
    answer = await smsc(desk, phones="87758759999", mes=CODE, id="77", cost="3")
    assert answer == {"id": 77, "cnt": 1, "cost": "25", "balance": "99975"}
    inbox = await desk.get("/sim/sms?phone=87758759999")
    assert [(sms["phone"], sms["text"], sms["segments"]) for sms in inbox] == [
        ("+77758759999", CODE, 1)
    ]
    assert (await smsc(desk, "status", phone="77758759999", id="77"))["status"] == 1
    assert (await smsc(desk, "status", phone="77758759999", id="78"))["status"] == -3
    assert await desk.get("/sim/sms?phone=77010000000") == []


async def test_the_gateway_tells_that_an_sms_arrived(desk: DeskAtWork) -> None:
    async def react(update: Json) -> None:
        await smsc(desk, phones="87758759999", mes=CODE, id="77")

    desk.bot.react = react
    await desk.with_webhook()
    await desk.say("code, please")
    [(secret, receipt)] = desk.bot.receipts
    assert secret == SETTINGS.smsc_secret
    assert (receipt["id"], receipt["phone"], receipt["status"]) == ("77", "77758759999", "1")
    signed = hashlib.sha1(f"77:77758759999:1:{secret}".encode())
    assert receipt["sha1"] == signed.hexdigest()


async def test_the_same_id_again_sends_no_second_sms(desk: DeskAtWork) -> None:
    first = await smsc(desk, phones="87758759999", mes=CODE, id="77")
    assert await smsc(desk, phones="87758759999", mes=CODE, id="77") == first
    assert len(await desk.get("/sim/sms")) == 1


async def test_without_utf8_the_text_is_mangled(desk: DeskAtWork) -> None:
    await smsc(desk, phones="87758759999", mes="Қате", charset="")
    assert (await desk.get("/sim/sms"))[0]["text"] == "Қате".encode().decode("windows-1251")


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"psw": "wrong"}, 2),
        ({"mes": ""}, 1),
        ({"phones": "12"}, 7),
    ],
)
async def test_bad_requests_get_smscs_codes(
    desk: DeskAtWork, form: dict[str, str], code: int
) -> None:
    answer = await smsc(desk, **{"phones": "87758759999", "mes": "x", **form})
    assert answer["error_code"] == code
    assert await desk.get("/sim/sms") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [("a" * 160, 1), ("a" * 161, 2), ("ә" * 70, 1), ("ә" * 71, 2), ("ә" * 135, 3)],
)
def test_segments_are_counted_as_operators_do(text: str, number: int) -> None:
    assert segments(text) == number


async def test_sms_faults_refuse_and_drop(desk: DeskAtWork) -> None:
    await desk.post("/sim/faults", {"target": "sms", "code": 3, "times": 1})
    await desk.post("/sim/faults", {"target": "sms", "code": 500})
    await desk.post("/sim/faults", {"target": "sms", "code": 0})
    assert (await smsc(desk, phones="87758759999", mes="x"))["error_code"] == 3
    await smsc(desk, phones="87758759999", mes="x")
    assert desk.status == 500
    with pytest.raises(aiohttp.ClientError):
        await smsc(desk, phones="87758759999", mes="x")
    assert "id" in await smsc(desk, phones="87758759999", mes="x")
    assert len(await desk.get("/sim/sms")) == 1


async def test_the_citizens_base_needs_its_secret_and_both_numbers(desk: DeskAtWork) -> None:
    pair = {"iin": "900514400018", "phone": "+77758759999"}
    await desk.post("/mab/lookup", pair)
    assert desk.status == 401
    headers = {"Authorization": "Bearer desk-secret"}
    assert await desk.post("/mab/lookup", pair, headers=headers) == {
        "registered": True,
        "full_name": "Серікова Айгүл Маратқызы",
        "birth_date": "1990-05-14",
        "phone": "+77758759999",
    }
    pair["phone"] = "+77010000000"
    assert await desk.post("/mab/lookup", pair, headers=headers) == {"registered": False}


async def test_the_portals_event_is_signed_and_dated_by_the_desks_clock(desk: DeskAtWork) -> None:
    event = {"type": "voucher.issue", "registration_number": "ОДО.2026.248", "id": "e1"}
    answer = await desk.post("/sim/portal", event)
    assert answer == {"status": 200, "answer": {"taken": True}}
    body, raw, timestamp, signature = desk.bot.events[0]
    assert body == {
        "id": "e1",
        "type": "voucher.issue",
        "at": "2026-04-07T11:30:00+05:00",
        "data": {"registration_number": "ОДО.2026.248"},
    }
    assert int(timestamp) == int(desk.bot.now.timestamp())
    signed = hmac.new(b"portal-secret", timestamp.encode() + b"." + raw, hashlib.sha256)
    assert signature == signed.hexdigest()
    assert desk.bot.settled == 1


async def test_telegram_faults_count_down_and_name_their_method(desk: DeskAtWork) -> None:
    await desk.started()
    order = {"target": "telegram", "method": "sendMessage", "code": 429, "retry_after": 7}
    await desk.post("/sim/faults", {**order, "times": 2})
    assert (await desk.api("getMe"))["ok"]
    for _ in range(2):
        answer = await desk.api("sendMessage", chat_id=1, text="x")
        assert answer["description"] == "Too Many Requests: retry after 7"
        assert answer["parameters"] == {"retry_after": 7}
    assert (await desk.api("sendMessage", chat_id=1, text="x"))["ok"]
    await desk.post("/sim/faults", order)
    assert len(await desk.get("/sim/faults")) == 1
    assert await desk.delete("/sim/faults") == []


async def test_a_dropped_call_has_no_answer_and_no_effect(desk: DeskAtWork) -> None:
    await desk.started()
    await desk.post("/sim/faults", {"target": "telegram", "code": 0})
    with pytest.raises(aiohttp.ClientError):
        await desk.api("sendMessage", chat_id=1, text="x")
    assert len((await desk.get("/sim/users/1/chat"))["messages"]) == 1
    assert (await desk.get("/sim/calls?method=sendmessage"))[0]["answer"] == {"dropped": True}


async def test_every_call_is_on_record(desk: DeskAtWork) -> None:
    await desk.started()
    last = (await desk.get("/sim/calls"))[-1]["seq"]
    url = f"{desk.base}/bot{TOKEN}/sendMessage?chat_id=1&text=x"
    async with desk.session.get(url) as response:
        assert response.status == 200
    await desk.api("sendMessage", chat_id=7, text="y")
    calls = await desk.get(f"/sim/calls?method=sendMessage&since={last}")
    assert [(call["params"], call["answer"]["ok"]) for call in calls] == [
        ({"chat_id": 1, "text": "x"}, True),
        ({"chat_id": 7, "text": "y"}, False),
    ]
