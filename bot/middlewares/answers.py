"""Every tap is answered: without an answer the button spins for a minute."""

from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject

from bot.middlewares.arrival import Handler
from bot.tap import Tap


@dataclass
class Reply:
    """What the transport's own response is to answer: that tap."""

    callback_id: str | None = None


class Answers(BaseMiddleware):
    """Answers the tap that the handler has left unanswered: in `reply`, where the transport has one
    (the webhook's own response, which saves a call), else by a call. Nothing hangs on its arrival:
    what matters stands on the screen, which was shown before."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        result = await handler(event, data)
        tap: Tap | None = data.get("tap")
        if tap is not None and tap.callback_id is not None and not tap.answered:
            tap.answered = True
            reply: Reply | None = data.get("reply")
            if reply is None:
                await tap.gate.answer(tap.callback_id)
            else:
                reply.callback_id = tap.callback_id
        return result
