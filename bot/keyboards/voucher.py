"""Buttons of the acts: confirm, refuse, remove, restore, choose."""

from typing import Literal

from aiogram.types import InlineKeyboardButton

from bot.keyboards.application import back_to, to_application
from bot.keyboards.base import ApplicationButton, Style, button
from bot.keyboards.places import choose_kindergarten
from core.applications.rules import Event
from core.applications.values import ApplicationCard
from locales.texts import Texts, mark

Simple = Literal[
    Event.CONFIRM_INTEREST, Event.REFUSE_VOUCHER, Event.REMOVE_FROM_QUEUE, Event.RESTORE
]
"""Acts that need nothing but the application; taking a place needs the place."""
Final = Literal[Event.REFUSE_VOUCHER, Event.REMOVE_FROM_QUEUE]
"""Acts that cannot be undone, so they are asked about once more (D7)."""


class AskButton(ApplicationButton, prefix="ask"):
    """Asks once more, and says what is lost (D7)."""

    act: Final


class ActButton(ApplicationButton, prefix="act"):
    """Presses an act: it is reserved (D8), and a code for its signature is sent."""

    act: Simple


PRESSED_AT_ONCE: tuple[tuple[Simple, str, Style], ...] = (
    (Event.CONFIRM_INTEREST, mark("✅ Confirm"), "success"),
    (Event.RESTORE, mark("Restore the place in the queue"), "success"),
)
ASKED_ONCE_MORE: tuple[tuple[Final, str, Style | None], ...] = (
    (Event.REFUSE_VOUCHER, mark("❌ Refuse the voucher"), "danger"),
    (Event.REMOVE_FROM_QUEUE, mark("Remove from the queue"), None),
)


def acts(
    card: ApplicationCard, t: Texts, *, without: frozenset[Event] = frozenset()
) -> list[InlineKeyboardButton]:
    """What the parent may do now, the likeliest first; a notice leaves some out."""
    may = card.actions - without
    return [
        *(
            button(t.plain(text), ActButton(application=card.id, version=card.version, act=act), s)
            for act, text, s in PRESSED_AT_ONCE
            if act in may
        ),
        *([choose_kindergarten(card, t)] if Event.TAKE_PLACE in may else []),
        *(
            button(t.plain(text), AskButton(application=card.id, version=card.version, act=act), s)
            for act, text, s in ASKED_ONCE_MORE
            if act in may
        ),
    ]


def in_notice(card: ApplicationCard, t: Texts) -> list[InlineKeyboardButton]:
    """The acts that a notice offers: what it is about. Removing from the queue is a step further,
    in the application, to which it leads where there is nothing else to do."""
    offered = acts(card, t, without=frozenset({Event.REMOVE_FROM_QUEUE}))
    return offered or [to_application(card, t)]


def surely(card: ApplicationCard, act: Final, t: Texts) -> list[InlineKeyboardButton]:
    """The second question's answers (D7)."""
    text = {
        Event.REFUSE_VOUCHER: t.plain("Yes, I refuse"),
        Event.REMOVE_FROM_QUEUE: t.plain("Yes, remove"),
    }[act]
    data = ActButton(application=card.id, version=card.version, act=act)
    return [button(text, data, "danger"), back_to(card, t)]
