"""The citizens' base, the portal, and the record of calls."""

import hashlib
import hmac

from tests.unit.sandbox.desk_at_work import TOKEN, DeskAtWork


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
