"""The vouchers: the room, and one application's voucher issued or withdrawn."""

from collections.abc import Awaitable

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.keyboards.staff.issuing import (
    IssueButton,
    OneVoucherButton,
    VouchersButton,
    WithdrawButton,
)
from bot.middlewares.staff import Awaited, StaffCommand
from bot.screens.staff import issuing as screens
from bot.tap import Tap
from core.applications.rules import Refused
from core.applications.values import NumberedCard, UnknownApplication
from core.staff.rules import Member, Right

AWAITED = "staff_voucher"


def build() -> Router:
    router = Router(name="staff_issuing")
    flags = {"right": Right.VOUCHERS}
    router.message.register(opened_by_command, StaffCommand("vouchers"), flags=flags)
    router.callback_query.register(opened, VouchersButton.filter())
    router.callback_query.register(which, OneVoucherButton.filter())
    router.message.register(typed, Awaited(AWAITED), flags=flags)
    router.callback_query.register(issue, IssueButton.filter())
    router.callback_query.register(withdraw, WithdrawButton.filter())
    return router


async def opened_by_command(_: Message, tap: Tap, member: Member) -> None:
    await _open(tap)


async def opened(_: CallbackQuery, tap: Tap, member: Member) -> None:
    await _open(tap)


async def which(_: CallbackQuery, tap: Tap, member: Member) -> None:
    await tap.core.visitors.expect(tap.chat_id, AWAITED, {}, tap.moment)
    await tap.show(screens.which_number(tap.t))


async def typed(message: Message, tap: Tap, member: Member) -> None:
    """A registration number. It stays awaited: another one may be typed at once."""
    try:
        card = await tap.core.vouchers.find(member, message.text or "", tap.moment)
    except UnknownApplication:
        await tap.send(screens.unknown(tap.t))
        return
    await tap.send(screens.one(card, tap.t))


async def issue(_: CallbackQuery, callback_data: IssueButton, tap: Tap, member: Member) -> None:
    """The second question, once more where the last place has gone meanwhile, then the voucher."""
    id_, version = callback_data.family, callback_data.version
    card = await _card(tap, member, id_)
    if card is None or await _stale(tap, card, version):
        return
    room = await tap.core.vouchers.room(member, card.district)
    if callback_data.sure and (room.places or callback_data.warned):
        issued = tap.core.vouchers.issue(member, id_, version, tap.moment)
        await _done(tap, member, id_, issued, screens.issued(tap.t))
    else:
        await tap.show(screens.ask_issue(card, room, tap.t))


async def withdraw(
    _: CallbackQuery, callback_data: WithdrawButton, tap: Tap, member: Member
) -> None:
    """The reason, the second question, then the voucher is taken back (D13)."""
    id_, version, reason = callback_data.family, callback_data.version, callback_data.reason
    if reason and callback_data.sure:
        withdrawn = tap.core.vouchers.withdraw(member, id_, version, reason, tap.moment)
        await _done(tap, member, id_, withdrawn, screens.withdrawn(tap.t))
        return
    card = await _card(tap, member, id_)
    if card is None or await _stale(tap, card, version):
        return
    if reason is None:
        await tap.show(screens.ask_reason(card, tap.t))
    else:
        await tap.show(screens.ask_withdraw(card, reason, tap.t))


async def _open(tap: Tap) -> None:
    """The room; whatever was being typed is put aside."""
    await tap.core.visitors.expect(tap.chat_id, None, None, tap.moment)
    await tap.show(screens.room(tap.t))


async def _card(tap: Tap, member: Member, application_id: int) -> NumberedCard | None:
    """The application; None when there is none for them, which is said."""
    try:
        return await tap.core.vouchers.card(member, application_id, tap.moment)
    except UnknownApplication:
        await tap.show(screens.unknown(tap.t))
        return None


async def _stale(tap: Tap, card: NumberedCard, version: int) -> bool:
    """The button was drawn for another state: the present one is shown instead."""
    if card.version == version:
        return False
    await tap.toast(screens.changed(tap.t))
    await tap.show(screens.one(card, tap.t))
    return True


async def _done(
    tap: Tap, member: Member, application_id: int, act: Awaitable[NumberedCard], said: str
) -> None:
    """What came of it, over the application as it is now. The same press again changes nothing."""
    try:
        card = await act
    except UnknownApplication:
        await tap.show(screens.unknown(tap.t))
        return
    except Refused:
        now = await _card(tap, member, application_id)
        if now is not None:
            await tap.toast(screens.changed(tap.t))
            await tap.show(screens.one(now, tap.t))
        return
    await tap.toast(said)
    await tap.show(screens.one(card, tap.t))
