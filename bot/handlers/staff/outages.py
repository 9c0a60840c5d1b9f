"""Outages: what the beats have shown, and declaring what they cannot show (D18)."""

from datetime import datetime
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.days import span_in
from bot.handlers.staff import confirm
from bot.keyboards.staff.outages import DeclareButton, OutagesButton
from bot.middlewares.staff import Awaited
from bot.screens.staff import outages as screens
from bot.tap import Tap
from core.outages.rules import Cause, Reason, Span
from core.outages.values import CannotDeclare
from core.staff.rules import Member, Right

AWAITED = "staff_outage"


def build() -> Router:
    router = Router(name="staff_outages")
    router.callback_query.register(listed, OutagesButton.filter())
    router.callback_query.register(declare, DeclareButton.filter())
    router.message.register(typed, Awaited(AWAITED), flags={"right": Right.OUTAGES})
    return router


async def listed(_: CallbackQuery, tap: Tap, member: Member) -> None:
    """The list; whatever was being typed is put aside."""
    await tap.core.visitors.expect(tap.chat_id, None, None, tap.moment)
    await tap.show(screens.listed(await tap.core.outages.newest(screens.SHOWN), tap.t))


async def declare(_: CallbackQuery, callback_data: DeclareButton, tap: Tap, member: Member) -> None:
    """How it is known, then when it was."""
    cause, reason = callback_data.cause, callback_data.reason
    if reason is None:
        await tap.show(screens.how_known(cause, tap.t))
        return
    details = {"cause": cause.value, "reason": reason.value}
    await tap.core.visitors.expect(tap.chat_id, AWAITED, details, tap.moment)
    await tap.show(screens.when(cause, tap.t))


async def typed(message: Message, tap: Tap, member: Member) -> None:
    """When it was; then the number of terms is to be typed."""
    found = span_in(message.text or "")
    if found is None:
        await tap.send(screens.not_a_span(tap.t))
        return
    details, span = tap.visitor.details, Span(*found)
    cause = Cause(details["cause"])
    try:
        number = await tap.core.outages.touched(member, cause, span, tap.moment)
    except CannotDeclare as refused:
        await tap.send(screens.refused(refused.problem, tap.t))
        return
    if number == 0:
        await tap.send(screens.nothing(span, tap.t))
        return
    await confirm.ask(
        tap,
        "outage",
        number,
        screens.question(cause, span, number, tap.t),
        screens.back(tap.t),
        cause=cause.value,
        reason=details["reason"],
        span=[end.isoformat() for end in found],
    )


async def go(tap: Tap, member: Member, details: dict[str, Any]) -> None:
    """The number has been typed: the worker extends."""
    span = Span(*(datetime.fromisoformat(end) for end in details["span"]))
    await tap.core.outages.declare(
        member, Cause(details["cause"]), Reason(details["reason"]), span, tap.moment
    )
    await tap.send(screens.declared(tap.t))


ACTS = {"outage": confirm.Act(Right.OUTAGES, go)}
