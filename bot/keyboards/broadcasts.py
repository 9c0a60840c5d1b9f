"""Buttons of informational broadcasts: whether a parent wants them."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.base import PersonalButton


class HushButton(CallbackData, prefix="bh"):
    """No more informational broadcasts in this chat. Needs no session: it is as good as blocking
    the bot, and better for everybody."""


class InformationalButton(PersonalButton, prefix="bi"):
    """Switches them on or off, among the person's data."""

    wanted: bool
