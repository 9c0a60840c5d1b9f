"""The district (R1)."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.handlers.start import show_home
from bot.keyboards.menu import DistrictsButton
from bot.keyboards.start import DistrictButton
from bot.screens import fallback as fallbacks
from bot.screens import start as screens
from bot.tap import Tap
from core.places.districts import DISTRICTS


def build() -> Router:
    router = Router(name="district")
    router.message.register(offer_by_command, Command("district", ignore_case=True))
    router.callback_query.register(offer, DistrictsButton.filter())
    router.callback_query.register(choose, DistrictButton.filter())
    return router


async def offer_by_command(_: Message, tap: Tap) -> None:
    await tap.send(screens.districts(tap.t))


async def offer(_: CallbackQuery, tap: Tap) -> None:
    await tap.show(screens.districts(tap.t))


async def choose(_: CallbackQuery, callback_data: DistrictButton, tap: Tap) -> None:
    """Keep the district and go on to the welcome, or back to the menu."""
    if callback_data.district not in DISTRICTS:
        await tap.alert(fallbacks.old_button(tap.t))
        return
    await tap.core.visitors.choose_district(tap.chat_id, callback_data.district, tap.moment)
    await tap.reload()
    await show_home(tap)
