"""Buttons of the vouchers: the room, and one voucher."""

from bot.keyboards.base import Id
from bot.keyboards.staff.base import StaffButton
from core.staff.rules import Right
from core.vouchers.values import Reason


class VouchersButton(StaffButton, prefix="s.v"):
    """Opens the room of the vouchers."""

    right = Right.VOUCHERS


class OneVoucherButton(StaffButton, prefix="s.vn"):
    """Asks for a registration number."""

    right = Right.VOUCHERS


class IssueButton(StaffButton, prefix="s.vi"):
    """Asks whether a voucher is to be issued; `sure` issues it; `warned`: it was said that no place
    is free for it."""

    right = Right.VOUCHERS
    family: Id
    version: Id
    sure: bool = False
    warned: bool = False


class WithdrawButton(StaffButton, prefix="s.vw"):
    """Asks why a voucher is to be withdrawn; with a reason, whether; `sure` withdraws it."""

    right = Right.VOUCHERS
    family: Id
    version: Id
    reason: Reason | None = None
    sure: bool = False
