"""The yearly renewal: as of which day, a dry run, then the number is typed."""

from datetime import date
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.days import days_in
from bot.handlers.staff import confirm
from bot.keyboards.staff.renewal import AsOfButton, RenewalButton
from bot.middlewares.staff import Awaited
from bot.screens.staff import renewal as screens
from bot.tap import Tap
from core.clock import local
from core.queue.values import NoSuchRenewal
from core.staff.rules import Member, Right

AWAITED = "staff_as_of"


def build() -> Router:
    router = Router(name="staff_renewal")
    router.callback_query.register(opened, RenewalButton.filter())
    router.callback_query.register(chosen, AsOfButton.filter())
    router.message.register(typed, Awaited(AWAITED), flags={"right": Right.RENEWAL})
    return router


async def opened(_: CallbackQuery, tap: Tap, member: Member) -> None:
    await tap.core.visitors.expect(tap.chat_id, AWAITED, {}, tap.moment)
    await tap.show(screens.as_of(local(tap.moment).date(), tap.t))


async def chosen(_: CallbackQuery, callback_data: AsOfButton, tap: Tap, member: Member) -> None:
    """A day on a button."""
    try:
        day = date.fromisoformat(str(callback_data.day))
    except ValueError:  # not one that we made
        await tap.show(screens.not_a_day(tap.t))
        return
    await _dry_run(tap, member, day)


async def typed(message: Message, tap: Tap, member: Member) -> None:
    """A day that was typed."""
    days = days_in(message.text or "")
    if len(days) != 1:
        await tap.send(screens.not_a_day(tap.t))
        return
    await _dry_run(tap, member, days[0])


async def _dry_run(tap: Tap, member: Member, day: date) -> None:
    plan = await tap.core.renewal.plan(member, day, tap.moment)
    concerned = plan.renumbered or plan.moved
    if not concerned:
        await tap.show(screens.nothing(day, tap.t))
        return
    question = screens.dry_run(plan, tap.t)
    await confirm.ask(tap, "renewal", concerned, question, screens.back(tap.t), renewal=plan.id)


async def go(tap: Tap, member: Member, details: dict[str, Any]) -> None:
    """The number has been typed: the worker renews, and tells how far it is in one message."""
    message_id = await tap.send(screens.begun(tap.t))
    try:
        await tap.core.renewal.start(
            member, details["renewal"], tap.moment, chat_id=tap.chat_id, message_id=message_id
        )
    except NoSuchRenewal:
        await tap.gate.edit(tap.chat_id, message_id, screens.gone(tap.t))


ACTS = {"renewal": confirm.Act(Right.RENEWAL, go)}
