"""The one gate to Telegram: every call goes through here, with its refusals understood."""

import asyncio
from typing import TypeVar

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramRetryAfter
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    EditMessageText,
    SendChatAction,
    SendDocument,
    SendMessage,
    SendVenue,
    SetMyCommands,
    TelegramMethod,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)

from bot.screens.base import Screen

log = structlog.get_logger(__name__)
T = TypeVar("T")

HTML = "HTML"
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
ANSWER_LENGTH = 200
"""Characters that a toast or an alert may have."""
REPEATS = 3
LONGEST_WAIT = 30
"""Seconds that we wait for Telegram's sake before we give up."""

NOT_MODIFIED = "message is not modified"
CANNOT_EDIT = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)
CANNOT_DELETE = (
    "message to delete not found",
    "message can't be deleted",
    "message identifier is not specified",
)
TOO_LATE = ("query is too old", "query id is invalid")
CHAT_UNKNOWN = "chat not found"


class ChatGone(Exception):
    """The chat takes nothing any more: the bot is blocked, or the account is deactivated."""


class Gate:
    """Sends screens. Every method raises ChatGone, and aiogram's errors for what is not
    expected; each waits out at most three 429s of 30 seconds or less."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def send(self, chat_id: int, screen: Screen, *, silent: bool = False) -> int:
        """Send a screen as a new message; its id."""
        message = await self._call(
            SendMessage(
                chat_id=chat_id,
                text=screen.text,
                reply_markup=screen.keyboard,
                parse_mode=HTML,
                link_preview_options=NO_PREVIEW,
                disable_notification=silent or None,
            )
        )
        return message.message_id

    async def edit(self, chat_id: int, message_id: int, screen: Screen) -> int:
        """Turn a message into another screen; its id. What cannot be edited is sent anew."""
        keyboard = screen.keyboard
        if keyboard is not None and not isinstance(keyboard, InlineKeyboardMarkup):
            return await self.send(chat_id, screen)  # an edit takes inline keyboards only
        try:
            await self._call(
                EditMessageText(
                    chat_id=chat_id,
                    message_id=message_id,
                    text=screen.text,
                    reply_markup=keyboard,
                    parse_mode=HTML,
                    link_preview_options=NO_PREVIEW,
                )
            )
        except TelegramBadRequest as error:
            if _says(error, CANNOT_EDIT):
                return await self.send(chat_id, screen)
            if not _says(error, (NOT_MODIFIED,)):
                raise
        return message_id

    async def answer(
        self, callback_id: str, text: str | None = None, *, alert: bool = False
    ) -> None:
        """Answer a tap, with a toast or an alert. Too late is fine: the screen tells as well."""
        try:
            await self._call(
                AnswerCallbackQuery(
                    callback_query_id=callback_id,
                    text=None if text is None else text[:ANSWER_LENGTH],
                    show_alert=alert or None,
                )
            )
        except TelegramBadRequest as error:
            if not _says(error, TOO_LATE):
                raise
            log.info("tap answered too late")

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Delete a message. One that is gone, or older than 48 hours, is left at that."""
        try:
            await self._call(DeleteMessage(chat_id=chat_id, message_id=message_id))
        except TelegramBadRequest as error:
            if not _says(error, CANNOT_DELETE):
                raise
            log.info("message not deleted", chat_id=chat_id, message_id=message_id)

    async def document(self, chat_id: int, filename: str, data: bytes, caption: str = "") -> int:
        """Send a file with an HTML caption; the message's id."""
        message = await self._call(
            SendDocument(
                chat_id=chat_id,
                document=BufferedInputFile(data, filename),
                caption=caption or None,
                parse_mode=HTML,
            )
        )
        return message.message_id

    async def venue(
        self, chat_id: int, latitude: float, longitude: float, title: str, address: str
    ) -> int:
        """Send a pin on the map; the message's id."""
        message = await self._call(
            SendVenue(
                chat_id=chat_id,
                latitude=latitude,
                longitude=longitude,
                title=title,
                address=address,
            )
        )
        return message.message_id

    async def typing(self, chat_id: int) -> None:
        """Show that the answer is being made."""
        await self._call(SendChatAction(chat_id=chat_id, action="typing"))

    async def commands(self, chat_id: int, commands: list[BotCommand]) -> None:
        """Show these commands in one chat."""
        scope = BotCommandScopeChat(chat_id=chat_id)
        await self._call(SetMyCommands(commands=commands, scope=scope))

    async def _call(self, method: TelegramMethod[T]) -> T:
        for _ in range(REPEATS):
            try:
                return await self._once(method)
            except TelegramRetryAfter as error:
                if error.retry_after > LONGEST_WAIT:
                    raise
                await asyncio.sleep(error.retry_after)
        return await self._once(method)

    async def _once(self, method: TelegramMethod[T]) -> T:
        try:
            return await self.bot(method)
        except TelegramForbiddenError as error:
            raise ChatGone from error
        except TelegramBadRequest as error:
            if _says(error, (CHAT_UNKNOWN,)):
                raise ChatGone from error
            raise


def _says(error: TelegramBadRequest, texts: tuple[str, ...]) -> bool:
    message = error.message.lower()
    return any(text in message for text in texts)
