"""Whatever goes wrong, the person gets an answer that helps, and the log gets no text of theirs."""

import asyncio
import traceback
from collections.abc import Sequence
from typing import Any

import structlog
from aiogram import BaseMiddleware
from aiogram.exceptions import TelegramAPIError
from aiogram.types import TelegramObject, Update
from markupsafe import escape

from bot.keyboards.base import rows
from bot.keyboards.menu import to_menu
from bot.metrics import UPDATES
from bot.middlewares.arrival import Handler
from bot.outgoing.gate import ChatGone
from bot.outgoing.pace import TooLate
from bot.screens import troubles
from bot.screens.base import Screen
from bot.screens.staff import desk, families
from bot.tap import Tap
from core.applications.rules import Refused
from core.citizens.port import CitizensBaseUnavailable
from core.codes.values import CodesExhausted
from core.db.engine import DatabaseDown
from core.families.values import UnknownFamily
from core.staff.rules import NotAllowed
from locales.texts import Texts

log = structlog.get_logger(__name__)

PAUSES = (0.5, 1, 2, 4, 8, 15, 30, 60)
"""Seconds between two tries of an update that finds the database down. Long polling waits them
all, as Telegram has been told by then that the update came; a webhook can be brought it again."""


class Errors(BaseMiddleware):
    """Turns errors into answers. A database that is down is waited for; after the last
    of the pauses it is raised, so that the transport can ask Telegram to bring the update again."""

    def __init__(self, pauses: Sequence[float] = ()) -> None:
        self._pauses = pauses

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Update)
        for pause in self._pauses:
            try:
                return await self._handle(handler, event, data)
            except DatabaseDown:
                log.warning("the database is down", update_id=event.update_id)
                await asyncio.sleep(pause)  # the update keeps its moment (D8)
        try:
            return await self._handle(handler, event, data)
        except DatabaseDown:
            UPDATES.labels("postponed").inc()
            raise

    async def _handle(self, handler: Handler, event: Update, data: dict[str, Any]) -> Any:
        try:
            answer = await handler(event, data)
        except DatabaseDown:
            raise
        except Exception as error:  # noqa: BLE001 the last stop: everything is answered here
            await self._answer(error, event, data.get("tap"))
            return None
        UPDATES.labels("answered").inc()
        return answer

    async def _answer(self, error: Exception, update: Update, tap: Tap | None) -> None:
        if isinstance(error, ChatGone):
            if tap is not None:
                await tap.core.visitors.mark_blocked(tap.chat_id, tap.moment)
            return
        known = None if tap is None else words(error, tap.t)
        UPDATES.labels("failed" if known is None else "answered").inc()
        if known is None:
            log.error("update failed", update_id=update.update_id, **described(error))
        if tap is None:
            return
        try:
            await _tell(tap, known or _unexpected(error, tap.t))
        except (TelegramAPIError, ChatGone, TooLate) as second:
            log.error("answer failed", update_id=update.update_id, **described(second))


async def _tell(tap: Tap, text: str) -> None:
    """An alert over the chat, or a message with the way to the menu under it."""
    if tap.callback_id is None:
        await tap.send(Screen(escape(text), rows(to_menu(tap.t))))
    else:
        await tap.alert(text)


def _unexpected(error: Exception, t: Texts) -> str:
    """Nobody is told that nothing has changed when it was only the answer that failed."""
    if isinstance(error, TelegramAPIError | TooLate):
        return troubles.not_shown(t)
    return troubles.went_wrong(t)


def words(error: Exception, t: Texts) -> str | None:
    """The words for an error that is no fault of ours; None for the others."""
    if isinstance(error, Refused):
        return troubles.refused(error.refusal, t)
    if isinstance(error, NotAllowed):
        return desk.not_allowed(t)
    if isinstance(error, UnknownFamily):
        return families.unknown(t)
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
