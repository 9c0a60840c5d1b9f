"""Choosing the audience of a broadcast: each toggle is kept, and counted at once."""

from dataclasses import replace
from typing import TypeVar

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.handlers.staff.broadcast_open import Stands, clear, draft_of, names_of
from bot.keyboards.staff.broadcasts import AudienceButton, Part
from bot.middlewares.staff import Awaited
from bot.screens.staff import broadcast_audience as screens
from bot.tap import Tap
from core.applications.rules import Status
from core.broadcasts.rules import LANGUAGES, Audience
from core.broadcasts.values import Broadcast
from core.places.districts import DISTRICTS
from core.staff.rules import Member, Right

V = TypeVar("V")
HOME = "staff_bc_home"
LONGEST = 60
"""Letters of a name that are looked for."""
ID = 2**31


def build() -> Router:
    router = Router(name="staff_broadcast_audience")
    for observer in (router.message, router.callback_query):
        observer.middleware(Stands())
    router.callback_query.register(choose, AudienceButton.filter())
    router.message.register(typed_name, Awaited(HOME), flags={"right": Right.BROADCAST})
    return router


async def choose(_: CallbackQuery, callback_data: AudienceButton, tap: Tap, member: Member) -> None:
    """A part, or a value of it."""
    await clear(tap)
    part, value = callback_data.part, callback_data.value
    broadcast = await draft_of(tap, member, callback_data.broadcast)
    if part is Part.CATEGORIES and value != screens.ANY:
        categories = (await names_of(tap, broadcast)).categories
        value = value if value in categories else None
    if part is not None and value is not None:
        chosen = switched(broadcast.audience, part, value, on=callback_data.on)
        broadcast = await tap.core.broadcasts.change(member, broadcast.id, audience=chosen)
        if part in (Part.KINDERGARTEN, Part.UNANSWERED):
            part = None
    await _show(tap, member, broadcast, part)


async def typed_name(message: Message, tap: Tap, member: Member) -> None:
    """A part of a kindergarten's name."""
    this: int = tap.visitor.details["broadcast"]
    await draft_of(tap, member, this)
    words = (message.text or "")[:LONGEST]
    found = await tap.core.broadcasts.kindergartens(member, this, words)
    await tap.send(screens.found(this, found, tap.t))


def switched(audience: Audience, part: Part, value: str, *, on: bool) -> Audience:
    """With that value on or off, as the button said: a colleague may have pressed the same. What
    is no value changes nothing."""
    every = value == screens.ANY
    match part:
        case Part.DISTRICTS:
            districts = _with(audience.districts, {value} & DISTRICTS.keys(), on)
            return replace(audience, districts=frozenset() if every else districts)
        case Part.STATUSES:
            named = {status for status in Status if status.value == value}
            statuses = _with(audience.statuses, named, on)
            return replace(audience, statuses=frozenset() if every else statuses)
        case Part.CATEGORIES:
            categories = _with(audience.categories, {value}, on)
            return replace(audience, categories=frozenset() if every else categories)
        case Part.LANGUAGES:
            languages = _with(audience.languages, {value} & set(LANGUAGES), on)
            return replace(audience, languages=frozenset() if every else languages)
        case Part.UNANSWERED:
            return replace(audience, unanswered=value == "1")
        case Part.KINDERGARTEN:
            number = int(value) if value.isascii() and value.isdecimal() else 0
            return replace(audience, kindergarten=number if 0 < number < ID else None)


def _with(chosen: frozenset[V], these: set[V], on: bool) -> frozenset[V]:
    return chosen | these if on else chosen - these


async def _show(tap: Tap, member: Member, broadcast: Broadcast, part: Part | None) -> None:
    names = await names_of(tap, broadcast)
    if part is Part.KINDERGARTEN:
        details = {"broadcast": broadcast.id}
        await tap.core.visitors.expect(tap.chat_id, HOME, details, tap.moment)
        await tap.show(screens.kindergarten(broadcast, names, tap.t))
        return
    counted = await tap.core.broadcasts.count(member, broadcast.id)
    if part is None or part is Part.UNANSWERED:
        await tap.show(screens.audience(broadcast, counted, names, tap.t))
    else:
        await tap.show(screens.part(broadcast, part, counted, names, tap.t))
