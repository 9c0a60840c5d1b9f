"""The language of the chat, one tap from the menu."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.commands import commands
from bot.handlers.start import show_home
from bot.keyboards.menu import LanguagesButton
from bot.keyboards.start import LanguageButton
from bot.screens import fallback as fallbacks
from bot.screens import start as screens
from bot.tap import Tap
from locales.texts import LANGUAGES


def build() -> Router:
    router = Router(name="language")
    router.message.register(offer_by_command, Command("language", ignore_case=True))
    router.callback_query.register(offer, LanguagesButton.filter())
    router.callback_query.register(choose, LanguageButton.filter())
    return router


async def offer_by_command(_: Message, tap: Tap) -> None:
    await tap.send(screens.languages())


async def offer(_: CallbackQuery, tap: Tap) -> None:
    await tap.show(screens.languages())


async def choose(_: CallbackQuery, callback_data: LanguageButton, tap: Tap) -> None:
    """Keep the language, and show the same place in it: texts and commands."""
    if callback_data.language not in LANGUAGES:
        await tap.alert(fallbacks.old_button(tap.t))
        return
    await tap.core.visitors.choose_language(tap.chat_id, callback_data.language, tap.moment)
    await tap.reload()
    await show_home(tap)
    await tap.gate.commands(tap.chat_id, commands(tap.t, tap.visitor.member))
