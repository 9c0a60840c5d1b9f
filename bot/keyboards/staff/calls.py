"""Buttons of the call list."""

from aiogram.types import InlineKeyboardButton

from bot.keyboards.base import Id, button
from bot.keyboards.staff.base import StaffButton
from core.notices.calls import Call, Called
from core.staff.rules import Right
from locales.texts import Texts

SIGNS = {Called.WILL_CONFIRM: "✅", Called.UNREACHABLE: "📵", Called.WRONG_NUMBER: "❌"}


class CallsButton(StaffButton, prefix="s.c"):
    """Opens a page of the call list."""

    right = Right.CALLS
    page: int = 0


class CalledButton(StaffButton, prefix="s.cm"):
    """Notes what came of a call. `tries`: how many there had been when the button was drawn."""

    right = Right.CALLS
    notice: Id
    called: Called
    tries: int
    page: int = 0


class UndoCallButton(StaffButton, prefix="s.cu"):
    """Takes a mark back. `tries`: how many there were with it."""

    right = Right.CALLS
    notice: Id
    tries: int
    page: int = 0


def marks(number: int, call: Call, page: int) -> list[InlineKeyboardButton]:
    """A line of buttons: what came of the call, one tap each."""
    return [
        button(
            f"{number} {sign}",
            CalledButton(notice=call.notice_id, called=called, tries=len(call.tried), page=page),
        )
        for called, sign in SIGNS.items()
    ]


def undo(call: Call, page: int, t: Texts) -> InlineKeyboardButton:
    """Takes back the mark that was just made."""
    back = UndoCallButton(notice=call.notice_id, tries=len(call.tried), page=page)
    return button(t.plain("↩ Take it back"), back)


def pager(page: int, pages: int) -> list[InlineKeyboardButton]:
    """Back, where we are, on: around the ends too, so that every button does something."""

    def turn(text: str, number: int) -> InlineKeyboardButton:
        return button(text, CallsButton(page=number % pages))

    return [turn("◀", page - 1), turn(f"{page + 1}/{pages}", page), turn("▶", page + 1)]
