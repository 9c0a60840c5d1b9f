"""Instructions and support (R1): one tap away from everywhere."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.keyboards.menu import GuideButton, SupportButton
from bot.screens import guide as screens
from bot.tap import Tap


def build() -> Router:
    router = Router(name="guide")
    router.message.register(guide_by_command, Command("help", ignore_case=True))
    router.callback_query.register(guide, GuideButton.filter())
    router.callback_query.register(support, SupportButton.filter())
    return router


async def guide_by_command(_: Message, tap: Tap) -> None:
    await tap.send(screens.topics(tap.t))


async def guide(_: CallbackQuery, callback_data: GuideButton, tap: Tap) -> None:
    await tap.show(screens.topic(callback_data.topic, tap.t))


async def support(_: CallbackQuery, tap: Tap) -> None:
    await tap.show(screens.support(tap.facts, tap.t))
