"""What a screen is: a text and the buttons under it."""

from dataclasses import dataclass

from aiogram.types import InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


@dataclass(frozen=True)
class Screen:
    """One message to a person. `text` is HTML of at most 4096 characters after entities.

    Screens are made by pure functions: values and texts in, a Screen out.
    """

    text: str
    keyboard: Keyboard | None = None
