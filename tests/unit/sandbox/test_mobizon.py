"""The gateway that speaks as Mobizon; requests and answers as its documents have them."""

from datetime import datetime

import pytest

from tests.unit.sandbox.desk_at_work import DeskAtWork, Json
from tests.unit.sandbox.gateways import CODE, PHONE, mobizon, post_mobizon, smsc

SEND = f"recipient={PHONE}&text=Test+sms+message&from=YourAlpha&params[validity]=1440"
"""The documents' example of sendSmsMessage, to a phone that is one of the desk's."""


async def test_the_documents_example_is_sent(desk: DeskAtWork) -> None:
    answer = await post_mobizon(desk, "message/sendsmsmessage", SEND)
    assert (answer["code"], answer["message"]) == (0, "")
    assert answer["data"].keys() == {"campaignId", "messageId", "status"}
    assert answer["data"]["status"] == 2
    [sms] = await desk.get("/sim/sms")
    assert (sms["text"], sms["gateway"]) == ("Test sms message", "mobizon")
    assert sms["number"] == str(answer["data"]["messageId"])


async def test_kazakh_is_read_and_names_may_be_written_in_any_case(desk: DeskAtWork) -> None:
    await mobizon(desk, "sendSmsMessage", recipient=f"+{PHONE}", text=CODE)
    [sms] = await desk.get("/sim/sms")
    assert (sms["phone"], sms["text"], sms["segments"]) == (f"+{PHONE}", CODE, 1)


@pytest.mark.parametrize("ids", ["ids[]={0}&ids[]={1}", "ids={0},{1}", "ids[0]={0}&ids[1]={1}"])
async def test_statuses_are_asked_for_in_each_way_of_the_documents(
    desk: DeskAtWork, ids: str
) -> None:
    sent = [await mobizon(desk, recipient=PHONE, text=text) for text in ("ә" * 71, "b")]
    numbers = [one["data"]["messageId"] for one in sent]
    body = ids.format(*numbers) + "&ids[]=123&ids[]=x"  # the documents: unknown ones are left out
    answer = await post_mobizon(desk, "message/getSMSStatus", body)
    at = [datetime.fromisoformat(sms["at"]) for sms in await desk.get("/sim/sms")]
    assert answer["code"] == 0
    assert answer["data"] == [
        {
            "id": number,
            "status": "DELIVRD",
            "segNum": segments,
            "startSendTs": f"{sent_at:%Y-%m-%d %H:%M:%S}",
            "statusUpdateTs": f"{sent_at:%Y-%m-%d %H:%M:%S}",
        }
        for number, segments, sent_at in zip(numbers, (2, 1), at, strict=True)
    ]


async def test_an_sms_of_the_other_gateway_is_not_known(desk: DeskAtWork) -> None:
    await smsc(desk, phones=PHONE, mes="x")
    number = (await mobizon(desk, recipient=PHONE, text="y"))["data"]["messageId"]
    assert (await mobizon(desk, "getsmsstatus", ids=str(number - 1)))["data"] == []
    assert (await smsc(desk, "status", phone=PHONE, id="2"))["status"] == -3


async def test_the_same_text_twice_is_two_sms(desk: DeskAtWork) -> None:
    """There is no number of one's own: whoever repeats sends twice."""
    for _ in range(2):
        await post_mobizon(desk, "message/sendsmsmessage", SEND)
    assert len(await desk.get("/sim/sms")) == 2


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"recipient": "12"}, "recipient"),
        ({"text": " "}, "text"),
        ({"params[validity]": "59"}, "validity"),
        ({"params[validity]": "1441"}, "validity"),
    ],
)
async def test_what_is_wrong_is_named(desk: DeskAtWork, form: dict[str, str], field: str) -> None:
    answer = await mobizon(desk, **{"recipient": PHONE, "text": "x", **form})
    assert answer["code"] == 1
    assert list(answer["data"]) == [field]
    assert await desk.get("/sim/sms") == []


@pytest.mark.parametrize(
    ("call", "body", "key", "code"),
    [
        ("message/sendsmsmessage", SEND, "wrong", 8),
        ("message/sendsmsmessage", SEND + "&apiKey=desk", "", 8),
        ("massage/sendsmsmessage", SEND, "desk", 4),
        ("message/sendsms", SEND, "desk", 5),
        ("message/getsmsstatus", "", "desk", 2),
        ("message/getsmsstatus", "ids=" + ",".join(["1"] * 101), "desk", 12),
    ],
)
async def test_bad_requests_get_mobizons_codes(
    desk: DeskAtWork, call: str, body: str, key: str, code: int
) -> None:
    answer = await post_mobizon(desk, call, body, key)
    assert (desk.status, answer["code"]) == (200, code)
    assert answer["message"]
    assert await desk.get("/sim/sms") == []


async def test_a_moderator_may_hold_sms_back_and_let_them_go(desk: DeskAtWork) -> None:
    await desk.post("/sim/moderation", {"on": True})
    sent = (await mobizon(desk, recipient=PHONE, text="x"))["data"]
    assert sent["status"] == 1
    asked = str(sent["messageId"])
    [told] = (await mobizon(desk, "getsmsstatus", ids=asked))["data"]
    assert (told["status"], told["startSendTs"], told["statusUpdateTs"]) == ("NEW", None, None)
    assert desk.bot.sms_events == []
    assert await desk.post("/sim/moderation", {"on": False}) == {"on": False, "released": [1]}
    [told] = (await mobizon(desk, "getsmsstatus", ids=asked))["data"]
    assert told["status"] == "DELIVRD"
    assert [event["data"]["messageId"] for event in desk.bot.sms_events] == [sent["messageId"]]


async def test_smsc_knows_no_moderator(desk: DeskAtWork) -> None:
    await desk.post("/sim/moderation", {"on": True})
    await smsc(desk, phones=PHONE, mes="x", id="7")
    assert (await smsc(desk, "status", phone=PHONE, id="7"))["status"] == 1


async def test_an_act_is_over_when_the_receipts_of_its_sms_came(desk: DeskAtWork) -> None:

    async def react(update: Json) -> None:
        await mobizon(desk, recipient=PHONE, text=CODE)

    desk.bot.react = react
    await desk.with_webhook()
    await desk.say("code, please")
    assert [event["data"]["to"] for event in desk.bot.sms_events] == [PHONE]
