"""Faults by order: refused, delayed, dropped, at random, and after the deed."""

from typing import Any

import aiohttp
import pytest

from tests.unit.sandbox.desk_at_work import DeskAtWork
from tests.unit.sandbox.gateways import PHONE, mobizon, smsc


async def by_smsc(desk: DeskAtWork) -> Any:
    return await smsc(desk, phones=PHONE, mes="x")


async def by_mobizon(desk: DeskAtWork) -> Any:
    return await mobizon(desk, recipient=PHONE, text="x")


async def test_smsc_refuses_fails_and_drops(desk: DeskAtWork) -> None:
    for code in (3, 500, 0):
        await desk.post("/sim/faults", {"target": "sms", "code": code})
    assert (await by_smsc(desk))["error_code"] == 3
    await by_smsc(desk)
    assert desk.status == 500
    with pytest.raises(aiohttp.ClientError):
        await by_smsc(desk)
    assert "id" in await by_smsc(desk)
    assert len(await desk.get("/sim/sms")) == 1


async def test_mobizon_refuses_fails_and_drops(desk: DeskAtWork) -> None:
    for code in (14, 30, 99, 999, 502, 0):
        await desk.post("/sim/faults", {"target": "mobizon", "code": code})
    for code in (14, 30, 99, 999):
        answer = await by_mobizon(desk)
        assert (desk.status, answer["code"]) == (200, code)
    await by_mobizon(desk)
    assert desk.status == 502
    with pytest.raises(aiohttp.ClientError):
        await by_mobizon(desk)
    assert (await by_mobizon(desk))["code"] == 0
    assert len(await desk.get("/sim/sms")) == 1


async def test_one_gateway_can_be_dead_and_the_other_not(desk: DeskAtWork) -> None:
    await desk.post("/sim/faults", {"target": "smsc", "code": 500, "times": 1_000_000})
    await by_smsc(desk)
    assert desk.status == 500
    assert (await by_mobizon(desk))["code"] == 0
    await desk.post("/sim/faults", {"target": "sms", "code": 8, "method": "sendsmsmessage"})
    assert (await mobizon(desk, "getsmsstatus", ids="1"))["code"] == 0
    assert (await by_mobizon(desk))["code"] == 8


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


async def test_a_late_fault_hides_what_happened(desk: DeskAtWork) -> None:
    """The message is in the chat, and the sender does not know it."""
    await desk.started()
    for code in (0, 500):
        order = {"target": "telegram", "method": "sendMessage", "code": code, "late": True}
        await desk.post("/sim/faults", order)
    with pytest.raises(aiohttp.ClientError):
        await desk.api("sendMessage", chat_id=1, text="dropped")
    assert not (await desk.api("sendMessage", chat_id=1, text="failed"))["ok"]
    texts = [message["text"] for message in (await desk.get("/sim/users/1/chat"))["messages"]]
    assert texts == ["/start", "dropped", "failed"]
    calls = await desk.get("/sim/calls?method=sendMessage")
    assert [call["unheard"]["result"]["text"] for call in calls] == ["dropped", "failed"]


@pytest.mark.parametrize("by", [by_smsc, by_mobizon])
async def test_an_sms_goes_out_although_its_sender_was_cut_off(desk: DeskAtWork, by: Any) -> None:
    await desk.post("/sim/faults", {"target": "sms", "code": 0, "late": True})
    with pytest.raises(aiohttp.ClientError):
        await by(desk)
    assert len(await desk.get("/sim/sms")) == 1


async def test_a_share_of_the_calls_is_hit_the_same_with_each_seed(desk: DeskAtWork) -> None:
    await desk.started()

    async def fate(seed: int) -> list[bool]:
        order = {"target": "telegram", "code": 500, "share": 0.3, "times": 1000, "seed": seed}
        await desk.post("/sim/faults", order)
        fates = [(await desk.api("getMe"))["ok"] for _ in range(60)]
        await desk.delete("/sim/faults")
        return fates

    first = await fate(1)
    assert 30 < sum(first) < 55
    assert await fate(1) == first
    assert await fate(2) != first


async def test_shares_stand_beside_each_other(desk: DeskAtWork) -> None:
    """What the first does not hit, the second may."""
    await desk.started()
    for code in (429, 500):
        order = {"target": "telegram", "code": code, "share": 0.4, "times": 1000, "seed": code}
        await desk.post("/sim/faults", order)
    codes = [(await desk.api("getMe")).get("error_code") for _ in range(60)]
    assert set(codes) == {None, 429, 500}


@pytest.mark.parametrize("wrong", [{"share": 0}, {"share": 1.1}, {"target": "post"}, {"times": 0}])
async def test_a_fault_that_cannot_be_is_refused(
    desk: DeskAtWork, wrong: dict[str, object]
) -> None:
    await desk.post("/sim/faults", {"target": "telegram", "code": 500, **wrong})
    assert desk.status == 422
