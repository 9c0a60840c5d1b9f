"""The bot hears Telegram, whatever Telegram or a fault of ours does: or its process ends."""

import asyncio
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramNetworkError, TelegramUnauthorizedError
from aiogram.methods import DeleteWebhook, SetMyCommands, SetWebhook, TelegramMethod

from bot import listening
from bot.nursery import Nursery
from bot.settings import Settings
from tests.telegram_stub import TelegramStub

DOWN = TelegramNetworkError(SetMyCommands(commands=[]), "down")
WRONG = TelegramUnauthorizedError(SetMyCommands(commands=[]), "Unauthorized")
POLLING = Settings.model_validate({"bot_token": "42:test-token"})
WEBHOOK = Settings.model_validate(
    {
        "bot_token": "42:test-token",
        "webhook_url": "https://bot.example",
        "webhook_secret": "of-the-webhook",
    }
)


class Polling(Dispatcher):
    """A dispatcher whose polling fails as often as it is told to, and then goes on for ever."""

    def __init__(self, failures: int) -> None:
        super().__init__(disable_fsm=True)
        self.failures = failures
        self.begun = 0
        self.goes_on = asyncio.Event()

    async def start_polling(self, *_: Any, **__: Any) -> None:
        self.begun += 1
        if self.begun <= self.failures:
            raise RuntimeError("a fault of ours")
        self.goes_on.set()
        await asyncio.Event().wait()


class Told(TelegramStub):
    """A Telegram that notes when it is told where updates go."""

    def __init__(self) -> None:
        super().__init__()
        self.told = asyncio.Event()

    async def make_request(
        self, bot: Bot, method: TelegramMethod[Any], *more: Any, **named: Any
    ) -> Any:
        result = await super().make_request(bot, method, *more, **named)
        if isinstance(method, SetWebhook):
            self.told.set()
        return result


def made(telegram: TelegramStub, kind: type) -> int:
    """How many calls of that kind have come to Telegram."""
    return sum(isinstance(call, kind) for call in telegram.calls)


@pytest.fixture(autouse=True)
def in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PAUSES", (0.01,))
    monkeypatch.setattr(
        listening.listen, "__kwdefaults__", {"introduced": False, "pauses": (0.01,)}
    )


async def test_an_unreachable_telegram_stops_no_start_and_is_told_later() -> None:
    telegram, dispatcher = Told(), Polling(0)
    telegram.refusals = [DOWN, DOWN, DOWN]
    async with Nursery() as nursery:
        await listening.start_listening(telegram.bot, dispatcher, WEBHOOK, nursery)
        assert not telegram.told.is_set()
        await asyncio.wait_for(telegram.told.wait(), 5)
    assert dispatcher.begun == 0


async def test_a_telegram_that_hangs_keeps_no_start_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def hang(*_: Any, **__: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(listening, "PATIENCE", 0.01)
    monkeypatch.setattr(listening, "publish", hang)
    async with Nursery() as nursery:
        await asyncio.wait_for(
            listening.start_listening(TelegramStub().bot, Polling(0), POLLING, nursery), 5
        )


async def test_polling_that_fails_is_begun_again() -> None:
    telegram, dispatcher = TelegramStub(), Polling(2)
    async with Nursery() as nursery:
        await listening.start_listening(telegram.bot, dispatcher, POLLING, nursery)
        await asyncio.wait_for(dispatcher.goes_on.wait(), 5)
    assert dispatcher.begun == 3
    assert made(telegram, DeleteWebhook) == 1


async def test_a_wrong_token_ends_the_start() -> None:
    telegram = TelegramStub()
    telegram.refusals = [WRONG]
    async with Nursery() as nursery:
        with pytest.raises(TelegramUnauthorizedError):
            await listening.start_listening(telegram.bot, Polling(0), POLLING, nursery)


@pytest.fixture
def asked_to_end() -> Iterator[asyncio.Event]:
    """This process has been asked to end."""
    asked = asyncio.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: asked.set())
    yield asked
    signal.signal(signal.SIGTERM, before)


async def test_a_token_found_wrong_later_ends_the_process(asked_to_end: asyncio.Event) -> None:
    telegram = TelegramStub()
    telegram.refusals = [DOWN, WRONG]
    async with Nursery() as nursery:
        await listening.start_listening(telegram.bot, Polling(0), POLLING, nursery)
        await asyncio.wait_for(asked_to_end.wait(), 5)
