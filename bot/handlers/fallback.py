"""Whatever no conversation has asked for: never silence (last of the routers)."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import LooksSecret
from bot.handlers.start import leave, show_home
from bot.middlewares.staff import AWAITS
from bot.screens import fallback as screens
from bot.screens import login as logins
from bot.tap import Tap


def build() -> Router:
    router = Router(name="fallback")
    router.message.register(secret, LooksSecret())
    router.message.register(message)
    router.callback_query.register(press)
    return router


async def secret(_: Message, tap: Tap) -> None:
    """An IIN or a code that nobody asked for goes off the chat at once."""
    await tap.delete_message()
    await tap.send(logins.not_expected(tap.t))


async def message(message: Message, tap: Tap) -> None:
    """What the conversation waits for; else the nearest instruction, and the menu."""
    if tap.visitor.member is None and (tap.visitor.awaiting or "").startswith(AWAITS):
        await leave(tap)  # the role has ended since
    visitor, text = tap.visitor, message.text or message.caption or ""
    if visitor.language is None or visitor.district is None:
        await show_home(tap)
    elif visitor.awaiting is not None:
        await tap.send(screens.still_waiting(visitor.awaiting, text, tap.t))
    elif message.text is None:
        await tap.send(screens.unknown_kind(tap.t))
    else:
        await tap.send(screens.unknown_text(text, tap.t))


async def press(_: CallbackQuery, tap: Tap) -> None:
    """A button of an older version of the bot, or one that nobody made."""
    await tap.alert(screens.old_button(tap.t))
