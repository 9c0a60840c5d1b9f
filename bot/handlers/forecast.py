"""The queue number as a chart with its forecast, and how that is made."""

import asyncio
from datetime import date, datetime

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.keyboards.forecast import ChartButton, ForecastButton
from bot.screens import forecast as screens
from bot.tap import Tap
from core.applications.rules import Status
from core.applications.values import ApplicationCard, NumberedCard
from core.clock import local
from core.queue.forecast import Forecast, Point, Why, forecast
from documents import chart


def build() -> Router:
    router = Router(name="forecast")
    router.callback_query.register(charted, ChartButton.filter())
    router.callback_query.register(explained, ForecastButton.filter())
    return router


async def charted(query: CallbackQuery, tap: Tap, card: ApplicationCard) -> None:
    """The picture. Setting it takes a while, so in a thread."""
    numbered = await tap.core.applications.numbered(card)
    points = await _points(tap, numbered)
    if not points:
        await tap.show(screens.no_number(card, tap.t))
        return
    today = local(tap.moment).date()
    found = await _found(tap, numbered, today)
    number = card.registration_number
    picture = await asyncio.to_thread(
        chart.render, card.child.given_name, number, points, found, today, tap.t
    )
    await tap.gate.photo(tap.chat_id, picture, screens.caption(numbered, found, tap.t))


async def explained(query: CallbackQuery, tap: Tap, card: ApplicationCard) -> None:
    """With the numbers as they are now."""
    numbered = await tap.core.applications.numbered(card)
    found = await _found(tap, numbered, local(tap.moment).date())
    await tap.show(screens.how(numbered, found, tap.t))


async def _found(tap: Tap, card: NumberedCard, today: date) -> Forecast | Why:
    """From the pace alone: a leap of the number, as a renewal of the queue makes it, is none."""
    if card.status is not Status.IN_QUEUE:
        return Why.CAME
    since = await tap.core.applications.leapt_at(card.id)
    return forecast(await _points(tap, card, since), today)


async def _points(tap: Tap, card: NumberedCard, since: datetime | None = None) -> list[Point]:
    """The number's history up to now, the oldest first; none when no place in the queue is
    held. The nights have noted the changes, the card has today's."""
    if card.queue_number is None:
        return []
    noted = reversed(await tap.core.applications.numbers(card.id))
    # a renewal notes two at one moment: the number before it, then the one after it
    numbers = {each.at: each.number for each in noted if since is None or each.at >= since}
    points = [Point(local(at).date(), number) for at, number in numbers.items()]
    if not points or points[-1].number != card.queue_number:
        points.append(Point(local(tap.moment).date(), card.queue_number))
    return points
