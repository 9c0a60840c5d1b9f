"""Answers to what no conversation has asked for."""

from aiogram.types import InlineKeyboardMarkup

from bot.keyboards import menu as menus
from bot.keyboards.base import button, rows
from bot.screens.base import Screen
from bot.screens.topics import TOPICS, nearest
from locales.texts import Texts


def unknown_text(text: str, t: Texts) -> Screen:
    """A text that is no answer to anything: the nearest instruction, and the menu."""
    return Screen(
        t("I work with buttons and do not understand free text. This may help:"), _ways(text, t)
    )


def unknown_kind(t: Texts) -> Screen:
    """A photo, sticker, voice message and the like."""
    return Screen(
        t("I read only text and buttons, no photos, files or voice messages. This may help:"),
        _ways("", t),
    )


def still_waiting(awaiting: str, text: str, t: Texts) -> Screen:
    """Something else came than what the conversation waits for."""
    match awaiting:
        case "phone":
            line = t("I am waiting for your phone number: share it with the button, or type it.")
        case "iin":
            line = t("I am waiting for your IIN: type its 12 digits.")
        case "place_search":
            line = t("I am waiting for the name of a kindergarten: type a part of it.")
        case _ if awaiting.startswith("staff_"):
            line = t("I am waiting for something else at the staff desk. Open it with /desk.")
        case _:
            line = t("I am waiting for the code from the SMS: type its 6 digits.")
    return Screen(line, _ways(text, t))


def old_button(t: Texts) -> str:
    """A button that this version of the bot does not know."""
    return t.plain("This button is no longer in use. Open the menu.")


def groups(t: Texts) -> Screen:
    """In a group: personal matters belong to a private chat."""
    return Screen(t("I work in private chats only, as this is about personal data. Write to me."))


def put_aside(t: Texts) -> str:
    """The step that was under way is given up."""
    return t("The step is stopped. Nothing has been changed.")


def _ways(text: str, t: Texts) -> InlineKeyboardMarkup:
    name = nearest(text)
    guide = button(t.plain("Instructions"), menus.GuideButton())
    if name is None:
        return rows([guide, menus.to_menu(t)])
    return rows(
        button(t.plain(TOPICS[name].title), menus.GuideButton(topic=name)),
        [guide, menus.to_menu(t)],
    )
