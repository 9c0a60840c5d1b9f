"""Whoever unblocks the bot is offered at once what they missed, at any hour."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from core.clock import ALMATY
from tests import factories
from tests.integration.bot.acting import confirm, seen, travel
from tests.integration.bot.conftest import Parent
from tests.integration.bot.posting import Working, working

STATUSES: dict[str, dict[str, Any]] = {"kicked": {"until_date": 0}, "member": {}}


@pytest.fixture
async def away(parent: Parent) -> AsyncIterator[Working]:
    """A parent who has blocked the bot, and has then been given a voucher."""
    await factories.application(parent.desk.db, parent.desk.clock.now())
    await parent.enter()
    await membership(parent, "member", "kicked")
    now = parent.desk.clock.now()
    await parent.core.applications.issue_voucher("ОДО.2026.1", actor="portal", moment=now)
    async with working(parent) as post:
        await post.send()
        yield post


async def membership(parent: Parent, old: str, new: str) -> None:
    bot = {"id": 42, "is_bot": True, "first_name": "Orynbot"}
    user = {"id": parent.id, "is_bot": False, "first_name": "A"}
    await parent.feed(
        {
            "my_chat_member": {
                "chat": {"id": parent.id, "type": "private", "first_name": "A"},
                "from": user,
                "date": 0,
                "old_chat_member": {"user": bot, "status": old, **STATUSES[old]},
                "new_chat_member": {"user": bot, "status": new, **STATUSES[new]},
            }
        }
    )


def told(away: Working, since: int) -> list[str]:
    return away.parent.telegram.texts[since:]


async def test_a_blocked_chat_gets_nothing_and_its_owner_gets_it_on_return(away: Working) -> None:
    parent, before = away.parent, len(away.parent.telegram.texts)
    assert await away.states() == ["undeliverable"]
    await travel(parent, datetime(2026, 4, 7, 23, 0, tzinfo=ALMATY))  # quiet hours
    await away.send()
    assert told(away, before) == []
    await membership(parent, "kicked", "member")
    await away.send()
    (notice,) = told(away, before)
    assert "Кезегіңіз келді, ваучер берілді" in notice
    await confirm(parent)
    assert "Қызығушылық расталды" in seen(parent)


async def test_what_is_out_of_date_on_return_is_not_offered(away: Working) -> None:
    """The voucher is void by then: the stop list is told, and how to get back (R8)."""
    parent, before = away.parent, len(away.parent.telegram.texts)
    for day in (8, 9, 10):
        await travel(parent, datetime(2026, 4, day, 10, 0, tzinfo=ALMATY))
        await away.send()
    assert told(away, before) == []
    await membership(parent, "kicked", "member")
    await away.send()
    (notice,) = told(away, before)
    assert "Өтініш тоқтау парағында" in notice
    await parent.tap("Кезекті қалпына келтіру")


async def test_nobody_who_comes_back_is_told_the_same_twice(away: Working) -> None:
    parent, before = away.parent, len(away.parent.telegram.texts)
    await travel(parent, datetime(2026, 4, 9, 9, 30, tzinfo=ALMATY))
    await away.send()
    await membership(parent, "kicked", "member")
    await away.send()
    lines = [text.splitlines()[0] for text in told(away, before)]
    assert len(lines) == len(set(lines))
    await membership(parent, "kicked", "member")  # Telegram may say it again
    await away.send()
    assert len(told(away, before)) == len(lines)
