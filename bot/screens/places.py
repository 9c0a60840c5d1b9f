"""Choosing a kindergarten: the list (R12), the card (R13), the referral (R14, R16)."""

from datetime import date

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.keyboards import places as keyboard
from bot.keyboards.application import back_to
from bot.keyboards.base import rows
from bot.keyboards.places import View
from bot.screens import place as words
from bot.screens.base import Screen
from bot.screens.place import LANGUAGES, MODES, OWNERSHIPS
from core.applications.values import ApplicationCard
from core.places.values import Mode, PlacePage, PlaceRow
from locales.texts import Texts

SEARCH_LENGTH = 60
"""Letters of a name that are looked for; more is no name."""


def places(
    card: ApplicationCard, page: PlacePage, view: View, search: str | None, t: Texts
) -> Screen:
    """The list; a row is a button."""
    lines = [t("<b>Choose a kindergarten:</b> {child}", child=card.child.given_name)]
    if card.deadline:
        lines.append(t("Sign the contract by <b>{until}</b>.", until=_until(card, t)))
    if view.found and search:
        lines.append(t("Name: “{search}”.", search=search))
    lines.append(_shown(page, view, t))
    listed = [keyboard.place(card, view, row, _row(row, t)) for row in page.rows]
    turning = keyboard.pager(card, view, page)
    everything = []
    if view != View(page=view.page):
        everything = [keyboard.to_list(card, View(), t.plain("Show all with free places"))]
    buttons = rows(
        *listed,
        *([turning] if turning else []),
        keyboard.filters_and_search(card, view, t),
        *everything,
        back_to(card, t),
    )
    return Screen(Markup("\n").join(lines), buttons)


def filters(card: ApplicationCard, page: PlacePage, view: View, t: Texts) -> Screen:
    """The filters: a line each, the choice marked, and how many places they leave."""

    def line(field: str, names: dict[str, str]) -> list[InlineKeyboardButton]:
        chosen = getattr(view, field)
        return [
            keyboard.option(card, view.but(**{field: code}), code == chosen, text)
            for code, text in names.items()
        ]

    every = t.plain("All")
    modes = {"": every, "g": t.plain(MODES[Mode.GENERAL]), "t": t.plain(MODES[Mode.TEMPORARY])}
    languages = {"": every} | {code: t.plain(text) for code, text in LANGUAGES.items()}
    owners = {
        "": every,
        "s": t.plain(OWNERSHIPS["state"]),
        "p": t.plain(OWNERSHIPS["private"]),
    }
    lines = [
        t("<b>Which kindergartens to show?</b>"),
        t("Lines of buttons: admission mode, language of instruction, ownership, free places."),
    ]
    found = t.plain_plural("Show {count} option", "Show {count} options", page.total)
    buttons = rows(
        line("mode", modes),
        line("language", languages),
        line("ownership", owners),
        [
            keyboard.option(card, view.but(free=True), view.free, t.plain("With free places")),
            keyboard.option(card, view.but(free=False), not view.free, every),
        ],
        keyboard.to_list(card, view.but(), found),
    )
    return Screen(Markup("\n").join(lines), buttons)


def ask_name(card: ApplicationCard, view: View, t: Texts) -> Screen:
    """Asks for a part of the name."""
    lines = [
        t("🔎 Type the kindergarten's name, or a part of it."),
        t("Russian letters will do for a Kazakh name."),
    ]
    return Screen(
        Markup("\n").join(lines), rows(keyboard.to_list(card, view.but(), t.plain("Back")))
    )


