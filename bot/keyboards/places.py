"""Buttons of choosing a kindergarten. What is looked for travels in them, in a few letters."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from aiogram.types import InlineKeyboardButton

from bot.keyboards.base import ApplicationButton, Id, button
from core.applications.values import ApplicationCard
from core.places.values import Mode, PlaceFilter, PlacePage, PlaceRow
from locales.texts import Texts

MODES = {"": None, "g": Mode.GENERAL, "t": Mode.TEMPORARY}
OWNERSHIPS = {"": None, "s": "state", "p": "private"}
LANGUAGES = {"": None, "kk": "kk", "ru": "ru", "en": "en"}


@dataclass(frozen=True)
class View:
    """What of the list of places is looked at: codes as in the buttons, `page` from 0.

    `found`: only what the name search found; the name itself stays in the conversation, as no
    name belongs into callback data.
    """

    page: int = 0
    mode: str = ""
    language: str = ""
    ownership: str = ""
    free: bool = True
    found: bool = False

    def wanted(self, search: str | None) -> PlaceFilter:
        """The filter that core understands; `search` is the name looked for last."""
        return PlaceFilter(
            mode=MODES[self.mode],
            language=LANGUAGES[self.language],
            ownership=OWNERSHIPS[self.ownership],
            only_free=self.free,
            search=search if self.found else None,
        )

    def but(self, **changes: Any) -> "View":
        """The same with some choices changed, from its first page."""
        return replace(self, **{"page": 0, **changes})


class ViewButton(ApplicationButton, prefix="---"):
    """A button that carries what is looked at. Never sent itself."""

    page: int = 0
    mode: Literal["", "g", "t"] = ""
    language: Literal["", "kk", "ru", "en"] = ""
    ownership: Literal["", "s", "p"] = ""
    free: bool = True
    found: bool = False

    @property
    def view(self) -> View:
        return View(self.page, self.mode, self.language, self.ownership, self.free, self.found)


class PlacesButton(ViewButton, prefix="pl"):
    """Opens the list of places (R12)."""


class FiltersButton(ViewButton, prefix="pf"):
    """Opens the filters."""


class SearchButton(ViewButton, prefix="ps"):
    """Asks for a part of the name."""


class PlaceButton(ViewButton, prefix="p"):
    """Opens a kindergarten's card (R13)."""

    place: Id


class MapButton(ApplicationButton, prefix="pm"):
    """Sends the kindergarten's pin on the map."""

    place: Id


class ChooseButton(ViewButton, prefix="pc"):
    """Chooses the place: its referral is shown (R14, R16)."""

    place: Id


class SignPlaceButton(ApplicationButton, prefix="pg"):
    """Signs and sends (R14): the place is held (D6), and a code for the signature is sent."""

    place: Id


def choose_kindergarten(card: ApplicationCard, t: Texts) -> InlineKeyboardButton:
    """The way to the list."""
    return button(
        t.plain("Choose a kindergarten"),
        PlacesButton(application=card.id, version=card.version),
        "success",
    )


def to_list(card: ApplicationCard, view: View, text: str) -> InlineKeyboardButton:
    """The list as it was looked at."""
    return button(text, PlacesButton(**_carried(card, view)))


def place(card: ApplicationCard, view: View, row: PlaceRow, text: str) -> InlineKeyboardButton:
    """A row of the list."""
    return button(text, PlaceButton(**_carried(card, view), place=row.id))


def pager(card: ApplicationCard, view: View, page: PlacePage) -> list[InlineKeyboardButton]:
    """Back, where we are, on: around the ends too, so that every button does something."""
    if page.pages == 1:
        return []

    def turn(text: str, number: int) -> InlineKeyboardButton:
        return to_list(card, replace(view, page=number % page.pages), text)

    here = f"{page.page + 1}/{page.pages}"
    return [turn("◀", page.page - 1), turn(here, page.page), turn("▶", page.page + 1)]


def filters_and_search(card: ApplicationCard, view: View, t: Texts) -> list[InlineKeyboardButton]:
    """The way to the filters and to the search."""
    return [
        button(t.plain("Filters"), FiltersButton(**_carried(card, view))),
        button(t.plain("🔎 By name"), SearchButton(**_carried(card, view))),
    ]


def option(card: ApplicationCard, view: View, chosen: bool, text: str) -> InlineKeyboardButton:
    """One choice of a filter, marked when it is the one."""
    return button(f"✓ {text}" if chosen else text, FiltersButton(**_carried(card, view)))


def choose(card: ApplicationCard, view: View, row: PlaceRow, t: Texts) -> InlineKeyboardButton:
    """Chooses the place."""
    return button(
        t.plain("Choose this one"), ChooseButton(**_carried(card, view), place=row.id), "success"
    )


def on_map(card: ApplicationCard, row: PlaceRow, t: Texts) -> list[InlineKeyboardButton]:
    """Asks for the pin, where coordinates are known."""
    if row.latitude is None or row.longitude is None:
        return []
    data = MapButton(application=card.id, version=card.version, place=row.id)
    return [button(t.plain("📍 Show on the map"), data)]


def sign_and_send(card: ApplicationCard, row: PlaceRow, t: Texts) -> InlineKeyboardButton:
    """R14's button."""
    return button(
        t.plain("Sign and send"),
        SignPlaceButton(application=card.id, version=card.version, place=row.id),
        "success",
    )


def _carried(card: ApplicationCard, view: View) -> dict[str, Any]:
    return {
        "application": card.id,
        "version": card.version,
        "page": view.page,
        "mode": view.mode,
        "language": view.language,
        "ownership": view.ownership,
        "free": view.free,
        "found": view.found,
    }
