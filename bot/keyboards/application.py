"""Buttons of an application: opening it, its tabs, how its date was counted."""

from enum import StrEnum

from aiogram.types import InlineKeyboardButton

from bot.keyboards.base import ApplicationButton, Id, button
from core.applications.values import ApplicationCard
from core.signing.values import Document
from locales.texts import Texts, mark


class Tab(StrEnum):
    """What of an application is shown: where it stands, or one of R5's tabs."""

    STATUS = "s"
    INFORMATION = "i"
    HISTORY = "h"
    DOCUMENTS = "d"


TABS = {
    Tab.INFORMATION: mark("Information"),
    Tab.HISTORY: mark("History"),
    Tab.DOCUMENTS: mark("Documents"),
}


class OpenApplication(ApplicationButton, prefix="app"):
    """Opens an application at a tab."""

    tab: Tab = Tab.STATUS


class CountedButton(ApplicationButton, prefix="count"):
    """Shows day by day how the running term was counted (D1)."""


class CalendarButton(ApplicationButton, prefix="ics"):
    """Sends the running term as a calendar file."""


class NumbersButton(ApplicationButton, prefix="nums"):
    """Shows how the queue number changed."""


class LivesButton(ApplicationButton, prefix="told"):
    """Shows what was sent about the application, and why."""


class DocumentButton(ApplicationButton, prefix="doc"):
    """Sends a signed document as a file."""

    signature: Id
    kind: str


def open_application(card: ApplicationCard, text: str) -> InlineKeyboardButton:
    """The way to where the application stands."""
    return button(text, OpenApplication(application=card.id, version=card.version))


def to_application(card: ApplicationCard, t: Texts) -> InlineKeyboardButton:
    """The same, said in words: under a notice."""
    return open_application(card, t.plain("Open the application"))


def open_tab(card: ApplicationCard, tab: Tab, t: Texts) -> InlineKeyboardButton:
    """The way to one tab."""
    return button(
        t.plain(TABS[tab]), OpenApplication(application=card.id, version=card.version, tab=tab)
    )


def back_to(card: ApplicationCard, t: Texts, tab: Tab = Tab.STATUS) -> InlineKeyboardButton:
    """A step back to the application."""
    return button(
        t.plain("Back"), OpenApplication(application=card.id, version=card.version, tab=tab)
    )


def tabs(card: ApplicationCard, t: Texts, shown: Tab = Tab.STATUS) -> list[InlineKeyboardButton]:
    """The tabs in one line, the one shown marked."""
    return [
        button(
            f"· {t.plain(name)} ·" if tab is shown else t.plain(name),
            OpenApplication(application=card.id, version=card.version, tab=tab),
        )
        for tab, name in TABS.items()
    ]


def how_counted(card: ApplicationCard, t: Texts) -> InlineKeyboardButton:
    """Asks how the date was counted."""
    return button(
        t.plain("How was this date counted?"),
        CountedButton(application=card.id, version=card.version),
    )


def to_calendar(card: ApplicationCard, t: Texts) -> InlineKeyboardButton:
    """Asks for the running term as a calendar file."""
    return button(
        t.plain("📅 Add to calendar"), CalendarButton(application=card.id, version=card.version)
    )


def why_number(card: ApplicationCard, t: Texts) -> InlineKeyboardButton:
    """Asks for the history of the queue number."""
    return button(
        t.plain("Why does my number change?"),
        NumbersButton(application=card.id, version=card.version),
    )


def what_was_sent(card: ApplicationCard, t: Texts) -> InlineKeyboardButton:
    """Asks for the life of each notice."""
    return button(
        t.plain("Notices: what was sent"), LivesButton(application=card.id, version=card.version)
    )


def document(card: ApplicationCard, document: Document, text: str) -> InlineKeyboardButton:
    """Asks for one document as a file."""
    return button(
        text,
        DocumentButton(
            application=card.id,
            version=card.version,
            signature=document.signature_id,
            kind=document.kind,
        ),
    )
