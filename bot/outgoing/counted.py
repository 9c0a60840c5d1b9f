"""Calls to Telegram, counted by what came of them."""

from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType

from bot.metrics import CALLS

OUTCOMES: tuple[tuple[type[Exception], str], ...] = (
    (TelegramRetryAfter, "asked_to_wait"),
    (TelegramForbiddenError, "gone"),
    (TelegramBadRequest, "refused"),
    (TelegramUnauthorizedError, "refused"),
    (Exception, "failed"),
)
"""The first that fits."""


class Counted(BaseRequestMiddleware):
    """Around each try of a call, whoever makes it."""

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Any:
        try:
            answer = await make_request(bot, method)
        except Exception as error:
            CALLS[next(name for kind, name in OUTCOMES if isinstance(error, kind))].inc()
            raise
        CALLS["taken"].inc()
        return answer
