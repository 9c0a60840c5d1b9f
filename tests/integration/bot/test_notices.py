"""The worker of notices: sent once, in the reader's language, and never lost."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import EditMessageText, SendMessage

from bot.outgoing.gate import Gate
from bot.screens.base import Screen
from core.clock import ALMATY
from core.login.tables import PersonRecord
from core.notices import outbox
from core.notices.plan import Channel, Lane
from core.sms.port import Sms
from tests import factories
from tests.integration.bot.acting import confirm, seen
from tests.integration.bot.conftest import Parent
from tests.integration.bot.posting import Working, working
from tests.telegram_stub import labels

METHOD = SendMessage(chat_id=1, text="")
DOWN = [
    TelegramNetworkError(METHOD, "reset"),
    TelegramServerError(METHOD, "Bad Gateway"),
]
GONE = [
    TelegramForbiddenError(METHOD, "Forbidden: bot was blocked by the user"),
    TelegramForbiddenError(METHOD, "Forbidden: user is deactivated"),
    TelegramBadRequest(METHOD, "Bad Request: chat not found"),
]


@pytest.fixture
async def owed(parent: Parent) -> AsyncIterator[Working]:
    """A parent who has entered, and is owed the notice of a voucher."""
    now = parent.desk.clock.now()
    await factories.application(parent.desk.db, now)
    await parent.enter()
    await parent.core.applications.issue_voucher("ОДО.2026.1", actor="portal", moment=now)
    async with working(parent) as post:
        yield post


async def another(parent: Parent, number: int) -> None:
    """Another parent with a chat, to whom a voucher's notice is owed."""
    now = parent.desk.clock.now()
    await factories.parent(parent.desk.db, now, number=number)
    await factories.application(parent.desk.db, now, number=number)
    await parent.core.applications.issue_voucher(f"ОДО.2026.{number}", actor="portal", moment=now)


async def until(owed: Working, *states: str) -> None:
    """Wait until the notices are in these states."""
    while True:
        if await owed.states() == list(states):
            return
        await asyncio.sleep(0.01)


def later(owed: Working, **more: Any) -> None:
    clock = owed.parent.desk.clock
    clock.move(clock.now() + timedelta(**more))


async def test_a_notice_is_sent_once_and_can_be_answered(owed: Working) -> None:
    """R6."""
    await owed.send()
    sent = len(owed.parent.telegram.calls)
    await owed.send()
    assert len(owed.parent.telegram.calls) == sent
    assert "Кезегіңіз келді, ваучер берілді" in seen(owed.parent)
    assert await owed.states() == ["sent"]
    await confirm(owed.parent)
    assert "Қызығушылық расталды" in seen(owed.parent)


async def test_a_notice_speaks_the_language_of_the_moment(owed: Working) -> None:
    now = owed.parent.desk.clock.now()
    await owed.parent.core.visitors.choose_language(owed.parent.id, "ru", now)
    await owed.send()
    assert "Подошла очередь, выдан ваучер" in seen(owed.parent)


@pytest.mark.parametrize("error", DOWN, ids=str)
async def test_what_does_not_go_through_comes_again_after_a_pause(
    owed: Working, error: Exception
) -> None:
    owed.parent.telegram.refusals.append(error)
    await owed.send()
    assert await owed.states() == ["pending"]
    due = await owed.worker.next_due()
    assert due is not None
    owed.parent.desk.clock.move(due)
    await owed.send()
    assert await owed.states() == ["sent"]


async def test_what_telegram_puts_off_comes_again_when_it_said(owed: Working) -> None:
    now = owed.parent.desk.clock.now()
    owed.parent.telegram.refusals.append(TelegramRetryAfter(METHOD, "Too Many Requests", 60))
    await owed.send()
    assert await owed.worker.next_due() == now + timedelta(seconds=60)


@pytest.mark.parametrize("error", GONE, ids=str)
async def test_a_chat_that_is_gone_gets_no_more_and_the_notice_goes_by_sms(
    owed: Working, error: Exception
) -> None:
    owed.parent.telegram.refusals.append(error)
    await owed.send()
    assert await owed.states() == ["undeliverable"]
    visitor = await owed.parent.core.visitors.load(owed.parent.id, owed.parent.desk.clock.now())
    assert visitor.blocked
    assert "t.me/orynbot?start=" in owed.parent.desk.pocket.messages[-1].text


async def test_what_can_never_succeed_is_not_tried_again(owed: Working) -> None:
    owed.parent.telegram.refusals.append(
        TelegramBadRequest(METHOD, "Bad Request: message is too long")
    )
    await owed.send()
    assert await owed.states() == ["failed"]


async def test_a_notice_that_is_answered_already_is_not_sent(owed: Working) -> None:
    await owed.parent.tap("Менің өтініштерім")
    await confirm(owed.parent)
    before = len(owed.parent.telegram.texts)
    await owed.send()
    assert len(owed.parent.telegram.texts) == before
    assert await owed.states() == ["cancelled"]


async def test_a_message_that_was_answered_elsewhere_loses_its_buttons(owed: Working) -> None:
    await owed.send()
    notice = max(owed.parent.telegram.shown)
    await owed.parent.say("/menu")
    await owed.parent.tap("Менің өтініштерім")
    await confirm(owed.parent)
    sent = len([c for c in owed.parent.telegram.calls if isinstance(c, SendMessage)])
    await owed.send()
    closed = owed.parent.telegram.shown[notice]
    assert isinstance(closed, EditMessageText)
    assert labels(closed.reply_markup) == []
    assert len([c for c in owed.parent.telegram.calls if isinstance(c, SendMessage)]) == sent


