"""Buttons of the exports."""

from bot.keyboards.staff.base import StaffButton
from core.staff.rules import Right


class ExportsButton(StaffButton, prefix="s.ex"):
    """Shows what can be taken out; a day may be typed."""

    right = Right.EXPORT


class JournalButton(StaffButton, prefix="s.ej"):
    """Sends the journal as a file."""

    right = Right.EXPORT


class ChangesButton(StaffButton, prefix="s.ec"):
    """Sends the changes of a day: today, or so many days before."""

    right = Right.EXPORT
    before: int = 0
