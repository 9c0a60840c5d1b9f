"""So many updates are in hand at once; the others wait, and are let in by order of arrival."""

import asyncio
import heapq
from contextvars import ContextVar
from datetime import datetime
from itertools import count
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from bot.middlewares.arrival import Handler

IN_HAND = 40
"""As many as Telegram brings to a webhook at once. Long polling brings a hundred in a moment, and
an outage of ours leaves thousands: all in hand at once, none would be answered for long."""

ADMITTED: ContextVar[bool] = ContextVar("ADMITTED", default=False)
"""A press taken up again within an update must not wait for the place that this update has."""


class Admission(BaseMiddleware):
    """Stands behind the order of one person's updates, so that whoever waits for themselves takes
    no place from others. The order of arrival is that of the moments (D8): what Telegram had to
    bring again comes first."""

    def __init__(self, places: int = IN_HAND) -> None:
        self._free = places
        self._waiting: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._numbers = count()

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if ADMITTED.get():
            return await handler(event, data)
        await self._enter(data["moment"])
        token = ADMITTED.set(True)
        try:
            return await handler(event, data)
        finally:
            ADMITTED.reset(token)
            self._leave()

    async def _enter(self, moment: datetime) -> None:
        admitted = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (moment, next(self._numbers), admitted))
        self._let_in()
        try:
            await admitted
        except asyncio.CancelledError:
            if not admitted.cancelled():
                self._leave()  # it was let in at the same moment
            raise

    def _leave(self) -> None:
        self._free += 1
        self._let_in()

    def _let_in(self) -> None:
        while self._free and self._waiting:
            *_, admitted = heapq.heappop(self._waiting)
            if not admitted.done():
                self._free -= 1
                admitted.set_result(None)
