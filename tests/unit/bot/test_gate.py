"""The gate: Telegram's refusals, word for word, and what becomes of them."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage

from bot.outgoing.gate import TIMEOUT, ChatGone, Gate
from bot.outgoing.pace import CHAT_BURST, Pacer, TooLate
from bot.screens.base import Screen
from core.notices.plan import Lane
from tests.telegram_stub import TelegramStub
from tests.unit.bot.watch import Watch

T = TypeVar("T")

SCREEN = Screen("text")
METHOD = SendMessage(chat_id=1, text="text")


@pytest.fixture
def telegram() -> TelegramStub:
    return TelegramStub()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def gate(telegram: TelegramStub, watch: Watch) -> Gate:
    return Gate(telegram.bot, Pacer(30, 1, watch))


def begin(call: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    return asyncio.get_running_loop().create_task(call)


def refused(text: str) -> TelegramBadRequest:
    return TelegramBadRequest(METHOD, f"Bad Request: {text}")


def too_many(seconds: int) -> TelegramRetryAfter:
    return TelegramRetryAfter(METHOD, f"Too Many Requests: retry after {seconds}", seconds)


async def test_an_edit_that_changes_nothing_is_fine(telegram: TelegramStub, gate: Gate) -> None:
    telegram.refusals.append(
        refused(
            "message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        )
    )
    assert await gate.edit(1, 5, SCREEN) == 5
    assert len(telegram.calls) == 1


@pytest.mark.parametrize("text", ["message to edit not found", "message can't be edited"])
async def test_what_cannot_be_edited_is_sent_anew(
    telegram: TelegramStub, gate: Gate, text: str
) -> None:
    telegram.refusals.append(refused(text))
    assert await gate.edit(1, 5, SCREEN) != 5
    assert [type(call) for call in telegram.calls] == [EditMessageText, SendMessage]


async def test_another_refusal_of_an_edit_is_not_hidden(telegram: TelegramStub, gate: Gate) -> None:
    telegram.refusals.append(refused("message is too long"))
    with pytest.raises(TelegramBadRequest):
        await gate.edit(1, 5, SCREEN)


async def test_a_late_answer_to_a_tap_is_fine(telegram: TelegramStub, gate: Gate) -> None:
    telegram.refusals.append(
        refused("query is too old and response timeout expired or query ID is invalid")
    )
    await gate.answer("7", "text")


async def test_a_toast_never_exceeds_what_telegram_takes(
    telegram: TelegramStub, gate: Gate
) -> None:
    await gate.answer("7", "я" * 300)
    call = telegram.calls[0]
    assert isinstance(call, AnswerCallbackQuery)
    assert len(call.text or "") == 200


@pytest.mark.parametrize("text", ["bot was blocked by the user", "user is deactivated"])
async def test_a_chat_that_is_gone_is_told_apart(
    telegram: TelegramStub, gate: Gate, text: str
) -> None:
    telegram.refusals.append(TelegramForbiddenError(METHOD, f"Forbidden: {text}"))
    with pytest.raises(ChatGone):
        await gate.send(1, SCREEN)


async def test_a_chat_that_never_was_is_gone_too(telegram: TelegramStub, gate: Gate) -> None:
    telegram.refusals.append(refused("chat not found"))
    with pytest.raises(ChatGone):
        await gate.send(1, SCREEN)


async def test_the_gate_waits_as_long_as_telegram_asks(
    telegram: TelegramStub, gate: Gate, watch: Watch
) -> None:
    telegram.refusals += [too_many(3), too_many(5)]
    sending = begin(gate.send(1, SCREEN))
    await watch.pass_time(7.9)
    assert not sending.done()
    await watch.pass_time(0.2)
    assert sending.result()


async def test_while_telegram_wants_silence_nobody_says_anything(
    telegram: TelegramStub, gate: Gate, watch: Watch
) -> None:
    telegram.refusals.append(too_many(5))
    calls = [
        gate.send(1, SCREEN),
        gate.turn(2, Lane.VOUCHER, within=60),
        gate.edit(3, 5, SCREEN),
        gate.answer("7"),
        gate.delete(4, 5),
        gate.typing(4),
    ]
    begin(calls[0])
    await watch.pass_time(0)
    others = [begin(call) for call in calls[1:]]
    await watch.pass_time(4.9)
    assert len(telegram.calls) == 1
    await watch.pass_time(0.2)
    assert len(telegram.calls) == len(calls)  # the turn is no call, the first one was repeated
    assert all(other.done() for other in others)


async def test_the_gate_gives_up_after_three_waits(
    telegram: TelegramStub, gate: Gate, watch: Watch
) -> None:
    telegram.refusals += [too_many(1)] * 4
    sending = begin(gate.send(1, SCREEN))
    await watch.pass_time(10)
    assert isinstance(sending.exception(), TelegramRetryAfter)
    assert len(telegram.calls) == 4


async def test_no_answer_waits_longer_than_half_a_minute(
    telegram: TelegramStub, gate: Gate
) -> None:
    telegram.refusals.append(too_many(31))
    for call in (gate.send(1, SCREEN), gate.send(2, SCREEN), gate.answer("7")):
        with pytest.raises(TooLate):
            await call
    assert len(telegram.calls) == 1


async def test_a_notice_is_tried_once_and_the_whole_bot_held(
    telegram: TelegramStub, gate: Gate
) -> None:
    """Its worker knows when it comes again."""
    telegram.refusals.append(too_many(31))
    with pytest.raises(TelegramRetryAfter):
        await gate.notify(1, SCREEN)
    with pytest.raises(TooLate):
        await gate.send(2, SCREEN)
    assert len(telegram.calls) == 1


async def test_a_notice_whose_lease_is_about_to_end_is_not_sent(
    telegram: TelegramStub, gate: Gate, watch: Watch
) -> None:
    """Telegram may take ten seconds over it, and then it would be another worker's."""
    with pytest.raises(TooLate):
        await gate.turn(1, Lane.REMINDER, within=TIMEOUT)
    await gate.send(1, SCREEN)
    second = begin(gate.turn(1, Lane.REMINDER, within=TIMEOUT + 0.5))
    await watch.pass_time(0.6)
    assert isinstance(second.exception(), TooLate)
    assert len(telegram.calls) == 1


