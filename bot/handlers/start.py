"""/start, the menu, and stepping out of whatever is under way."""

import re
from dataclasses import replace

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message, ReplyKeyboardRemove
from markupsafe import escape

from bot.handlers.journal import open_journal
from bot.keyboards.menu import MenuButton
from bot.middlewares.staff import AWAITS
from bot.screens import fallback as fallbacks
from bot.screens import start as screens
from bot.screens.base import Screen
from bot.tap import Tap

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What a deep link may carry after /start."""

LEFT = frozenset({"phone", "iin", "place_search"})
"""What is given up by opening the menu. A code that was sent can still be typed."""


def build() -> Router:
    router = Router(name="start")
    router.message.register(start, Command("start", ignore_case=True))
    router.message.register(menu_by_command, Command("menu", ignore_case=True))
    router.message.register(cancel, Command("cancel", ignore_case=True))
    router.callback_query.register(menu, MenuButton.filter())
    return router


async def start(_: Message, tap: Tap, command: CommandObject) -> None:
    """The first open question; whoever has entered sees their applications at once. The link of
    an SMS tells that it was read, and opens nothing more."""
    await leave(tap)
    by_sms = await _opened(tap, command.args or "")
    if tap.visitor.person is not None and tap.visitor.session and tap.visitor.language:
        await open_journal(tap)
        return
    if by_sms:
        await tap.send(Screen(screens.notice_waits(tap.t)))
    await show_home(tap)


async def _opened(tap: Tap, payload: str) -> bool:
    """Whether /start came by the link of an SMS; what else it may carry means nothing."""
    if PAYLOAD.fullmatch(payload) is None:
        return False
    return await tap.core.notices.opened(payload, tap.moment)


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
    awaiting = tap.visitor.awaiting or ""
    if awaiting not in LEFT and not awaiting.startswith(AWAITS):
        return
    if tap.visitor.awaiting == "phone":
        await tap.send(Screen(escape(fallbacks.put_aside(tap.t)), ReplyKeyboardRemove()))
    await _forget(tap)


async def _forget(tap: Tap) -> None:
    if tap.visitor.awaiting is None:
        return
    await tap.core.visitors.expect(tap.chat_id, None, None, tap.moment)
    tap.visitor = replace(tap.visitor, awaiting=None, details={})
