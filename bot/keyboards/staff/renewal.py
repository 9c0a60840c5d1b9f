"""Buttons of the yearly renewal of the queue."""

from bot.keyboards.staff.base import StaffButton
from core.staff.rules import Right


class RenewalButton(StaffButton, prefix="s.q"):
    """Opens the renewal."""

    right = Right.RENEWAL


class AsOfButton(StaffButton, prefix="s.qd"):
    """Makes a dry run as of a day, which is written as a number: 20260901."""

    right = Right.RENEWAL
    day: int
