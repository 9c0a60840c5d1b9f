"""The desk: its doors, and its commands in the chat's list."""

from dataclasses import replace

from aiogram import Router
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from bot.commands import commands
from bot.keyboards.base import button
from bot.keyboards.staff.audit import AuditButton
from bot.keyboards.staff.base import DeskButton, StaffButton
from bot.keyboards.staff.broadcasts import BroadcastsButton
from bot.keyboards.staff.calls import CallsButton
from bot.keyboards.staff.exports import ExportsButton
from bot.keyboards.staff.families import FindButton
from bot.keyboards.staff.figures import FiguresButton
from bot.keyboards.staff.imports import ImportsButton
from bot.keyboards.staff.issuing import VouchersButton
from bot.keyboards.staff.leaves import LeavesButton
from bot.keyboards.staff.outages import OutagesButton
from bot.keyboards.staff.renewal import RenewalButton
from bot.keyboards.staff.roles import RolesButton
from bot.middlewares.staff import StaffCommand
from bot.screens.staff import desk as screens
from bot.tap import Tap
from core.staff.rules import Member, Right
from locales.texts import Texts, mark

DOORS: tuple[tuple[str, StaffButton], ...] = (
    (mark("Find an application"), FindButton()),
    (mark("Call list"), CallsButton()),
    (mark("Vouchers"), VouchersButton()),
    (mark("Sanatorium leaves"), LeavesButton()),
    (mark("Broadcasts"), BroadcastsButton()),
    (mark("Figures"), FiguresButton()),
    (mark("Import"), ImportsButton()),
    (mark("Export"), ExportsButton()),
    (mark("Queue renewal"), RenewalButton()),
    (mark("Outages"), OutagesButton()),
    (mark("Roles"), RolesButton()),
    (mark("Audit log"), AuditButton()),
)
"""What can be opened from the desk, in reading order; each role sees its own."""


def build() -> Router:
    router = Router(name="staff_desk")
    flags = {"right": Right.DESK}
    router.message.register(opened_by_command, StaffCommand("desk"), flags=flags)
    router.callback_query.register(opened, DeskButton.filter())
    return router


async def opened_by_command(_: Message, tap: Tap, member: Member) -> None:
    await open_desk(tap, member)


async def opened(_: CallbackQuery, tap: Tap, member: Member) -> None:
    await open_desk(tap, member)


async def open_desk(tap: Tap, member: Member) -> None:
    """The desk; whatever was being typed is put aside, and the chat gets the desk's commands."""
    if tap.visitor.awaiting is not None:
        await tap.core.visitors.expect(tap.chat_id, None, None, tap.moment)
        tap.visitor = replace(tap.visitor, awaiting=None, details={})
    await tap.show(screens.desk(member, doors(member, tap.t), tap.t))
    await tap.gate.commands(tap.chat_id, commands(tap.t, member))


def doors(member: Member, t: Texts) -> list[InlineKeyboardButton]:
    """The doors that the role has."""
    return [button(t.plain(name), data) for name, data in DOORS if member.may(data.right)]
