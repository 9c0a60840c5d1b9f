"""Buttons of what is held about a person, and of leaving."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.base import PersonalButton


class DataFileButton(PersonalButton, prefix="mdf"):
    """Sends what is held as a file."""


class WithdrawButton(PersonalButton, prefix="wd"):
    """Withdraws the consent; `sure` False: asks first (what then happens is said)."""

    sure: bool


class LeaveButton(CallbackData, prefix="lo!"):
    """Logs out: the person has been asked."""
