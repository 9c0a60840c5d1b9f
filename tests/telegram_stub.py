"""Telegram for tests of the bot alone: remembers what each chat shows, and refuses when told to."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from itertools import count
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    EditMessageText,
    GetFile,
    GetMe,
    SendDocument,
    SendMessage,
    SendPhoto,
    SendVenue,
    TelegramMethod,
)
from aiogram.types import (
    BufferedInputFile,
    Chat,
    File,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyKeyboardMarkup,
    User,
)

from bot.outgoing.gate import Gate
from bot.outgoing.pace import Pacer

TOKEN = "42:test-token"
WHEN = datetime(2026, 4, 7, tzinfo=UTC)


class TelegramStub(BaseSession):
    """Answers the bot's calls. `refusals` are raised first, one a call."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[TelegramMethod[Any]] = []
        self.refusals: list[Exception] = []
        self.shown: dict[int, SendMessage | SendPhoto | EditMessageText] = {}
        self.files: dict[str, bytes] = {}
        self._ids = count(1000)

    @property
    def bot(self) -> Bot:
        """A bot that speaks to this stub."""
        return Bot(TOKEN, session=self)

    @property
    def gate(self) -> Gate:
        """A gate to this stub, with a pace that holds nobody up."""
        return Gate(self.bot, Pacer(1000, 1000))

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ASYNC109 aiogram's own signature
    ) -> Any:
        self.calls.append(method)
        if self.refusals:
            raise self.refusals.pop(0)
        if isinstance(method, SendMessage | SendDocument | SendPhoto | SendVenue):
            message_id = next(self._ids)
            if isinstance(method, SendMessage | SendPhoto):
                self.shown[message_id] = method
            chat = Chat(id=int(method.chat_id), type="private")
            return Message(message_id=message_id, date=WHEN, chat=chat)
        if isinstance(method, EditMessageText):
            assert method.message_id is not None
            self.shown[method.message_id] = method
        if isinstance(method, GetFile):
            if method.file_id not in self.files:
                raise TelegramBadRequest(method, "Bad Request: invalid file_id")
            return File(file_id=method.file_id, file_unique_id="u", file_path=method.file_id)
        if isinstance(method, GetMe):
            return User(id=42, is_bot=True, first_name="Orynbot", username="orynbot")
        return True

    async def close(self) -> None:
        """Nothing is open."""

    async def stream_content(self, url: str, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        yield self.files[url.rpartition("/")[2]]

    @property
    def newest(self) -> SendMessage | EditMessageText:
        """What was shown last."""
        last = [c for c in self.calls if isinstance(c, SendMessage | EditMessageText)][-1]
        assert isinstance(last, SendMessage | EditMessageText)
        return last

    @property
    def texts(self) -> list[str]:
        """All that was shown, in order."""
        return [c.text or "" for c in self.calls if isinstance(c, SendMessage | EditMessageText)]

    @property
    def documents(self) -> list[tuple[str, bytes, str]]:
        """The files that were sent: name, content, caption."""
        return [
            (c.document.filename or "", c.document.data, c.caption or "")
            for c in self.calls
            if isinstance(c, SendDocument) and isinstance(c.document, BufferedInputFile)
        ]

    @property
    def photos(self) -> list[SendPhoto]:
        """All pictures, in order."""
        return [call for call in self.calls if isinstance(call, SendPhoto)]

    @property
    def toasts(self) -> list[str]:
        """All toasts and alerts, in order."""
        return [c.text for c in self.calls if isinstance(c, AnswerCallbackQuery) and c.text]

    @property
    def deleted(self) -> list[int]:
        """The messages that were taken off the chat."""
        return [c.message_id for c in self.calls if isinstance(c, DeleteMessage)]

    def message_with(self, label: str) -> tuple[int, InlineKeyboardButton]:
        """The newest message that shows a button whose label has `label` in it."""
        for message_id in sorted(self.shown, reverse=True):
            for button in buttons(self.shown[message_id].reply_markup):
                if label in button.text:
                    return message_id, button
        raise AssertionError(f"no button {label!r} under any message")


def buttons(keyboard: object) -> list[InlineKeyboardButton]:
    """The inline buttons in reading order."""
    if not isinstance(keyboard, InlineKeyboardMarkup):
        return []
    return [button for line in keyboard.inline_keyboard for button in line]


def labels(keyboard: object) -> list[str]:
    """What stands on the buttons, of either kind of keyboard."""
    if isinstance(keyboard, ReplyKeyboardMarkup):
        return [button.text for line in keyboard.keyboard for button in line]
    return [button.text for button in buttons(keyboard)]
