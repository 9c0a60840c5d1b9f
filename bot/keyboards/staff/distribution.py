"""Buttons of the distribution: where, and how many."""

from bot.keyboards.staff.base import StaffButton
from core.staff.rules import Right


class DistributeButton(StaffButton, prefix="s.vd"):
    """Opens the distribution: of a district, or the list of districts."""

    right = Right.VOUCHERS
    district: str | None = None


class DryRunButton(StaffButton, prefix="s.vk"):
    """Makes a dry run. `district` None: all the region; `count` None: as many as there is room
    for."""

    right = Right.VOUCHERS
    district: str | None = None
    count: int | None = None
