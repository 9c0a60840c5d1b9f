"""Telegram that answers at once, and refuses what the real one would refuse."""

from collections import defaultdict, deque
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from itertools import count
from typing import Any

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageText,
    GetFile,
    GetMe,
    SendDocument,
    SendMessage,
    SendPhoto,
    SendVenue,
    TelegramMethod,
)
from aiogram.types import Chat, File, InlineKeyboardMarkup, Message, User

from bot.screens import troubles
from locales.texts import LANGUAGES, texts
from sandbox.errors import BadRequest
from sandbox.keyboards import parse_markup
from sandbox.methods_sending import caption, message_text

WHEN = datetime(2026, 4, 7, tzinfo=UTC)
REMEMBERED = 60
"""Buttons of a chat that somebody could press."""
WENT_WRONG = frozenset(troubles.went_wrong(texts(language)) for language in LANGUAGES)


class FuzzedTelegram(BaseSession):
    """Remembers each chat's newest buttons, the files that were uploaded, and how often the bot
    blamed itself."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[int, deque[tuple[int, str]]] = defaultdict(
            lambda: deque(maxlen=REMEMBERED)
        )
        self.files: dict[str, bytes] = {}
        self.blamed = 0
        self.refused: list[str] = []
        self._ids = count(1000)

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ASYNC109 aiogram's own signature
    ) -> Any:
        try:
            return self._answer(method)
        except BadRequest as refusal:
            self.refused.append(f"{type(method).__name__}: {refusal.description[:80]}")
            raise TelegramBadRequest(method, refusal.description) from None

    def _answer(self, method: TelegramMethod[Any]) -> Any:
        if isinstance(method, AnswerCallbackQuery):
            self._count(method.text)
            return True
        if isinstance(method, SendMessage | SendDocument | SendPhoto | SendVenue):
            return self._sent(method, int(method.chat_id), next(self._ids))
        if isinstance(method, EditMessageText):
            return self._sent(method, int(method.chat_id or 0), method.message_id or 0)
        if isinstance(method, GetFile):
            if method.file_id not in self.files:
                raise BadRequest("invalid file_id")
            return File(file_id=method.file_id, file_unique_id="u", file_path=method.file_id)
        if isinstance(method, GetMe):
            return User(id=42, is_bot=True, first_name="Orynbot", username="orynbot")
        return True

    def _sent(self, method: Any, chat_id: int, message_id: int) -> Message:
        keyboard = method.reply_markup
        if keyboard is not None:
            parse_markup(keyboard.model_dump(exclude_none=True))
        if isinstance(method, SendMessage | EditMessageText):
            self._count(message_text({"text": method.text, "parse_mode": "HTML"})[0])
        elif not isinstance(method, SendVenue):
            caption({"caption": method.caption or "", "parse_mode": "HTML"})
        if isinstance(keyboard, InlineKeyboardMarkup):
            for line in keyboard.inline_keyboard:
                self.buttons[chat_id].extend(
                    (message_id, button.callback_data) for button in line if button.callback_data
                )
        chat = Chat(id=chat_id, type="private")
        return Message(message_id=message_id, date=WHEN, chat=chat)

    def _count(self, text: str | None) -> None:
        if text in WENT_WRONG:
            self.blamed += 1

    async def close(self) -> None:
        """Nothing is open."""

    async def stream_content(self, url: str, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        yield self.files[url.rpartition("/")[2]]
