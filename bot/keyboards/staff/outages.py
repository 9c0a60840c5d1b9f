"""Buttons of the outages."""

from bot.keyboards.staff.base import StaffButton
from core.outages.rules import Cause, Reason
from core.staff.rules import Right


class OutagesButton(StaffButton, prefix="s.o"):
    """Lists the outages."""

    right = Right.OUTAGES


class DeclareButton(StaffButton, prefix="s.od"):
    """Declares one: asks how it is known, then when it was."""

    right = Right.OUTAGES
    cause: Cause
    reason: Reason | None = None
