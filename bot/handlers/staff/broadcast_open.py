"""Showing a broadcast as it stands, whichever button led there."""

from dataclasses import replace
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject

from bot.keyboards.staff.broadcasts import OfBroadcast
from bot.middlewares.arrival import Handler
from bot.screens.staff import broadcast_runs as runs
from bot.screens.staff import broadcasts as screens
from bot.screens.staff.broadcast_audience import Names
from bot.tap import Tap
from core.broadcasts.rules import Stage
from core.broadcasts.values import Broadcast, NoSuchBroadcast, NotNow
from core.staff.rules import Member


class Stands(BaseMiddleware):
    """Answers for all buttons and messages of broadcasts that there is none, or that it has gone
    on meanwhile: then it is shown as it is."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        tap: Tap = data["tap"]
        try:
            return await handler(event, data)
        except NoSuchBroadcast:
            if isinstance(event, Message):
                await clear(tap)  # of what a colleague has deleted, nothing more is waited for
            await tap.alert(screens.unknown(tap.t))
        except NotNow:
            pressed = data.get("callback_data")
            details = tap.visitor.details
            this = pressed.broadcast if isinstance(pressed, OfBroadcast) else details["broadcast"]
            await tap.alert(runs.not_now(tap.t))
            await open_broadcast(tap, data["member"], this)


async def clear(tap: Tap) -> None:
    """Nothing is waited for any more."""
    if tap.visitor.awaiting is not None:
        await tap.core.visitors.expect(tap.chat_id, None, None, tap.moment)
        tap.visitor = replace(tap.visitor, awaiting=None, details={})


async def leave_progress(tap: Tap) -> None:
    """The message of the pressed button is about to show something else than a progress."""
    if tap.callback_id is not None and tap.message_id is not None:
        await tap.core.broadcast_runs.leave_progress(tap.chat_id, tap.message_id)


async def open_broadcast(tap: Tap, member: Member, broadcast_id: int) -> None:
    """A draft, or one that was confirmed: its progress is kept up to date in this message from
    now on."""
    await clear(tap)
    broadcast = await tap.core.broadcasts.one(member, broadcast_id)
    if broadcast.stage is Stage.DRAFT:
        await open_draft(tap, member, broadcast)
        return
    progress = await tap.core.broadcasts.progress(member, broadcast.id, tap.moment)
    message = await tap.show(runs.run(broadcast, progress, tap.t, tap.moment))
    await tap.core.broadcasts.show_in(member, broadcast.id, tap.chat_id, message)


async def open_draft(tap: Tap, member: Member, broadcast: Broadcast) -> None:
    """A draft, its audience counted now."""
    await clear(tap)
    counted = await tap.core.broadcasts.count(member, broadcast.id)
    names = await names_of(tap, broadcast)
    await tap.show(screens.draft(broadcast, counted, names, tap.moment, tap.t))


async def draft_of(tap: Tap, member: Member, broadcast_id: int) -> Broadcast:
    """Raises NotNow when it is no draft any more."""
    broadcast = await tap.core.broadcasts.one(member, broadcast_id)
    if broadcast.stage is not Stage.DRAFT:
        raise NotNow
    return broadcast


async def names_of(tap: Tap, broadcast: Broadcast) -> Names:
    """What the codes of its audience are called."""
    categories, kindergarten = await tap.core.broadcasts.names(broadcast.audience.kindergarten)
    return Names(categories, kindergarten)
