"""A broadcast as a parent reads it."""

from aiogram.types import InlineKeyboardButton

from bot.keyboards.base import button, rows
from bot.keyboards.broadcasts import HushButton
from bot.keyboards.menu import to_journal
from bot.screens.base import Screen
from core.broadcasts.rules import Content, Kind
from locales.texts import Texts


def message(content: Content, kind: Kind, t: Texts) -> Screen:
    """The message in the reader's language; where there is no text in it, in another."""
    buttons: list[InlineKeyboardButton] = []
    if content.link is not None:
        buttons.append(InlineKeyboardButton(text=t.plain("Read more"), url=content.link))
    if content.applications:
        buttons.append(to_journal(t))
    if kind is Kind.INFORMATIONAL:
        buttons.append(button(t.plain("🔕 Don't send such messages"), HushButton()))
    return Screen(
        content.text_for(t.language),
        rows(*buttons) if buttons else None,
        photo=content.photo,
        document=content.document,
    )


def hushed(t: Texts) -> str:
    """They are muted."""
    return t.plain(
        "🔕 Informational messages will not come here any more. "
        "Notices about your application will. To get them again: “My data”."
    )


def wanted(t: Texts) -> str:
    """They come again."""
    return t.plain("🔔 Informational messages will come here again.")
