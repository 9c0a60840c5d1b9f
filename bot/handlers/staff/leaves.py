"""Sanatorium leaves: listed, registered, ended early (R15)."""

from datetime import date

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.days import days_in
from bot.keyboards.staff.leaves import LeaveButton, LeavesButton, NewLeaveButton, RegisterButton
from bot.middlewares.staff import Awaited, StaffCommand
from bot.screens.staff import leaves as screens
from bot.tap import Tap
from core.applications.values import UnknownApplication
from core.clock import local
from core.places.leave_book import check_days
from core.places.leave_values import Enrolled, LeaveProblem, LeaveRefused, NoSuchLeave
from core.staff.rules import Member, Right

CHILD, DAYS = "staff_leave_child", "staff_leave_days"


def build() -> Router:
    router = Router(name="staff_leaves")
    flags = {"right": Right.LEAVES}
    router.message.register(opened_by_command, StaffCommand("leaves"), flags=flags)
    router.callback_query.register(listed, LeavesButton.filter())
    router.callback_query.register(new, NewLeaveButton.filter())
    router.message.register(typed_child, Awaited(CHILD), flags=flags)
    router.message.register(typed_days, Awaited(DAYS), flags=flags)
    router.callback_query.register(register, RegisterButton.filter())
    router.callback_query.register(one, LeaveButton.filter())
    return router


async def opened_by_command(_: Message, tap: Tap, member: Member) -> None:
    await _list(tap, member)


async def listed(_: CallbackQuery, callback_data: LeavesButton, tap: Tap, member: Member) -> None:
    await _list(tap, member, callback_data.page)


async def new(_: CallbackQuery, tap: Tap, member: Member) -> None:
    await tap.core.visitors.expect(tap.chat_id, CHILD, {}, tap.moment)
    await tap.show(screens.whose(tap.t))


async def typed_child(message: Message, tap: Tap, member: Member) -> None:
    """A registration number."""
    try:
        child = await tap.core.leaves.child(member, message.text or "", tap.moment)
    except UnknownApplication:
        await tap.send(screens.unknown(tap.t))
        return
    except LeaveRefused as refused:
        await tap.send(screens.refused(refused.problem, tap.t))
        return
    details = {"number": child.registration_number}
    await tap.core.visitors.expect(tap.chat_id, DAYS, details, tap.moment)
    await tap.send(screens.which_days(child, tap.t))


async def typed_days(message: Message, tap: Tap, member: Member) -> None:
    """The first and the last day, then the second question."""
    days = days_in(message.text or "")
    if len(days) != 2:
        await tap.send(screens.not_two_days(tap.t))
        return
    try:
        check_days(days[0], days[1], local(tap.moment).date())
        number = tap.visitor.details["number"]
        child: Enrolled = await tap.core.leaves.child(member, number, tap.moment)
    except UnknownApplication:
        await tap.send(screens.unknown(tap.t))
        return
    except LeaveRefused as refused:
        await tap.send(screens.refused(refused.problem, tap.t))
        return
    await tap.send(screens.ask_register(child, days[0], days[1], tap.t))


async def register(
    _: CallbackQuery, callback_data: RegisterButton, tap: Tap, member: Member
) -> None:
    """The leave is noted; the same press again says that it is there."""
    try:
        first_day = date.fromisoformat(str(callback_data.first_day))
        last_day = date.fromisoformat(str(callback_data.last_day))
    except ValueError:  # not one that we made
        await tap.show(screens.not_two_days(tap.t))
        return
    try:
        await tap.core.leaves.register(
            member, callback_data.family, first_day, last_day, tap.moment
        )
    except UnknownApplication:
        await tap.show(screens.unknown(tap.t))
    except LeaveRefused as refused:
        if refused.problem is LeaveProblem.OVERLAPS:
            await _list(tap, member, said=tap.t.plain(screens.PROBLEMS[refused.problem]))
        else:
            await tap.show(screens.refused(refused.problem, tap.t))
    else:
        await _list(tap, member, said=screens.registered(tap.t))


async def one(_: CallbackQuery, callback_data: LeaveButton, tap: Tap, member: Member) -> None:
    """One leave, the second question, then its early end."""
    try:
        if callback_data.sure:
            result = await tap.core.leaves.end(member, callback_data.leave, tap.moment)
            await _list(tap, member, said=screens.ended(result, tap.t))
            return
        leave = await tap.core.leaves.one(member, callback_data.leave, tap.moment)
    except NoSuchLeave:
        await tap.toast(screens.no_longer(tap.t))
        await _list(tap, member)
        return
    await tap.show(screens.one(leave, tap.t, end=callback_data.end))


async def _list(tap: Tap, member: Member, page: int = 0, said: str | None = None) -> None:
    """The list; whatever was being typed is put aside."""
    await tap.core.visitors.expect(tap.chat_id, None, None, tap.moment)
    found = await tap.core.leaves.listed(member, None, page, tap.moment)
    await tap.show(screens.listed(found, tap.t, said))
