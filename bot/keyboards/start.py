"""Buttons of the first minutes: language, district, entering."""

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from bot.keyboards.base import button
from core.places.districts import DISTRICTS
from locales.texts import LANGUAGES

NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
"""Each language in its own words."""


class LanguageButton(CallbackData, prefix="lg"):
    """Chooses a language."""

    language: str


class DistrictButton(CallbackData, prefix="dt"):
    """Chooses a district (R1)."""

    district: str


class EnterButton(CallbackData, prefix="in"):
    """Begins to enter (R2)."""


class ConsentButton(CallbackData, prefix="ok"):
    """Gives consent to processing personal data, after R4's warning."""


def languages(but: str | None = None) -> list[InlineKeyboardButton]:
    """Kazakh first; without the language that is spoken already."""
    return [
        button(NAMES[language], LanguageButton(language=language))
        for language in LANGUAGES
        if language != but
    ]


def districts(language: str) -> list[InlineKeyboardButton]:
    """All of them, cities first."""
    return [
        button(name.in_(language), DistrictButton(district=code))
        for code, name in DISTRICTS.items()
    ]
