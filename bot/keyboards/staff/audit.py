"""Buttons of the audit log."""

from enum import StrEnum

from bot.keyboards.staff.base import StaffButton
from core.staff.rules import Right


class Period(StrEnum):
    """How much of the log is taken."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


class AuditButton(StaffButton, prefix="s.a"):
    """Asks for the period; with one, sends the file."""

    right = Right.AUDIT
    period: Period | None = None
