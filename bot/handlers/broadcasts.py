"""What a parent says to informational broadcasts."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.handlers.mydata import show_held
from bot.keyboards.broadcasts import HushButton, InformationalButton
from bot.screens import broadcasts as screens
from bot.tap import Tap


def build() -> Router:
    router = Router(name="broadcasts")
    router.callback_query.register(hush, HushButton.filter())
    router.callback_query.register(switch, InformationalButton.filter())
    return router


async def hush(_: CallbackQuery, tap: Tap) -> None:
    """The message stays as it is: it may be read once more."""
    await tap.core.visitors.mute(tap.chat_id, True, tap.moment)
    await tap.alert(screens.hushed(tap.t))


async def switch(_: CallbackQuery, callback_data: InformationalButton, tap: Tap) -> None:
    wanted = callback_data.wanted
    await tap.core.visitors.mute(tap.chat_id, not wanted, tap.moment)
    await tap.toast(screens.wanted(tap.t) if wanted else screens.hushed(tap.t))
    await show_held(tap)
