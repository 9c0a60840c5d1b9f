"""Buttons that ask for a code by another SMS gateway than the one before."""

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.base import ApplicationButton, Id


class OtherOperatorLoginButton(CallbackData, prefix="gl"):
    """Sends a new code for the same attempt to enter."""

    attempt: Id


class OtherOperatorSignButton(ApplicationButton, prefix="gs"):
    """Sends a new code for the same act."""

    request: Id
