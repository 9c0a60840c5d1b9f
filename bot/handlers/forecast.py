"""The queue number as a chart with its forecast, and how that is made."""

import asyncio
from datetime import date

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
    found = _found(card, points, today)
    number = card.registration_number
    picture = await asyncio.to_thread(
        chart.render, card.child.given_name, number, points, found, today, tap.t
    )
    await tap.gate.photo(tap.chat_id, picture, screens.caption(numbered, found, tap.t))


async def explained(query: CallbackQuery, tap: Tap, card: ApplicationCard) -> None:
    """With the numbers as they are now."""
    numbered = await tap.core.applications.numbered(card)
    found = _found(card, await _points(tap, numbered), local(tap.moment).date())
    await tap.show(screens.how(numbered, found, tap.t))


def _found(card: ApplicationCard, points: list[Point], today: date) -> Forecast | Why:
    return forecast(points, today) if card.status is Status.IN_QUEUE else Why.CAME


async def _points(tap: Tap, card: NumberedCard) -> list[Point]:
    """The number's history up to now, the oldest first; none when no place in the queue is
    held. The nights have noted the changes, the card has today's."""
    if card.queue_number is None:
        return []
    noted = await tap.core.applications.numbers(card.id)
    points = [Point(local(change.at).date(), change.number) for change in reversed(noted)]
    if not points or points[-1].number != card.queue_number:
        points.append(Point(local(tap.moment).date(), card.queue_number))
    return points
