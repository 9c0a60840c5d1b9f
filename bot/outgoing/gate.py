"""The one gate to Telegram: every call goes through here, with its refusals understood."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import aiohttp
import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramRetryAfter,
)
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    GetFile,
    SendChatAction,
    SendDocument,
    SendVenue,
    SetMyCommands,
    TelegramMethod,
)
from aiogram.methods.base import Response
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    InlineKeyboardMarkup,
    Message,
)

from bot.outgoing.messages import HTML, edit_of, message_of, photo_of
from bot.outgoing.pace import Pacer
from bot.outgoing.refusals import CANNOT_DELETE, CHAT_UNKNOWN, TOO_LATE, edited, says
from bot.screens.base import Screen
from core.notices.plan import Lane

log = structlog.get_logger(__name__)
T = TypeVar("T")

ANSWER_LENGTH = 200
"""Characters that a toast or an alert may have."""
TRIES = 4
"""Of one call that Telegram answers with 429, and that only."""
LONGEST_WAIT = 30
"""Seconds that a person's answer waits for Telegram's sake before we give up."""
DOWNLOADED = 20 * 1024 * 1024
"""Bytes of a file that Telegram lets a bot get."""
DOWNLOAD_TIMEOUT = 120
"""Seconds that a file of 20 MB may take."""
TIMEOUT = 10
"""Seconds that Telegram has to take a notice; an answer has aiogram's minute."""

HELD = [Response[kind] for kind in (Message, Message | bool, bool)]  # type: ignore[valid-type]
"""Telegram's answers to our calls. pydantic forgets such a model when nobody holds it, and aiogram
would build it anew, over and over: several milliseconds of each call."""


class NotHandedOver(Exception):
    """Telegram has not handed a file over: it is too old or too large, or the way is blocked."""


class ChatGone(Exception):
    """The chat takes nothing any more: the bot is blocked, or the account is deactivated."""


