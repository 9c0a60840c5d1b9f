"""The call list: whom to call, one tap for what came of it, and taking it back."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.keyboards.staff.calls import CalledButton, CallsButton, UndoCallButton
from bot.middlewares.staff import StaffCommand
from bot.screens.staff import calls as screens
from bot.tap import Tap
from core.notices.calls import AlreadyMarked, NotListed, TooLateToUndo
from core.staff.rules import Member, Right


def build() -> Router:
    router = Router(name="staff_calls")
    router.message.register(listed_by_command, StaffCommand("calls"), flags={"right": Right.CALLS})
    router.callback_query.register(listed, CallsButton.filter())
    router.callback_query.register(called, CalledButton.filter())
    router.callback_query.register(undo, UndoCallButton.filter())
    return router


async def listed_by_command(_: Message, tap: Tap, member: Member) -> None:
    await _list(tap, member, 0)


async def listed(_: CallbackQuery, callback_data: CallsButton, tap: Tap, member: Member) -> None:
    await _list(tap, member, callback_data.page)


async def called(_: CallbackQuery, callback_data: CalledButton, tap: Tap, member: Member) -> None:
    """What came of the call; a colleague may have been faster."""
    asked, tries = callback_data, callback_data.tries
    try:
        call = await tap.core.calls.mark(asked.notice, asked.called, member, tap.moment, tries)
    except AlreadyMarked as trouble:
        await tap.alert(screens.already(trouble.made, tap.t))
    except NotListed:
        await tap.alert(screens.not_listed(tap.t))
    else:
        await tap.show(screens.marked(call, asked.called, asked.page, tap.t))
        return
    await _list(tap, member, asked.page)


async def undo(_: CallbackQuery, callback_data: UndoCallButton, tap: Tap, member: Member) -> None:
    """The mark is taken back, while nothing else has happened."""
    asked, tries = callback_data, callback_data.tries
    try:
        await tap.core.calls.undo(asked.notice, member, tap.moment, tries)
    except NotListed:
        await tap.alert(screens.not_listed(tap.t))
    except TooLateToUndo:
        await tap.alert(screens.stays(tap.t))
    else:
        await tap.toast(screens.taken_back(tap.t))
    await _list(tap, member, asked.page)


async def _list(tap: Tap, member: Member, page: int) -> None:
    calling = await tap.core.calls.page(member, page, tap.core.clock.now())
    await tap.show(screens.listed(member, calling, tap.t))
