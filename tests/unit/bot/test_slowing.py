"""Who hammers gets one friendly word in their language, does no work, and holds up nobody."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import TelegramObject, Update

from bot.hammering import MOST_WAITING, Hammering
from bot.middlewares.slowing import PutOff, Slowing
from bot.nursery import Nursery
from bot.outgoing.gate import ANSWER_LENGTH
from bot.outgoing.pace import CHAT_BURST
from bot.screens import troubles
from locales.texts import LANGUAGES, texts
from tests.telegram_stub import TelegramStub


class Door:
    """Slowing, with a clock that the test moves and a handler that counts."""

    def __init__(self, nursery: Nursery, room: float) -> None:
        self.now = 0.0
        self.telegram = TelegramStub()
        self.nursery = nursery
        self.handled: list[int] = []
        self.slept: list[float] = []
        self.may_wake = asyncio.Event()
        hammering = Hammering(1, lambda: self.now)
        self.slowing = Slowing(hammering, self.telegram.gate, room, self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await self.may_wake.wait()

    async def _handle(self, event: TelegramObject, data: dict[str, Any]) -> None:
        assert isinstance(event, Update)
        self.handled.append(event.update_id)

    async def press(self, number: int, data: str, user: int = 1, language: str = "kk") -> Any:
        who = {"id": user, "is_bot": False, "first_name": "A", "language_code": language}
        message = {"message_id": 5, "date": 0, "chat": {"id": user, "type": "private"}}
        query = {"id": f"q{number}", "from": who, "chat_instance": "c", "data": data}
        update = {"update_id": number, "callback_query": {**query, "message": message}}
        event = Update.model_validate(update)
        return await self.slowing(self._handle, event, {"nursery": self.nursery})

    async def burst(self, language: str = "kk") -> None:
        """As much as is handled at once; the last one is of the button "same"."""
        for number in range(1, CHAT_BURST):
            await self.press(number, f"page {number}", language=language)
        await self.press(CHAT_BURST, "same", language=language)


@pytest.fixture
async def door(request: pytest.FixtureRequest) -> AsyncIterator[Door]:
    async with Nursery() as nursery:
        yield Door(nursery, getattr(request, "param", 1))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_surplus_is_told_once_and_does_no_work(door: Door, language: str) -> None:
    await door.burst(language=language)
    answers = [await door.press(number, "same") for number in range(100, 150)]
    assert len(door.handled) == CHAT_BURST
    assert all(isinstance(answer, AnswerCallbackQuery) for answer in answers)  # no button spins
    assert [answer.callback_query_id for answer in answers] == [f"q{n}" for n in range(100, 150)]
    assert [answer.text for answer in answers if answer.text] == [
        troubles.pressed_again(texts(language))
    ]
    assert door.telegram.calls == []  # it rides in the webhook's own response


async def test_another_decision_waits_its_turn_and_is_done(door: Door) -> None:
    await door.burst()
    async with asyncio.TaskGroup() as group:
        group.create_task(door.press(100, "act"))
        await asyncio.sleep(0)
        assert 100 not in door.handled
        assert door.slept == [1]
        door.may_wake.set()
    assert door.handled[-1] == 100
    await door.nursery.settled()
    assert door.telegram.texts == [troubles.too_fast(texts("kk"))]


async def test_when_the_room_is_full_telegram_keeps_the_press(door: Door) -> None:
    """The webhook's connections are for all people: it holds hardly any for those who hammer."""
    await door.burst()
    async with asyncio.TaskGroup() as group:
        group.create_task(door.press(100, "act"))
        await asyncio.sleep(0)
        with pytest.raises(PutOff) as put_off:
            await door.press(101, "other")
        assert put_off.value.seconds == 2
        await door.press(200, "act", user=2)
        assert door.handled[-1] == 200  # others come through meanwhile
        door.may_wake.set()
    door.now += 2
    await door.press(101, "other")
    assert door.handled[-2:] == [100, 101]


@pytest.mark.parametrize("door", [float("inf")], indirect=True)
async def test_what_is_not_taken_is_said_each_time(door: Door) -> None:
    await door.burst()
    async with asyncio.TaskGroup() as group:
        for number in range(MOST_WAITING):
            group.create_task(door.press(100 + number, f"page {number}"))
        await asyncio.sleep(0)
        answers = [await door.press(number, f"more {number}") for number in (200, 201)]
        assert [answer.text for answer in answers] == [troubles.too_many(texts("kk"))] * 2
        door.may_wake.set()
    assert door.handled[-MOST_WAITING:] == list(range(100, 100 + MOST_WAITING))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_fit_into_a_toast(language: str) -> None:
    for word in (troubles.pressed_again, troubles.too_fast, troubles.too_many):
        assert len(word(texts(language))) <= ANSWER_LENGTH
