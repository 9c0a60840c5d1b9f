"""Buttons of the sanatorium leaves."""

from bot.keyboards.base import Id
from bot.keyboards.staff.base import StaffButton
from core.staff.rules import Right


class LeavesButton(StaffButton, prefix="s.l"):
    """Lists the leaves; pages count from 0."""

    right = Right.LEAVES
    page: int = 0


class NewLeaveButton(StaffButton, prefix="s.ln"):
    """Asks whose leave it is."""

    right = Right.LEAVES


class RegisterButton(StaffButton, prefix="s.lr"):
    """Registers a leave. The days are written as numbers: 20260901."""

    right = Right.LEAVES
    family: Id
    first_day: int
    last_day: int


class LeaveButton(StaffButton, prefix="s.lo"):
    """Shows one leave; `end` asks whether it is to end now, `sure` ends it."""

    right = Right.LEAVES
    leave: Id
    end: bool = False
    sure: bool = False
