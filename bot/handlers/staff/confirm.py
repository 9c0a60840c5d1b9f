"""A dangerous act is confirmed by typing the number of those whom it concerns."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiogram import Router
from aiogram.types import InlineKeyboardButton, Message
from markupsafe import Markup

from bot.filters import digits_of
from bot.keyboards.staff.base import back_to_desk
from bot.middlewares.staff import Awaited
from bot.screens.staff import desk as screens
from bot.tap import Tap
from core.staff.rules import Member, Right

AWAITED = "staff_number"


@dataclass(frozen=True)
class Act:
    """What is done once the number has been typed, and the right that it takes."""

    right: Right
    do: Callable[[Tap, Member, dict[str, Any]], Awaitable[None]]


def build(acts: Mapping[str, Act]) -> Router:
    """`acts` by the name under which `ask` is told of them."""
    router = Router(name="staff_confirm")

    async def typed(message: Message, tap: Tap, member: Member) -> None:
        details = tap.visitor.details
        number: int = details["number"]
        if digits_of(message.text or "") != str(number):
            await tap.send(screens.wrong_number(number, tap.t, back_to_desk(tap.t)))
            return
        act = acts[details["act"]]
        await tap.core.visitors.expect(tap.chat_id, None, None, tap.moment)
        if not member.may(act.right):
            await tap.alert(screens.not_allowed(tap.t))
            return
        await act.do(tap, member, details)

    router.message.register(typed, Awaited(AWAITED), flags={"right": Right.DESK})
    return router


async def ask(
    tap: Tap,
    act: str,
    number: int,
    question: Markup,
    back: InlineKeyboardButton,
    **details: Any,
) -> None:
    """Ask for the number; `details` are handed to the act (ids and choices, never a name)."""
    kept = {**details, "act": act, "number": number}
    await tap.core.visitors.expect(tap.chat_id, AWAITED, kept, tap.moment)
    await tap.show(screens.type_number(question, number, tap.t, back))