def place(card: ApplicationCard, row: PlaceRow, view: View, t: Texts) -> Screen:
    """The card (R13)."""
    lines = [
        t("<b>{name}</b>", name=row.kindergarten),
        t(
            "{kind}. Ownership: {ownership}",
            kind=words.kind(row, t).capitalize(),
            ownership=words.ownership(row, t),
        ),
        t("Phone: {phone}. Address: {address}", phone=row.phone, address=row.address or "—"),
        t(
            "Language of instruction: {language}. Admission mode: {mode}",
            language=words.language(row, t),
            mode=words.mode(row, t),
        ),
        _free(row, t),
    ]
    choosing = [keyboard.choose(card, view, row, t)] if row.free else []
    back = keyboard.to_list(card, view, t.plain("Back"))
    return Screen(Markup("\n").join(lines), rows(*choosing, *keyboard.on_map(card, row, t), back))


def referral(
    card: ApplicationCard, row: PlaceRow, view: View, withdraw_on: date | None, t: Texts
) -> Screen:
    """What is signed by taking this place, and what follows from it (R14, R16, R17)."""
    lines = [
        t(
            "You have chosen: {child}, <b>{name}</b>, language of instruction: {language}. "
            "Address: {address}",
            child=card.child.given_name,
            name=words.name(row),
            language=words.language(row, t),
            address=row.address or "—",
        )
    ]
    if row.until and withdraw_on:
        lines += [
            t(
                "<b>This is a temporary place.</b> Last day of attendance: <b>{day}</b>.",
                day=t.dated(row.until),
            ),
            t(
                "Afterwards the child is withdrawn automatically on the next working day "
                "({day}), and the voucher is annulled.",
                day=t.dated(withdraw_on),
            ),
            t("Your place in the general queue is kept."),
        ]
    else:
        lines += [
            t(
                "The place is permanent. With your signature the referral and the electronic "
                "contract come into force, and the wait in the queue ends."
            ),
            *(
                [t("The temporary stay at {name} ends with it.", name=_stay(card))]
                if card.stay
                else []
            ),
        ]
    lines.append(t("Confirm receipt of the referral."))
    back = keyboard.place(card, view, row, t.plain("Back"))
    return Screen(Markup("\n").join(lines), rows(keyboard.sign_and_send(card, row, t), back))


def _row(row: PlaceRow, t: Texts) -> str:
    """R12 on one button: the name first, then what differs between rows of one name."""
    parts = [words.short_name(row), words.language(row, t)]
    if row.ownership == "private":
        parts.append(t.plain(OWNERSHIPS["private"]))
    parts.append(words.free(row, t))
    if row.mode is Mode.TEMPORARY:
        parts.append(t.plain("temporary"))
    return " · ".join(parts)


def _shown(page: PlacePage, view: View, t: Texts) -> Markup:
    if page.total == 0:
        return t("Nothing fits. Change the filters or the name.")
    if view.free:
        return t.plural(
            "{count} option with free places: name · language · places.",
            "{count} options with free places: name · language · places.",
            page.total,
        )
    return t.plural(
        "{count} option, full ones too: name · language · places.",
        "{count} options, full ones too: name · language · places.",
        page.total,
    )


def _free(row: PlaceRow, t: Texts) -> Markup:
    if row.free == 0:
        return t("No free places at the moment.")
    if row.until:
        return t(
            "Free: {places}. Last day of attendance: <b>{day}</b>.",
            places=words.free(row, t),
            day=t.dated(row.until),
        )
    return t("Free: {places}.", places=words.free(row, t))


def not_a_name(card: ApplicationCard, t: Texts) -> Screen:
    """A code or an IIN came instead of a name; it is off the chat already."""
    lines = [
        t(
            "I am waiting for the name of a kindergarten. "
            "This looks like a code or an IIN, so your message has been deleted from the chat."
        ),
        t(
            "If you were signing, go back to your application and press the same button again: "
            "the code is good for 5 minutes."
        ),
    ]
    return Screen(Markup("\n").join(lines), rows(back_to(card, t)))


def _until(card: ApplicationCard, t: Texts) -> str:
    return t.until(card.deadline.last_day) if card.deadline else ""


def _stay(card: ApplicationCard) -> str:
    return words.name(card.stay.place) if card.stay else ""
