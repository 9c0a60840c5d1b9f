"""Buttons of the menu, which every conversation may offer."""

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from bot.keyboards.base import PersonalButton, button
from locales.texts import Texts


class MenuButton(CallbackData, prefix="m"):
    """Opens the menu."""


class JournalButton(PersonalButton, prefix="j"):
    """Opens the journal of applications (R5)."""


class SupportButton(CallbackData, prefix="sup"):
    """Shows whom to call (R1)."""


class GuideButton(CallbackData, prefix="g"):
    """Opens the instructions (R1): the list of topics, or one topic."""

    topic: str = ""


class LanguagesButton(CallbackData, prefix="lgs"):
    """Offers the languages."""


class DistrictsButton(CallbackData, prefix="dts"):
    """Offers the districts (R1)."""


class MyDataButton(PersonalButton, prefix="md"):
    """Shows what is held about the person."""


class LogOutButton(CallbackData, prefix="lo"):
    """Asks whether to log out: also possible when the session has ended."""


def to_menu(t: Texts) -> InlineKeyboardButton:
    """The way back to the menu."""
    return button(t.plain("Menu"), MenuButton())


def to_journal(t: Texts) -> InlineKeyboardButton:
    """The way to the person's applications."""
    return button(t.plain("My applications"), JournalButton())
