"""Buttons of a family's card: its history and notices, and what staff may do for it."""

from bot.keyboards.base import Id
from bot.keyboards.staff.base import StaffButton
from core.families.values import Reason
from core.notices.plan import Channel
from core.staff.rules import Right


class FamilyHistoryButton(StaffButton, prefix="s.fh"):
    """Shows every change of the application."""

    right = Right.FAMILIES
    family: Id


class FamilyNoticesButton(StaffButton, prefix="s.fw"):
    """Shows what was sent about it, and why."""

    right = Right.FAMILIES
    family: Id
    page: int = 0


class FamilyNoticeButton(StaffButton, prefix="s.fn"):
    """Shows one notice in detail; `page` is where it was found."""

    right = Right.FAMILIES
    family: Id
    notice: Id
    page: int = 0


class ResendButton(StaffButton, prefix="s.fr"):
    """Sends the notice of the running term once more."""

    right = Right.FAMILIES
    family: Id
    channel: Channel


class PhoneButton(StaffButton, prefix="s.fp"):
    """Asks for the right phone; `typed`: takes the one that came with that update."""

    right = Right.FAMILIES
    family: Id
    typed: int = 0


class RestoreButton(StaffButton, prefix="s.fs"):
    """Restores the place in the queue (D14): asks for the reason, asks once more, does it."""

    right = Right.FAMILIES
    family: Id
    reason: Reason | None = None
    sure: bool = False
