"""/start, the menu, and stepping out of whatever is under way."""

from dataclasses import replace

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message, ReplyKeyboardRemove
from markupsafe import escape

from bot.handlers.journal import open_journal
from bot.keyboards.menu import MenuButton
from bot.screens import fallback as fallbacks
from bot.screens import start as screens
from bot.screens.base import Screen
from bot.tap import Tap

LEFT = frozenset({"phone", "iin", "place_search"})
"""What is given up by opening the menu. A code that was sent can still be typed."""


def build() -> Router:
    router = Router(name="start")
    router.message.register(start, Command("start", ignore_case=True))
    router.message.register(menu_by_command, Command("menu", ignore_case=True))
    router.message.register(cancel, Command("cancel", ignore_case=True))
    router.callback_query.register(menu, MenuButton.filter())
    return router


async def start(_: Message, tap: Tap) -> None:
    """The first open question; whoever has entered sees their applications at once. What a deep
    link carries after /start is not needed."""
    await leave(tap)
    if tap.visitor.person is not None and tap.visitor.session and tap.visitor.language:
        await open_journal(tap)
        return
    await show_home(tap)


async def menu_by_command(_: Message, tap: Tap) -> None:
    await leave(tap)
    await show_home(tap)


async def menu(_: CallbackQuery, tap: Tap) -> None:
    await leave(tap)
    await show_home(tap)


async def cancel(_: Message, tap: Tap) -> None:
    """Puts aside whatever is under way. What a code was asked for is then not signed, and a place
    that was held is free again (D6)."""
    if tap.visitor.awaiting == "signing_code" and tap.visitor.person is not None:
        request: int = tap.visitor.details["request"]
        await tap.core.signing.abandon(request, tap.visitor.person, tap.moment)
    await tap.send(Screen(escape(fallbacks.put_aside(tap.t)), ReplyKeyboardRemove()))
    await _forget(tap)
    await show_home(tap)


async def show_home(tap: Tap) -> None:
    """The first open question (language, district), the welcome, or the menu."""
    await tap.show(screens.home(tap.visitor, tap.facts, tap.t))


async def leave(tap: Tap) -> None:
    """Give up a question that is open, and take its keyboard away."""
    if tap.visitor.awaiting not in LEFT:
        return
    if tap.visitor.awaiting == "phone":
        await tap.send(Screen(escape(fallbacks.put_aside(tap.t)), ReplyKeyboardRemove()))
    await _forget(tap)


async def _forget(tap: Tap) -> None:
    if tap.visitor.awaiting is None:
        return
    await tap.core.visitors.expect(tap.chat_id, None, None, tap.moment)
    tap.visitor = replace(tap.visitor, awaiting=None, details={})