async def test_edits_and_files_take_their_turn_too(
    telegram: TelegramStub, gate: Gate, watch: Watch
) -> None:
    calls = [gate.edit(1, 5, SCREEN), gate.send(1, SCREEN), gate.document(1, "a.pdf", b"a")]
    sendings = [begin(call) for call in calls]
    sendings += [begin(gate.venue(1, 53.2, 69.4, "a", "b")) for _ in range(CHAT_BURST - 2)]
    await watch.pass_time(0)
    assert [sending.done() for sending in sendings] == [True] * CHAT_BURST + [False]
    await watch.pass_time(1.1)
    assert sendings[-1].done()


async def test_what_does_not_count_takes_no_turn(telegram: TelegramStub, gate: Gate) -> None:
    for number in range(100):
        await gate.answer(f"{number}")
        await gate.typing(1)
        await gate.delete(1, number)
    assert len(telegram.calls) == 300


async def test_closing_a_message_takes_its_buttons(telegram: TelegramStub, gate: Gate) -> None:
    await gate.close(1, 5, SCREEN)
    call = telegram.calls[0]
    assert isinstance(call, EditMessageText)
    assert (call.message_id, call.text, call.reply_markup) == (5, "text", None)


@pytest.mark.parametrize(
    "text",
    ["message to edit not found", "message can't be edited", "message is not modified: same"],
)
async def test_closing_a_message_that_is_gone_sends_no_other(
    telegram: TelegramStub, gate: Gate, text: str
) -> None:
    telegram.refusals.append(refused(text))
    await gate.close(1, 5, SCREEN)
    assert len(telegram.calls) == 1


async def test_a_message_that_is_gone_already_need_not_be_deleted(
    telegram: TelegramStub, gate: Gate
) -> None:
    telegram.refusals.append(refused("message to delete not found"))
    await gate.delete(1, 5)


async def test_the_bots_name_is_asked_for_once_telegram_tells_it(
    gate: Gate, telegram: TelegramStub
) -> None:
    telegram.refusals.append(TelegramServerError(METHOD, "Bad Gateway"))
    assert await gate.name() is None
    assert await gate.name() == "orynbot"
