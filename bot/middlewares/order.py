"""One person's updates are handled one after another, in the order of their arrival.

Telegram hands over a chat's messages and a user's presses in two queues, and long polling a whole
batch at once; a code must not be read before the press that asks for it has been handled.
"""

from asyncio import Lock
from contextvars import ContextVar
from typing import Any
from weakref import WeakValueDictionary

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update

from bot.middlewares.arrival import Handler
from bot.middlewares.visitor import sender
from core.order.lines import Lines

HANDLED: ContextVar[int | None] = ContextVar("HANDLED", default=None)
"""Whose update is being handled: a press taken up again within it must not wait for it."""


class InOrder(BaseMiddleware):
    """Lets one update of a person through at a time. Other people do not wait."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[int, Lock] = WeakValueDictionary()

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Update)
        user, _ = sender(event)
        if user is None or HANDLED.get() == user.id:
            return await handler(event, data)
        async with self._locks.setdefault(user.id, Lock()):
            token = HANDLED.set(user.id)
            try:
                return await handler(event, data)
            finally:
                HANDLED.reset(token)


class InOrderEverywhere(BaseMiddleware):
    """The same, whichever of the processes it came to. An update that found the database down in
    another one keeps the moment at which it came there (D8)."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Update)
        user, _ = sender(event)
        if user is None or HANDLED.get() == user.id:
            return await handler(event, data)
        ticket, arrived = await self._lines.stand(user.id, event.update_id)
        if arrived is not None:
            data["moment"] = min(arrived, data["moment"])
        token = HANDLED.set(user.id)
        try:
            return await handler(event, data)
        finally:
            HANDLED.reset(token)
            self._lines.leave(ticket, user.id)
