"""What becomes of SMS at phones, and how the gateways tell it."""

import hashlib
import re

import pytest

from sandbox import receipts
from tests.unit.sandbox.desk_at_work import SETTINGS, DeskAtWork
from tests.unit.sandbox.gateways import PHONE, mobizon, smsc

EVENT = {
    "eventId",
    "eventType",
    "eventCreateTs",
    "webhookId",
    "attempt",
    "data",
    "sign",
}
DATA = {"campaignId", "messageId", "segNum", "statusUpdateTs", "status", "to"}
"""The fields of Mobizon's example of an `sms-delivery-report`."""

ENDS = [
    ("delivered", 1, "DELIVRD"),
    ("undelivered", 20, "UNDELIV"),
    ("expired", 3, "EXPIRED"),
    ("rejected", 23, "REJECTD"),
    ("deleted", -2, "DELETED"),
]
UNDER_WAY = [("none", 0, "ACCEPTD"), ("queued", -1, "ENQUEUD"), ("partly", 0, "PDLIVRD")]


async def send_both(desk: DeskAtWork) -> str:
    """One SMS by each gateway; Mobizon's number for its own."""
    await smsc(desk, phones=PHONE, mes="x", id="77")
    sent = await mobizon(desk, recipient=PHONE, text="x")
    return str(sent["data"]["messageId"])


async def statuses(desk: DeskAtWork, number: str) -> tuple[int, str]:
    """What both gateways say when they are asked."""
    told = await smsc(desk, "status", phone=PHONE, id="77")
    [also] = (await mobizon(desk, "getsmsstatus", ids=number))["data"]
    return told["status"], also["status"]


async def told(desk: DeskAtWork) -> tuple[list[str], list[str]]:
    """What both gateways said by themselves, once all of it has arrived."""
    await desk.app.state.desk.receipts.arrived()
    by_smsc = [receipt["status"] for _, receipt in desk.bot.receipts]
    return by_smsc, [event["data"]["status"] for event in desk.bot.sms_events]


@pytest.mark.parametrize(("end", "number", "word"), ENDS)
async def test_receipt_and_status_tell_the_same_story(
    desk: DeskAtWork, end: str, number: int, word: str
) -> None:
    await desk.post("/sim/phones", {"phone": PHONE, "receipts": end})
    asked = await send_both(desk)
    assert await told(desk) == ([str(number)], [word])
    assert await statuses(desk, asked) == (number, word)
    assert [sms["status"] for sms in await desk.get("/sim/sms")] == [end, end]


@pytest.mark.parametrize(("off", "number", "word"), UNDER_WAY)
async def test_a_phone_that_is_off_gets_its_sms_when_it_is_on_again(
    desk: DeskAtWork, off: str, number: int, word: str
) -> None:
    await desk.post("/sim/phones", {"phone": "87758759999", "receipts": off})
    asked = await send_both(desk)
    assert await desk.get("/sim/phones") == {"+77758759999": off}
    assert await told(desk) == ([], [])
    assert await statuses(desk, asked) == (number, word)
    on = await desk.post("/sim/phones", {"phone": PHONE, "receipts": "delivered"})
    assert on["ended"] == [1, 2]
    assert await told(desk) == (["1"], ["DELIVRD"])
    assert await statuses(desk, asked) == (1, "DELIVRD")
    assert await desk.get("/sim/phones") == {}


async def test_what_ended_does_not_end_again(desk: DeskAtWork) -> None:
    asked = await send_both(desk)
    order = {"phone": PHONE, "receipts": "undelivered"}
    assert (await desk.post("/sim/phones", order))["ended"] == []
    assert await statuses(desk, asked) == (1, "DELIVRD")


async def test_mobizons_event_has_the_fields_of_its_documents_and_is_signed(
    desk: DeskAtWork,
) -> None:
    number = (await mobizon(desk, recipient=PHONE, text="x"))["data"]["messageId"]
    await told(desk)
    [event] = desk.bot.sms_events
    assert event.keys() == EVENT
    assert event["data"].keys() == DATA
    assert (event["eventType"], event["attempt"]) == ("sms-delivery-report", 1)
    assert (event["data"]["messageId"], event["data"]["to"]) == (number, PHONE)
    assert re.fullmatch(r"2026-04-07 11:3\d:\d\d", event["eventCreateTs"])
    signed = f"{event['eventId']}|1|{event['eventCreateTs']}|{SETTINGS.mobizon_secret}"
    assert event["sign"] == hashlib.sha1(signed.encode()).hexdigest()


async def test_mobizon_repeats_an_event_until_it_is_taken(
    desk: DeskAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "PAUSE", 0.001)
    desk.bot.refusals = 3
    await mobizon(desk, recipient=PHONE, text="x")
    await told(desk)
    assert [event["attempt"] for event in desk.bot.sms_events] == [1, 2, 3, 4]
    assert len({event["eventId"] for event in desk.bot.sms_events}) == 1
    assert len({event["sign"] for event in desk.bot.sms_events}) == 4
    desk.bot.refusals = 20
    await mobizon(desk, recipient=PHONE, text="y")
    await told(desk)
    assert [event["attempt"] for event in desk.bot.sms_events[4:]] == [*range(1, 11)]


async def test_receipts_by_hand_come_again_and_backwards(desk: DeskAtWork) -> None:
    asked = await send_both(desk)
    await told(desk)
    order = {"sms": 1, "status": "accepted", "times": 2}
    assert await desk.post("/sim/receipts", order) == {"answers": [200, 200]}
    await desk.post("/sim/receipts", {"sms": 1, "status": 25, "by": "GET"})
    await desk.post("/sim/receipts", {"sms": 2, "status": "PDLIVRD", "times": 2})
    assert await told(desk) == (["1", "0", "0", "25"], ["DELIVRD", "PDLIVRD", "PDLIVRD"])
    secret, last = desk.bot.receipts[-1]
    signed = hashlib.sha1(f"77:{PHONE}:25:{secret}".encode())
    assert last["sha1"] == signed.hexdigest()
    assert [event["attempt"] for event in desk.bot.sms_events] == [1, 1, 2]
    assert await statuses(desk, asked) == (1, "DELIVRD"), "the SMS itself stays what it is"


async def test_receipts_by_hand_come_early_and_for_what_nobody_sent(desk: DeskAtWork) -> None:
    await desk.post("/sim/receipts", {"gateway": "smsc", "number": "500", "phone": PHONE})
    await desk.post("/sim/receipts", {"gateway": "mobizon", "number": "12", "status": "UNDELIV"})
    [(_, receipt)] = desk.bot.receipts
    assert (receipt["id"], receipt["phone"], receipt["status"]) == ("500", PHONE, "1")
    assert desk.bot.sms_events[0]["data"]["messageId"] == 12


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ({}, 400),
        ({"sms": 1, "number": "5"}, 400),
        ({"sms": 9}, 404),
        ({"number": "5", "status": "DELIVRD"}, 400),
        ({"number": "5", "gateway": "mobizon", "status": 1}, 400),
        ({"number": "5", "gateway": "mobizon", "by": "GET"}, 400),
    ],
)
async def test_receipts_that_cannot_be_are_refused(
    desk: DeskAtWork, order: dict[str, object], status: int
) -> None:
    await send_both(desk)
    await desk.post("/sim/receipts", order)
    assert desk.status == status
