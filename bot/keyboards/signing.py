"""Buttons under an act that waits for its code."""

from aiogram.types import InlineKeyboardButton

from bot.keyboards.base import ApplicationButton, Id, button
from core.applications.values import ApplicationCard
from locales.texts import Texts


class NewCodeButton(ApplicationButton, prefix="code"):
    """Asks for a new code for the same act."""

    request: Id


class StepBackButton(ApplicationButton, prefix="drop"):
    """Steps back from an act that is not signed yet: a held place is freed (D6)."""

    request: Id


def new_code(card: ApplicationCard, request_id: int, t: Texts) -> InlineKeyboardButton:
    """Asks for a new code."""
    return button(
        t.plain("Get a new code"),
        NewCodeButton(application=card.id, version=card.version, request=request_id),
    )


def step_back(card: ApplicationCard, request_id: int, t: Texts) -> InlineKeyboardButton:
    """Steps back without signing."""
    return button(
        t.plain("Back"),
        StepBackButton(application=card.id, version=card.version, request=request_id),
    )
