"""Buttons of the search for a family."""

from aiogram.types import InlineKeyboardButton

from bot.keyboards.base import Id, button
from bot.keyboards.staff.base import StaffButton
from core.staff.rules import Right
from locales.texts import Texts


class FindButton(StaffButton, prefix="s.f"):
    """Asks whom to find."""

    right = Right.FAMILIES


class FoundButton(StaffButton, prefix="s.fl"):
    """Lists a page of what was found: by that `search`, or else last."""

    right = Right.FAMILIES
    page: int = 0
    search: int = 0


class FamilyButton(StaffButton, prefix="s.fa"):
    """Opens a family; `iin` with its IINs in full."""

    right = Right.FAMILIES
    family: Id
    iin: bool = False


def family(family_id: int, text: str) -> InlineKeyboardButton:
    """The way to a family."""
    return button(text, FamilyButton(family=family_id))


def back_to_family(family_id: int, t: Texts) -> InlineKeyboardButton:
    """A step back to it."""
    return family(family_id, t.plain("Back"))


def pager(page: int, pages: int, search: int) -> list[InlineKeyboardButton]:
    """Back, where we are, on: around the ends too, so that every button does something."""

    def turn(text: str, number: int) -> InlineKeyboardButton:
        return button(text, FoundButton(page=number % pages, search=search))

    return [turn("◀", page - 1), turn(f"{page + 1}/{pages}", page), turn("▶", page + 1)]
