"""The figures: a picture, and the same as a workbook."""

import asyncio

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.keyboards.staff.figures import FiguresButton, FiguresFileButton, FiguresOfButton
from bot.middlewares.staff import StaffCommand
from bot.screens.staff import figures as screens
from bot.tap import Tap
from core.staff.rules import Member, Right
from documents import figures, figures_book


def build() -> Router:
    router = Router(name="staff_figures")
    router.message.register(by_command, StaffCommand("stats"), flags={"right": Right.FIGURES})
    router.callback_query.register(by_button, FiguresButton.filter())
    router.callback_query.register(which, FiguresOfButton.filter())
    router.callback_query.register(as_file, FiguresFileButton.filter())
    return router


async def by_command(_: Message, tap: Tap, member: Member) -> None:
    await show(tap, member, member.district)


async def by_button(
    _: CallbackQuery, callback_data: FiguresButton, tap: Tap, member: Member
) -> None:
    await show(tap, member, callback_data.district or member.district)


async def which(_: CallbackQuery, tap: Tap, member: Member) -> None:
    """An operator has one district: nothing is to be chosen."""
    if member.district is None:
        await tap.show(screens.which_district(tap.t))
    else:
        await show(tap, member, member.district)


async def show(tap: Tap, member: Member, district: str | None) -> None:
    """Send the picture. Setting it takes a while, so in a thread."""
    report = await tap.core.figures.report(member, district, tap.moment)
    picture = await asyncio.to_thread(figures.render, report, tap.t)
    caption = screens.caption(report, tap.t, whole_region=member.district is None)
    await tap.gate.photo(tap.chat_id, picture, caption)


async def as_file(
    _: CallbackQuery, callback_data: FiguresFileButton, tap: Tap, member: Member
) -> None:
    """Send the same figures, as they are now, as XLSX."""
    district = callback_data.district or member.district
    report = await tap.core.figures.report(member, district, tap.moment)
    data = await asyncio.to_thread(figures_book.render, report, tap.t)
    await tap.gate.document(tap.chat_id, figures_book.file_name(report), data)
