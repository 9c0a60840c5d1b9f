"""Buttons of the figures: the picture, another district, the file."""

from bot.keyboards.staff.base import StaffButton
from core.staff.rules import Right


class FiguresButton(StaffButton, prefix="s.fg"):
    """Sends the picture of a district; None: of all that the member serves."""

    right = Right.FIGURES
    district: str | None = None


class FiguresOfButton(StaffButton, prefix="s.fo"):
    """Offers the districts."""

    right = Right.FIGURES


class FiguresFileButton(StaffButton, prefix="s.fx"):
    """Sends the same figures as a workbook."""

    right = Right.FIGURES
    district: str | None = None
