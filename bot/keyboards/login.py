"""Buttons of entering with a one-time code (R2)."""

from aiogram.filters.callback_data import CallbackData
from aiogram.types import KeyboardButton, ReplyKeyboardMarkup

from bot.keyboards.base import Id
from locales.texts import LANGUAGES, Texts, mark, texts

BACK = mark("Back")


class NewLoginCodeButton(CallbackData, prefix="nc"):
    """Asks for a new code for the same attempt to enter."""

    attempt: Id


class WhatHappensButton(CallbackData, prefix="cwh"):
    """Tells what happens with the data, before the consent is given."""


class OtherPhoneButton(CallbackData, prefix="op"):
    """Goes back to the phone, or to the consent that comes before it."""


def phone_keyboard(t: Texts) -> ReplyKeyboardMarkup:
    """The phone of this Telegram by one tap, or a step back."""
    return ReplyKeyboardMarkup(
        keyboard=[
            [KeyboardButton(text=t.plain("📱 Share my phone number"), request_contact=True)],
            [KeyboardButton(text=t.plain(BACK))],
        ],
        resize_keyboard=True,
        one_time_keyboard=True,
        input_field_placeholder="+7 7…",
    )


def is_back(text: str) -> bool:
    """Whether the step back was tapped, in whatever language the keyboard was drawn."""
    return text in {texts(language).plain(BACK) for language in LANGUAGES}
