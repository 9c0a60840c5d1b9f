"""Every tap is answered: without an answer the button spins for a minute."""

from typing import Any

from aiogram import BaseMiddleware
from aiogram.methods import AnswerCallbackQuery
from aiogram.types import TelegramObject

from bot.middlewares.arrival import Handler
from bot.tap import Tap


class Answers(BaseMiddleware):
    """Answers the tap that the handler has left unanswered: with `rides` it is returned, for
    the webhook's own response, which saves a call; else it is a call. Nothing hangs on its arrival:
    what matters stands on the screen, which was shown before."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        result = await handler(event, data)
        tap: Tap | None = data.get("tap")
        if tap is not None and tap.callback_id is not None and not tap.answered:
            tap.answered = True
            if data.get("rides"):
                return AnswerCallbackQuery(callback_query_id=tap.callback_id)
            await tap.gate.answer(tap.callback_id)
        return result
