"""Somebody hammers: each decision is done once, the surplus costs nothing, and is told of once."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import Update
from sqlalchemy import func, select

from bot.dispatcher import build_dispatcher
from bot.hammering import Hammering
from bot.middlewares.slowing import Slowing
from bot.outgoing.pace import CHAT_BURST
from bot.screens import troubles
from core.codes.tables import CodeRecord
from core.signing.tables import SigningRequestRecord
from locales.texts import texts
from tests.integration.bot.acting import with_voucher
from tests.integration.bot.conftest import FACTS, Parent
from tests.integration.bot.test_database_down import post, pressing_confirm


class Timer:
    """The clock of the pace."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def timer(parent: Parent) -> Timer:
    """The parent's bot keeps people to a pace from now on, and has no room for those above it."""
    timer = Timer()
    slowing = Slowing(Hammering(1, timer), parent.telegram.gate, room=0)
    parent.dispatcher = build_dispatcher(
        parent.core, parent.telegram.gate, FACTS, parent.dispatcher["nursery"], slowing=slowing
    )
    return timer


async def count(parent: Parent, record: Any) -> int:
    async with parent.desk.db.read() as session:
        return await session.scalar(select(func.count()).select_from(record)) or 0


async def test_confirm_pressed_fifty_times_is_done_once(parent: Parent, timer: Timer) -> None:
    await with_voucher(parent)
    timer.now += 60
    codes, press = await count(parent, CodeRecord), pressing_confirm(parent)
    presses = [
        parent.dispatcher.feed_update(
            parent.telegram.bot, Update.model_validate(press | {"update_id": 1000 + number})
        )
        for number in range(50)
    ]
    answers = [a for a in await asyncio.gather(*presses) if isinstance(a, AnswerCallbackQuery)]
    assert len(answers) == 49
    assert [a.text for a in answers if a.text] == [troubles.pressed_again(texts("kk"))]
    assert await count(parent, SigningRequestRecord) == 1
    assert await count(parent, CodeRecord) == codes + 1


async def test_a_decision_above_the_pace_is_brought_again_and_keeps_its_moment(
    parent: Parent, timer: Timer
) -> None:
    await with_voucher(parent)
    timer.now += 60
    moment, held_up = parent.desk.clock.now(), dict[int, datetime]()
    for number in range(CHAT_BURST):
        await parent.press(f"nobody's button {number}")
    press = pressing_confirm(parent)
    assert await post(parent, held_up, press) == 429
    assert held_up == {press["update_id"]: moment}
    assert await count(parent, SigningRequestRecord) == 0
    timer.now += 1
    assert await post(parent, held_up, press) == 200
    assert await count(parent, SigningRequestRecord) == 1
