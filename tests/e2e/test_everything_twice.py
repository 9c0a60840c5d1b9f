"""Every update of a whole way comes twice, as when an answer of ours was lost: the second time not
a row is another one."""

from contextvars import ContextVar
from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import Update

from seed.people import AINUR
from tests.e2e import ways
from tests.e2e.player import Desk
from tests.e2e.watching import CONVERSATION, everything, house_of

WRONG = "000000"
"""A code that nobody was sent."""
AGAIN: ContextVar[bool] = ContextVar("AGAIN", default=False)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is idempotent is so on both: core's own tests see to it."""
    return sqlite_url


async def test_a_whole_way_of_which_every_update_comes_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = house_of(desk)
    feed, changed, fed = house.dispatcher.feed_update, dict[str, set[str]](), 0

    async def twice(bot: Bot, update: Update, **more: Any) -> Any:
        nonlocal fed
        if AGAIN.get():  # a press that is taken up again within the update
            return await feed(bot, update, **more)
        token = AGAIN.set(True)
        try:
            answer = await feed(bot, update, **more)
            await house.worker.settle()
            before = await everything(house.core.db)
            await feed(bot, update, **more)
            await house.worker.settle()
            after = await everything(house.core.db)
        finally:
            AGAIN.reset(token)
        fed += 1
        differing = {name for name in before if before[name] != after[name]}
        if update.message and update.message.text == WRONG:
            differing -= CONVERSATION  # where its newest answer stands
        if differing:
            what = update.message.text if update.message else update.callback_query
            changed[f"{fed}: {what!r}"[:120]] = differing
        return answer

    monkeypatch.setattr(house.dispatcher, "feed_update", twice)
    parent = desk.player(AINUR.id)
    await ways.enter(parent)
    await desk.voucher()
    await parent.say("/menu")
    await parent.press("My applications")
    await parent.press("✅ Confirm")
    await parent.say(WRONG)
    await parent.type_code()
    await ways.take(parent, "«Мадина» · орыс")
    assert any(message["document"] for message in await parent.chat())
    assert fed >= 15
    assert changed == {}
