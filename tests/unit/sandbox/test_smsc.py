"""The gateway that speaks as SMSC.kz."""

import hashlib
from datetime import datetime

import pytest

from sandbox.sms import segments
from tests.unit.sandbox.desk_at_work import SETTINGS, DeskAtWork, Json
from tests.unit.sandbox.gateways import CODE, PHONE, smsc


async def test_an_sms_arrives_and_its_status_is_known(desk: DeskAtWork) -> None:
    answer = await smsc(desk, phones="87758759999", mes=CODE, id="77", cost="3")
    assert answer == {"id": 77, "cnt": 1, "cost": "25", "balance": "99975"}
    [sms] = await desk.get("/sim/sms?phone=87758759999")
    assert (sms["phone"], sms["text"], sms["segments"]) == ("+77758759999", CODE, 1)
    assert (sms["gateway"], sms["number"], sms["status"]) == ("smsc", "77", "delivered")
    assert (await smsc(desk, "status", phone=PHONE, id="77"))["status"] == 1
    assert (await smsc(desk, "status", phone=PHONE, id="78"))["status"] == -3
    assert (await smsc(desk, "status", phone="77010000000", id="77"))["status"] == -3
    assert await desk.get("/sim/sms?phone=77010000000") == []


async def test_a_status_is_told_in_full_when_asked_for(desk: DeskAtWork) -> None:
    await smsc(desk, phones=PHONE, mes="ә" * 71, id="77")
    told = await smsc(desk, "status", phone=PHONE, id="77", all="2")
    at = datetime.fromisoformat((await desk.get("/sim/sms"))[0]["at"])
    assert told == {
        "status": 1,
        "last_date": f"{at:%d.%m.%Y %H:%M:%S}",
        "last_timestamp": at.timestamp(),
        "err": 0,
        "send_date": f"{at:%d.%m.%Y %H:%M:%S}",
        "send_timestamp": at.timestamp(),
        "phone": PHONE,
        "cost": "50.00",
    }


async def test_the_gateway_tells_that_an_sms_arrived(desk: DeskAtWork) -> None:
    async def react(update: Json) -> None:
        await smsc(desk, phones="87758759999", mes=CODE, id="77")

    desk.bot.react = react
    await desk.with_webhook()
    await desk.say("code, please")
    [(secret, receipt)] = desk.bot.receipts
    assert secret == SETTINGS.smsc_secret
    assert (receipt["id"], receipt["phone"], receipt["status"]) == ("77", PHONE, "1")
    signed = hashlib.sha1(f"77:{PHONE}:1:{secret}".encode())
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
