"""Whatever goes wrong, the person gets an answer that helps, and the log gets no text of theirs."""

import traceback
from typing import Any

import structlog
from aiogram import BaseMiddleware
from aiogram.exceptions import TelegramAPIError
from aiogram.types import TelegramObject, Update
from markupsafe import escape
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.keyboards.base import rows
from bot.keyboards.menu import to_menu
from bot.middlewares.arrival import Handler
from bot.outgoing.gate import ChatGone
from bot.screens import troubles
from bot.screens.base import Screen
from bot.tap import Tap
from core.applications.rules import Refused
from core.citizens.port import CitizensBaseUnavailable
from core.codes.values import CodesExhausted
from locales.texts import Texts

log = structlog.get_logger(__name__)

DATABASE_DOWN = (OperationalError, InterfaceError, PoolTimeout, ConnectionRefusedError)
"""asyncpg's refused connection comes unwrapped; aiohttp's own is another class."""


class Errors(BaseMiddleware):
    """Outermost: turns errors into answers. A database that is down is raised again, so that
    the transport can ask Telegram to deliver the update later."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Update)
        try:
            return await handler(event, data)
        except DATABASE_DOWN:
            raise
        except Exception as error:  # noqa: BLE001 the last stop: everything is answered here
            await self._answer(error, event, data.get("tap"))
            return None

    async def _answer(self, error: Exception, update: Update, tap: Tap | None) -> None:
        if isinstance(error, ChatGone):
            if tap is not None:
                await tap.core.visitors.mark_blocked(tap.chat_id, tap.moment)
            return
        known = None if tap is None else words(error, tap.t)
        if known is None:
            log.error("update failed", update_id=update.update_id, **described(error))
        if tap is None:
            return
        try:
            await _tell(tap, known or troubles.went_wrong(tap.t))
        except (TelegramAPIError, ChatGone) as second:
            log.error("answer failed", update_id=update.update_id, **described(second))


async def _tell(tap: Tap, text: str) -> None:
    """An alert over the chat, or a message with the way to the menu under it."""
    if tap.callback_id is None:
        await tap.send(Screen(escape(text), rows(to_menu(tap.t))))
    else:
        await tap.alert(text)


def words(error: Exception, t: Texts) -> str | None:
    """The words for an error that is no fault of ours; None for the others."""
    if isinstance(error, Refused):
        return troubles.refused(error.refusal, t)
    if isinstance(error, CodesExhausted):
        return troubles.codes_exhausted(error, t)
    if isinstance(error, CitizensBaseUnavailable):
        return troubles.citizens_base_silent(t)
    return None


def described(error: Exception) -> dict[str, str]:
    """An error for the log: its class and its place, never its text (it may quote a person)."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "place": place}
