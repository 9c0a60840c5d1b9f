"""The distribution: how many, a dry run with its file, then the number is typed."""

import asyncio
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import digits_of
from bot.handlers.staff import confirm
from bot.keyboards.base import button
from bot.keyboards.staff.distribution import DistributeButton, DryRunButton
from bot.middlewares.staff import Awaited
from bot.screens.staff import distribution as screens
from bot.tap import Tap
from core.clock import local
from core.places.districts import DISTRICTS
from core.staff.rules import Member, Right
from core.vouchers.values import DryRun, NoSuchDistribution
from documents.turns import turns_file

AWAITED = "staff_count"
DIGITS = 6
"""Of the most vouchers that anybody can mean."""


def build() -> Router:
    router = Router(name="staff_distribution")
    router.callback_query.register(opened, DistributeButton.filter())
    router.callback_query.register(chosen, DryRunButton.filter())
    router.message.register(typed, Awaited(AWAITED), flags={"right": Right.VOUCHERS})
    return router


async def opened(
    _: CallbackQuery, callback_data: DistributeButton, tap: Tap, member: Member
) -> None:
    """A district's room, or the list of districts for whoever has several."""
    rooms = {room.district: room for room in await tap.core.distribution.rooms(member)}
    district = callback_data.district if member.district is None else member.district
    if district not in rooms:
        await tap.core.visitors.expect(tap.chat_id, None, None, tap.moment)
        await tap.show(screens.which_district(list(rooms.values()), tap.t))
        return
    await tap.core.visitors.expect(tap.chat_id, AWAITED, {"district": district}, tap.moment)
    await tap.show(screens.how_many(rooms[district], tap.t, several=member.district is None))


async def chosen(_: CallbackQuery, callback_data: DryRunButton, tap: Tap, member: Member) -> None:
    """A number on a button. `None` of an operator is the own district."""
    district = callback_data.district or member.district
    if district is not None and district not in DISTRICTS:
        await tap.show(screens.nothing(tap.t))
        return
    await _dry_run(tap, member, district, callback_data.count)


async def typed(message: Message, tap: Tap, member: Member) -> None:
    """A number of vouchers."""
    digits = digits_of(message.text or "")
    count = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= DIGITS else 0
    if not count:
        await tap.send(screens.not_a_count(tap.t))
        return
    await _dry_run(tap, member, tap.visitor.details["district"], count)


async def _dry_run(tap: Tap, member: Member, district: str | None, count: int | None) -> None:
    dry = await tap.core.distribution.plan(member, district, count, tap.moment)
    if dry is None:
        await tap.core.visitors.expect(tap.chat_id, None, None, tap.moment)
        await tap.show(screens.nothing(tap.t))
        return
    back = button(tap.t.plain("Back"), DistributeButton(district=district))
    question = screens.dry_run(dry, tap.t)
    await confirm.ask(tap, "distribution", dry.number, question, back, distribution=dry.id)
    await _file(tap, dry)


async def _file(tap: Tap, dry: DryRun) -> None:
    """To whom. Writing it takes a while for a region, so in a thread."""
    data = await asyncio.to_thread(turns_file, dry, tap.t)
    name = f"vouchers-{dry.district or 'region'}-{local(tap.moment):%Y%m%d-%H%M}.xlsx"
    await tap.gate.document(tap.chat_id, name, data, screens.caption(dry, tap.t))


async def go(tap: Tap, member: Member, details: dict[str, Any]) -> None:
    """The number has been typed: the worker issues, and tells how far it is in one message."""
    message_id = await tap.send(screens.begun(details["number"], tap.t))
    try:
        await tap.core.distribution.start(
            member,
            details["distribution"],
            tap.moment,
            chat_id=tap.chat_id,
            message_id=message_id,
        )
    except NoSuchDistribution:
        await tap.gate.edit(tap.chat_id, message_id, screens.gone(tap.t))


ACTS = {"distribution": confirm.Act(Right.VOUCHERS, go)}
