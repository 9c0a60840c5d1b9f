"""Buttons of the queue number's chart and of how its forecast is made."""

from aiogram.types import InlineKeyboardButton

from bot.keyboards.base import ApplicationButton, button
from core.applications.values import ApplicationCard
from locales.texts import Texts


class ChartButton(ApplicationButton, prefix="chart"):
    """Sends the number's history as a picture, with the forecast."""


class ForecastButton(ApplicationButton, prefix="fore"):
    """Tells how the forecast is made."""


def to_chart(card: ApplicationCard, t: Texts) -> InlineKeyboardButton:
    """Asks for the chart."""
    return button(
        t.plain("📉 Chart and forecast"), ChartButton(application=card.id, version=card.version)
    )


def how_forecast(card: ApplicationCard, t: Texts) -> InlineKeyboardButton:
    """Asks how the forecast is made."""
    return button(
        t.plain("How is this forecast made?"),
        ForecastButton(application=card.id, version=card.version),
    )
