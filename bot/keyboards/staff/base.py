"""What a button of the staff desk must carry."""

from typing import ClassVar

from aiogram.types import InlineKeyboardButton

from bot.keyboards.base import PersonalButton, button
from core.staff.rules import Right
from locales.texts import Texts

PREFIX = "s."
"""Begins the callback data of every button of the desk, and of no other."""


class StaffButton(PersonalButton, prefix="s.-"):
    """A button of the desk: it needs a session, a role, and the `right` that it names.

    Never sent itself. Its prefix begins with PREFIX: presses of others are not looked at twice.
    """

    right: ClassVar[Right]


class DeskButton(StaffButton, prefix="s.d"):
    """Opens the desk; whatever was being typed is put aside."""

    right = Right.DESK


def to_desk(t: Texts) -> InlineKeyboardButton:
    """The way back to the desk."""
    return button(t.plain("Staff desk"), DeskButton())


def back_to_desk(t: Texts) -> InlineKeyboardButton:
    """The same, as a step back."""
    return button(t.plain("Back"), DeskButton())
