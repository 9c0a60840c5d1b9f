"""Whose button it is: asked in one place, for all buttons (D11, design 4 and 13)."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, TelegramObject

from bot.keyboards.base import ApplicationButton, PersonalButton
from bot.middlewares.arrival import Handler
from bot.screens import troubles
from bot.tap import Tap
from core.applications.values import NotYours

EnterAgain = Callable[[Tap, str], Awaitable[None]]
"""Asks the person to enter, and keeps the callback data to go on with afterwards."""


class Ownership(BaseMiddleware):
    """Lets a PersonalButton through with a session only, and an ApplicationButton only to the
    application's own applicant, whose handler gets `card`. Nobody else learns anything."""

    def __init__(self, enter_again: EnterAgain) -> None:
        self._enter_again = enter_again

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        pressed = data.get("callback_data")
        if not isinstance(pressed, PersonalButton):
            return await handler(event, data)
        tap: Tap = data["tap"]
        assert isinstance(event, CallbackQuery)
        if tap.visitor.person is None or not tap.visitor.session:
            return await self._enter_again(tap, event.data or "")
        try:
            if isinstance(pressed, ApplicationButton):
                data["card"] = await tap.core.applications.card(
                    pressed.application, tap.visitor.person, tap.moment
                )
            return await handler(event, data)
        except NotYours:  # the application, or something else that the button names
            return await tap.alert(troubles.not_yours(tap.t))
