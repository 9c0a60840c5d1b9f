"""What one update does is found in the logs by one id, and is timed."""

import time
from typing import Any

import structlog
from aiogram import BaseMiddleware
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.types import TelegramObject, Update
from structlog.contextvars import bound_contextvars

from bot.metrics import UPDATE_SECONDS
from bot.middlewares.arrival import Handler
from core import trace

log = structlog.get_logger(__name__)


class Traces(BaseMiddleware):
    """Outermost but for `Slowing`: all that an update does is done under its id (`core.trace`)."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Update)
        with trace.follow(trace.of_update(event.update_id)), UPDATE_SECONDS.time():
            return await handler(event, data)


class Named(BaseMiddleware):
    """Innermost: says which handler it was, how it ended and how long it took."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        with bound_contextvars(handler=_name(data["handler"])):
            began, outcome = time.perf_counter(), "done"
            try:
                return await handler(event, data)
            except Exception as error:
                outcome = type(error).__name__
                raise
            finally:
                log.info("handled", outcome=outcome, ms=round(1000 * (time.perf_counter() - began)))


def _name(handler: HandlerObject) -> str:
    module = handler.callback.__module__.removeprefix("bot.handlers.")
    return f"{module}.{getattr(handler.callback, '__name__', '')}"