class Gate:
    """Sends screens, each at its pace (see `Pacer` for the lanes). A 429 holds the whole bot for
    as long as it says; then an answer is tried again.

    Every method raises ChatGone, and aiogram's errors for what is not expected; TooLate, with
    nothing sent, when its turn does not come in time. Notices wait for their `turn` before they
    are made, and are then sent by `notify` or `close`, once: their worker knows when they come
    again.
    """

    def __init__(self, bot: Bot, pacer: Pacer) -> None:
        self.bot = bot
        self._pacer = pacer

    def let_go(self) -> None:
        """The process ends: notices get no turn any more, which raises TooLate; answers do."""
        self._pacer.let_go()

    async def name(self) -> str | None:
        """The bot's name at Telegram, without @; None while Telegram does not tell it."""
        try:
            return (await self.bot.me()).username
        except (TelegramAPIError, ClientDecodeError):
            return None

    async def send(
        self, chat_id: int, screen: Screen, *, silent: bool = False, lane: Lane = Lane.ANSWER
    ) -> int:
        """Send a screen as a new message; its id."""
        message = await self._paced(message_of(chat_id, screen, silent), chat_id, lane)
        return message.message_id

    async def edit(
        self, chat_id: int, message_id: int, screen: Screen, *, lane: Lane = Lane.ANSWER
    ) -> int:
        """Turn a message into another screen; its id. What cannot be edited is sent anew."""
        keyboard = screen.keyboard
        if keyboard is not None and not isinstance(keyboard, InlineKeyboardMarkup):
            return await self.send(chat_id, screen, lane=lane)  # edits take inline keyboards only
        call = self._paced(edit_of(chat_id, message_id, screen.text, keyboard), chat_id, lane)
        if await edited(call):
            return message_id
        return await self.send(chat_id, screen, lane=lane)

    async def turn(self, chat_id: int, lane: Lane, *, within: float) -> None:
        """Wait for a notice's turn, so that it can be sent, and taken, `within` so many seconds."""
        await self._pacer.turn(chat_id, lane, within=within - TIMEOUT)

    async def notify(self, chat_id: int, screen: Screen, picture: bytes | None = None) -> int:
        """Send a notice whose turn has come, as the caption of a picture if there is one; the
        message's id."""
        call = (
            message_of(chat_id, screen) if picture is None else photo_of(chat_id, picture, screen)
        )
        message = await self._once(call, TIMEOUT)
        return message.message_id

    async def close(self, chat_id: int, message_id: int, screen: Screen) -> None:
        """Turn a notice, whose turn has come, into its last screen, without buttons. A message
        that is gone, or too old, is left at that."""
        if not await edited(self._once(edit_of(chat_id, message_id, screen.text), TIMEOUT)):
            log.info("message not closed", chat_id=chat_id, message_id=message_id)

    async def take_back(self, chat_id: int, message_id: int) -> bool:
        """Delete a message that was sent, when its turn has come. False: it cannot be deleted."""
        try:
            await self._once(DeleteMessage(chat_id=chat_id, message_id=message_id), TIMEOUT)
        except TelegramBadRequest as error:
            if not says(error, CANNOT_DELETE):
                raise
            return False
        return True

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
            if not says(error, TOO_LATE):
                raise
            log.info("tap answered too late")

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Delete a message. One that is gone, or older than 48 hours, is left at that."""
        try:
            await self._call(DeleteMessage(chat_id=chat_id, message_id=message_id))
        except TelegramBadRequest as error:
            if not says(error, CANNOT_DELETE):
                raise
            log.info("message not deleted", chat_id=chat_id, message_id=message_id)

    async def document(
        self,
        chat_id: int,
        filename: str,
        data: bytes,
        caption: str = "",
        *,
        lane: Lane = Lane.ANSWER,
    ) -> int:
        """Send a file with an HTML caption; the message's id."""
        message = await self._paced(
            SendDocument(
                chat_id=chat_id,
                document=BufferedInputFile(data, filename),
                caption=caption or None,
                parse_mode=HTML,
            ),
            chat_id,
            lane,
        )
        return message.message_id

    async def download(self, file_id: str, to: Path) -> None:
        """Get a file that somebody has sent. Raises NotHandedOver: the address of a file holds the
        token, so that no error of the way there may be told."""
        try:
            file = await self._call(GetFile(file_id=file_id))
            await self.bot.download_file(file.file_path or "", to, timeout=DOWNLOAD_TIMEOUT)
        except (TelegramAPIError, aiohttp.ClientError, TimeoutError) as error:
            raise NotHandedOver(type(error).__name__) from None

    async def photo(
        self, chat_id: int, picture: bytes, caption: Screen, *, lane: Lane = Lane.ANSWER
    ) -> int:
        """Send a PNG over a caption of at most 1024 characters; the message's id. A button under
        it that shows a screen gets a message of its own: a picture cannot become a text."""
        message = await self._paced(photo_of(chat_id, picture, caption), chat_id, lane)
        return message.message_id

    async def venue(
        self,
        chat_id: int,
        latitude: float,
        longitude: float,
        title: str,
        address: str,
        *,
        lane: Lane = Lane.ANSWER,
    ) -> int:
        """Send a pin on the map; the message's id."""
        message = await self._paced(
            SendVenue(
                chat_id=chat_id,
                latitude=latitude,
                longitude=longitude,
                title=title,
                address=address,
            ),
            chat_id,
            lane,
        )
        return message.message_id

    async def typing(self, chat_id: int) -> None:
        """Show that the answer is being made."""
        await self._call(SendChatAction(chat_id=chat_id, action="typing"))

    async def commands(self, chat_id: int, commands: list[BotCommand]) -> None:
        """Show these commands in one chat."""
        scope = BotCommandScopeChat(chat_id=chat_id)
        await self._call(SetMyCommands(commands=commands, scope=scope))

    async def _paced(self, method: TelegramMethod[T], chat_id: int, lane: Lane) -> T:
        """A call that Telegram counts: each try waits for its turn."""
        return await self._tried(method, partial(self._pacer.turn, chat_id, lane))

    async def _call(self, method: TelegramMethod[T]) -> T:
        """A call that does not count."""
        return await self._tried(method, self._pacer.end_of_pause)

    async def _tried(self, method: TelegramMethod[T], turn: Callable[..., Awaitable[None]]) -> T:
        for _ in range(TRIES - 1):
            await turn(within=LONGEST_WAIT)
            try:
                return await self._once(method)
            except TelegramRetryAfter:
                continue
        await turn(within=LONGEST_WAIT)
        return await self._once(method)

    async def _once(self, method: TelegramMethod[T], seconds: int | None = None) -> T:
        try:
            return await self.bot(method, request_timeout=seconds)
        except TelegramRetryAfter as error:
            log.warning("telegram asks for a pause", seconds=error.retry_after)
            self._pacer.pause(error.retry_after)
            raise
        except TelegramForbiddenError as error:
            raise ChatGone from error
        except TelegramBadRequest as error:
            if says(error, CHAT_UNKNOWN):
                raise ChatGone from error
            raise
