"""One message that tells how far something long has come."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from aiogram.exceptions import TelegramAPIError

from bot.outgoing.gate import ChatGone, Gate
from bot.outgoing.pace import TooLate
from bot.screens.base import Screen

log = structlog.get_logger(__name__)
T = TypeVar("T")

EVERY = 3.0
"""Seconds between two edits."""


class Progress:
    """Edits the message of a chat while `beside` waits for the work."""

    def __init__(
        self, gate: Gate, chat_id: int, message_id: int, screen: Callable[[int], Screen]
    ) -> None:
        self._gate = gate
        self._chat_id = chat_id
        self.message_id = message_id
        self._screen = screen
        self._done = self._shown = 0
        self._over = asyncio.Event()

    def tell(self, done: int) -> None:
        """So much is done."""
        self._done = done

    async def beside(self, work: Awaitable[T]) -> T:
        """What `work` gives; once this returns, the message is not edited any more."""

        async def working() -> T:
            try:
                return await work
            finally:
                self._over.set()

        result, _ = await asyncio.gather(working(), self._keep(), return_exceptions=True)
        if isinstance(result, BaseException):
            raise result
        return result

    async def _keep(self) -> None:
        while not self._over.is_set():
            try:
                async with asyncio.timeout(EVERY):
                    await self._over.wait()
            except TimeoutError:
                await self._show()

    async def _show(self) -> None:
        if self._done == self._shown:
            return
        self._shown = self._done
        try:
            await self._gate.edit(self._chat_id, self.message_id, self._screen(self._done))
        except (TelegramAPIError, ChatGone, TooLate):
            log.info("progress not shown", chat_id=self._chat_id)
