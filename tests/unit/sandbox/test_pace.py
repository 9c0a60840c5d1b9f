"""Telegram's limits: how many messages pass, and what an overrun costs."""

import pytest

from sandbox import pace
from sandbox.errors import TooManyRequests
from sandbox.pace import Pace
from tests.unit.sandbox.desk_at_work import DeskAtWork


class Time:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(pace, "time", time)
    return time


def refusal(limits: Pace, chat_id: object) -> int:
    """How many seconds the next call is told to wait; 0: it passed."""
    try:
        limits.arrive(chat_id)
    except TooManyRequests as refused:
        return int((refused.parameters or {})["retry_after"])
    return 0


def test_thirty_a_second_pass_and_not_one_more(time: Time) -> None:
    limits = Pace(enforced=True)
    for chat in range(30):
        assert refusal(limits, chat) == 0
    assert refusal(limits, 30) == 1
    for number in range(3000):
        time.now += 1 / 29.9
        assert refusal(limits, number) == 0
    counts = limits.view()
    assert (counts["passed"], counts["refused"], counts["overruns"]) == (3030, 1, 1)


def test_one_a_second_passes_in_a_chat_for_ever_and_two_do_not(time: Time) -> None:
    limits = Pace(enforced=True)
    for _ in range(600):
        time.now += 1
        assert refusal(limits, 1) == 0
    passed = 0
    while refusal(limits, 1) == 0:
        time.now += 0.5
        passed += 1
    assert 20 <= passed < 45
    assert refusal(limits, 2) == 0, "another chat has its own limit"
    assert limits.view()["chat_overruns"] == 1


def test_quick_taps_of_a_person_are_answered(time: Time) -> None:
    limits = Pace(enforced=True)
    assert [refusal(limits, 1) for _ in range(20)] == [0] * 20
    assert refusal(limits, 1) == 1


def test_after_an_overrun_everything_is_refused_for_so_long(time: Time) -> None:
    limits = Pace(enforced=True, punish=5)
    for _ in range(20):
        limits.arrive(1)
    assert refusal(limits, 1) == 5
    time.now += 3.5
    assert refusal(limits, 2) == 2
    assert refusal(limits, None) == 2, "whatever it asks for"
    time.now += 1.6
    assert refusal(limits, 2) == 0
    counts = limits.view()
    assert (counts["refused"], counts["overruns"]) == (3, 1)


async def test_limits_are_switched_on_and_off_in_a_running_desk(desk: DeskAtWork) -> None:
    await desk.started()
    assert (await desk.get("/sim/limits"))["enforce"] is False
    await desk.post("/sim/limits", {"enforce": True, "punish": 5, "chat_burst": 3})
    sent = [await desk.api("sendMessage", chat_id=1, text=str(n)) for n in range(5)]
    assert [answer["ok"] for answer in sent] == [True, True, True, False, False]
    assert sent[-1]["parameters"] == {"retry_after": 5}
    assert (await desk.api("getMe"))["error_code"] == 429
    assert (await desk.api("getWebhookInfo"))["ok"], "how it gets its updates, a bot may ask"
    assert await desk.get("/sim/limits") == {
        "enforce": True,
        "punish": 5,
        "chat_burst": 3,
        "passed": 3,
        "refused": 3,
        "overruns": 1,
        "chat_overruns": 1,
    }
    await desk.post("/sim/limits", {"enforce": False})
    assert (await desk.api("sendMessage", chat_id=1, text="x"))["ok"]


async def test_edits_count_and_answers_to_taps_do_not(desk: DeskAtWork) -> None:
    await desk.started()
    number = (await desk.api("sendMessage", chat_id=1, text="x"))["result"]["message_id"]
    await desk.post("/sim/limits", {"enforce": True})
    for n in range(10):
        await desk.api("editMessageText", chat_id=1, message_id=number, text=str(n))
    await desk.api("answerCallbackQuery", callback_query_id="1")
    await desk.api("sendChatAction", chat_id=1, action="typing")
    assert (await desk.get("/sim/limits"))["passed"] == 10
