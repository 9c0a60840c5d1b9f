"""How buttons are made, and what a button must carry."""

from typing import Annotated, Literal

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

Style = Literal["danger", "success", "primary"]
"""Red, green and blue: the `style` of the Bot API's InlineKeyboardButton."""


Id = Annotated[int, Field(gt=0, lt=2**31)]
"""A number that a row can have: anything else was not made by us, and asks no database."""


class PersonalButton(CallbackData, prefix="-"):
    """A button that shows or does something of a person: it needs a session (design 13).

    Never sent itself: every such button derives from it, and `middlewares/ownership.py` asks
    for the session in one place.
    """


class ApplicationButton(PersonalButton, prefix="--"):
    """A button that names an application. Someone else's is refused in one place (D11).

    `version` is the application's when the button was drawn: another one now means that the
    button is stale.
    """

    application: Id
    version: Id


def button(text: str, data: CallbackData, style: Style | None = None) -> InlineKeyboardButton:
    """One inline button. ValueError when `data` packs into more than 64 bytes."""
    return InlineKeyboardButton(text=text, callback_data=data.pack(), style=style)


def rows(*lines: InlineKeyboardButton | list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """A keyboard, line by line: a button alone is as wide as the phone."""
    return InlineKeyboardMarkup(
        inline_keyboard=[line if isinstance(line, list) else [line] for line in lines]
    )


def columns(buttons: list[InlineKeyboardButton], count: int) -> list[list[InlineKeyboardButton]]:
    """The buttons in lines of `count`, in reading order; the last line may be shorter."""
    return [buttons[i : i + count] for i in range(0, len(buttons), count)]