async def test_a_person_who_cannot_be_read_holds_up_nobody_else(owed: Working) -> None:
    """A newer plan of numbers may know their phone no more."""
    await another(owed.parent, 2)
    async with owed.parent.desk.db.write() as session:
        (await session.get_one(PersonRecord, 2)).phone = "+77"
    await owed.send()
    assert (await owed.states())[0] == "sent"


async def test_one_notice_that_fails_does_not_hold_up_another_chats(owed: Working) -> None:
    await another(owed.parent, 2)
    owed.parent.telegram.refusals.append(DOWN[0])
    await owed.send()
    assert sorted(await owed.states()) == ["pending", "sent"]


async def test_more_than_there_is_room_for_goes_out_all_the_same(parent: Parent) -> None:
    for number in range(1, 46):
        await another(parent, number)
    async with working(parent, per_second=1) as post:
        await post.send()
        assert await post.states() == ["sent"] * 45


async def test_while_telegram_is_down_one_notice_at_a_time_finds_out(owed: Working) -> None:
    """Nobody is charged an attempt for nothing, and everything goes out once it is back."""
    for number in range(2, 60):
        await another(owed.parent, number)
    telegram = owed.parent.telegram
    telegram.refusals += DOWN * 50
    async with working(owed.parent, per_second=1) as post:
        await post.send()
        first = 100 - len(telegram.refusals)
        for _ in range(8):
            due = await post.worker.next_due()
            assert due is not None
            assert due > owed.parent.desk.clock.now(), "time can pass"
            owed.parent.desk.clock.move(due)
            before = len(telegram.refusals)
            await post.send()
            assert before - len(telegram.refusals) <= 1
        assert first <= 20
        telegram.refusals.clear()
        later(owed, minutes=5)
        await post.send()
        later(owed, minutes=5)
        await post.send()
        assert await post.states() == ["sent"] * 59


async def test_at_night_everything_waits_for_the_morning(owed: Working) -> None:
    owed.parent.desk.clock.move(datetime(2026, 4, 7, 22, 0, tzinfo=ALMATY))
    shown = len(owed.parent.telegram.texts)
    await owed.send()
    assert len(owed.parent.telegram.texts) == shown
    assert await owed.worker.next_due() == datetime(2026, 4, 8, 8, 0, tzinfo=ALMATY)


async def test_who_answers_while_the_notice_stands_in_line_is_not_told(
    owed: Working, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = Gate.turn

    async def answered_meanwhile(gate: Gate, chat_id: int, lane: Lane, *, within: float) -> None:
        monkeypatch.undo()
        await owed.parent.tap("Менің өтініштерім")
        await confirm(owed.parent)
        await turn(gate, chat_id, lane, within=within)

    monkeypatch.setattr(Gate, "turn", answered_meanwhile)
    await owed.send()
    assert await owed.states() == ["cancelled"]


async def test_nobody_waits_for_a_slow_neighbour(
    owed: Working, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither does what came of their own notice, nor the next one that falls due."""
    await another(owed.parent, 2)
    notify, go_on = Gate.notify, asyncio.Event()

    async def slowly(gate: Gate, chat_id: int, screen: Screen) -> int:
        if chat_id == owed.parent.id:
            await go_on.wait()
        return await notify(gate, chat_id, screen)

    monkeypatch.setattr(Gate, "notify", slowly)
    async with asyncio.timeout(10):
        await owed.post.send_due()
        await until(owed, "sending", "sent")
        await another(owed.parent, 3)
        await owed.post.send_due()
        await until(owed, "sending", "sent", "sent")
    go_on.set()
    await owed.send()
    assert await owed.states() == ["sent"] * 3


async def test_a_lease_that_ends_in_line_means_that_another_worker_may_send(
    owed: Working, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = Gate.turn

    async def at_the_end_of_the_lease(
        gate: Gate, chat_id: int, lane: Lane, *, within: float
    ) -> None:
        await turn(gate, chat_id, lane, within=within - outbox.LEASE.total_seconds())

    monkeypatch.setattr(Gate, "turn", at_the_end_of_the_lease)
    sent = len(owed.parent.telegram.calls)
    await owed.send()
    assert len(owed.parent.telegram.calls) == sent
    assert await owed.states() == ["pending"]


async def test_a_slow_gateway_sends_a_parent_of_three_nothing_twice(
    parent: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their text messages go one after another: none may go out when its lease can end meanwhile,
    as another worker would send it, too."""
    desk, send = parent.desk, parent.desk.pocket.send
    for number in (1, 2, 3):
        await factories.application(desk.db, desk.clock.now(), number, applicant=1)
        await parent.core.applications.issue_voucher(
            f"ОДО.2026.{number}", actor="portal", moment=desk.clock.now()
        )
    claimed_by_another = []

    async def slowly(sms: Sms) -> Any:
        desk.clock.move(desk.clock.now() + timedelta(seconds=25))
        claimed_by_another.extend(
            await parent.core.notices.claim(desk.clock.now(), Channel.SMS, Lane.VOUCHER)
        )
        return await send(sms)

    monkeypatch.setattr(desk.pocket, "send", slowly)
    async with working(parent) as post:
        for _ in range(4):
            await post.send()
            desk.clock.move(desk.clock.now() + timedelta(seconds=20))
    assert len(desk.pocket.messages) == 3
    assert claimed_by_another == []
