"""The gate: Telegram's refusals, word for word, and what becomes of them."""

import asyncio

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage

from bot.outgoing.gate import ChatGone, Gate
from bot.screens.base import Screen
from tests.telegram_stub import TelegramStub

SCREEN = Screen("text")
METHOD = SendMessage(chat_id=1, text="text")


@pytest.fixture
def telegram() -> TelegramStub:
    return TelegramStub()


@pytest.fixture
def gate(telegram: TelegramStub) -> Gate:
    return Gate(telegram.bot)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the gate waited, each time; no time passes."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return waited


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
    telegram: TelegramStub, gate: Gate, waits: list[float]
) -> None:
    telegram.refusals += [too_many(3), too_many(5)]
    await gate.send(1, SCREEN)
    assert waits == [3, 5]


async def test_the_gate_gives_up_after_three_waits(
    telegram: TelegramStub, gate: Gate, waits: list[float]
) -> None:
    telegram.refusals += [too_many(1)] * 4
    with pytest.raises(TelegramRetryAfter):
        await gate.send(1, SCREEN)
    assert len(waits) == 3


async def test_the_gate_does_not_wait_longer_than_half_a_minute(
    telegram: TelegramStub, gate: Gate, waits: list[float]
) -> None:
    telegram.refusals.append(too_many(31))
    with pytest.raises(TelegramRetryAfter):
        await gate.send(1, SCREEN)
    assert waits == []


async def test_a_message_that_is_gone_already_need_not_be_deleted(
    telegram: TelegramStub, gate: Gate
) -> None:
    telegram.refusals.append(refused("message to delete not found"))
    await gate.delete(1, 5)
