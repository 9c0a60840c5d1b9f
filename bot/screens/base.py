"""What a screen is: a text and the buttons under it."""

from collections.abc import Iterable
from dataclasses import dataclass

from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from markupsafe import Markup

from bot.keyboards.base import rows

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


@dataclass(frozen=True)
class Screen:
    """One message to a person. `text` is HTML of at most 4096 characters after entities; of 1024
    where it stands under a picture or a file, which Telegram has by that id.

    Screens are made by pure functions: values and texts in, a Screen out.
    """

    text: str
    keyboard: Keyboard | None = None
    photo: str | None = None
    document: str | None = None


def of_lines(
    lines: Iterable[Markup], *buttons: InlineKeyboardButton | list[InlineKeyboardButton]
) -> Screen:
    """A screen of lines over lines of buttons."""
    return Screen(Markup("\n").join(lines), rows(*buttons))
