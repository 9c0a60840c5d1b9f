"""Who may enter the staff desk, and do what there: asked in one place, for all its handlers."""

import re
from typing import Any

from aiogram import BaseMiddleware
from aiogram.dispatcher.flags import get_flag
from aiogram.filters import Command, Filter
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.keyboards.staff.base import PREFIX, DeskButton, StaffButton
from bot.middlewares.arrival import Handler
from bot.middlewares.ownership import EnterAgain
from bot.screens.staff import desk
from bot.tap import Tap
from core.staff.rules import Member, Right

IIN_OR_PHONE = re.compile(r"\W*(\d\W*){10,14}")
"""Also one that is mistyped."""
AWAITS = "staff_"
"""Begins the name of every state in which the desk waits for a message."""


class StaffOnly(Filter):
    """Of the whole desk: lets staff through, whose handlers get `member`. For everybody else the
    desk does not exist: a command of it is a text like others, a button one that nobody made."""

    async def __call__(
        self, event: TelegramObject, tap: Tap | None = None
    ) -> bool | dict[str, Member]:
        if tap is None or tap.visitor.member is None or not _concerns(event, tap):
            return False
        return {"member": tap.visitor.member}


def _concerns(event: TelegramObject, tap: Tap) -> bool:
    if isinstance(event, CallbackQuery):
        return (event.data or "").startswith(PREFIX)
    assert isinstance(event, Message)
    awaiting = tap.visitor.awaiting or ""
    return awaiting.startswith(AWAITS) or (event.text or "").startswith("/")


class Rights(BaseMiddleware):
    """Refuses what the role has no right to, and asks for the session that the ownership
    middleware asks for buttons. A button names its right; a handler of messages is registered with
    `flags={"right": …}`."""

    def __init__(self, enter_again: EnterAgain) -> None:
        self._enter_again = enter_again

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        pressed = data.get("callback_data")
        right: Right | None = (
            pressed.right if isinstance(pressed, StaffButton) else get_flag(data, "right")
        )
        tap: Tap = data["tap"]
        if right is None:
            raise RuntimeError("a handler of the desk names no right")
        if not data["member"].may(right):
            await _put_aside(event, tap)
            return await tap.alert(desk.not_allowed(tap.t))
        if not tap.visitor.session:
            await _put_aside(event, tap)
            return await self._enter_again(tap, DeskButton().pack())
        return await handler(event, data)


async def _put_aside(event: TelegramObject, tap: Tap) -> None:
    """What the desk had waited for, and does not take: an IIN or a phone goes off the chat all the
    same, and nothing more is waited for."""
    if not isinstance(event, Message) or (event.text or "").startswith("/"):
        return
    if IIN_OR_PHONE.fullmatch(event.text or ""):
        await tap.delete_message()
    await tap.core.visitors.expect(tap.chat_id, None, None, tap.moment)


class Awaited(Filter):
    """A text, while the desk waits for one of these. Commands step out of it."""

    def __init__(self, *states: str) -> None:
        self.states = frozenset(states)

    async def __call__(self, message: Message, tap: Tap) -> bool:
        text = message.text
        return text is not None and not text.startswith("/") and tap.visitor.awaiting in self.states


class AwaitedFile(Filter):
    """A file, while the desk waits for one."""

    def __init__(self, *states: str) -> None:
        self.states = frozenset(states)

    async def __call__(self, message: Message, tap: Tap) -> bool:
        return message.document is not None and tap.visitor.awaiting in self.states


class AwaitedMedia(AwaitedFile):
    """A picture or a file, while the desk waits for one."""

    async def __call__(self, message: Message, tap: Tap) -> bool:
        sent = message.document is not None or message.photo is not None
        return sent and tap.visitor.awaiting in self.states


class StaffCommand(Command):
    """A command of the desk, typed in whatever case."""

    def __init__(self, name: str) -> None:
        super().__init__(name, ignore_case=True)
