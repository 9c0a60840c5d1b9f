"""The tabs of what was: every change, how the queue number moved, the signed documents."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from bot.keyboards.application import Tab, back_to, document, tabs, what_was_sent
from bot.keyboards.base import rows
from bot.keyboards.forecast import to_chart
from bot.screens import words
from bot.screens.base import Screen
from core.applications.values import ApplicationCard, HistoryLine, NumberChange
from core.clock import local
from core.signing.values import Document
from locales.texts import Texts, mark

SHOWN = 20
"""Lines of a list: more would not be read on a phone."""

REGISTERED = "registered"
KINDS = {"referral": mark("Referral"), "contract": mark("Electronic contract")}


def history(card: ApplicationCard, lines: list[HistoryLine], t: Texts) -> Screen:
    """Who changed what, and when; newest first."""
    told = [
        t(
            "{moment}: {what} ({who})",
            moment=t.moment(local(line.at)),
            what=words.happened(line, t),
            who=words.actor(line.actor, t),
        )
        for line in lines[:SHOWN]
    ]
    told += beginning(lines, card.registered_at, t)
    text = Markup("\n").join([t("<b>History:</b> {child}", child=card.child.given_name), *told])
    buttons = rows(what_was_sent(card, t), tabs(card, t, Tab.HISTORY), back_to(card, t))
    return Screen(text, buttons)


def beginning(lines: Sequence[HistoryLine], at: datetime, t: Texts) -> list[Markup]:
    """What stands below the newest lines: how many are not shown, and the registration."""
    told = []
    left_out = sum(line.event != REGISTERED for line in lines[SHOWN:])
    if left_out:
        told.append(t("Earlier changes, not shown here: {number}", number=left_out))
    if not any(line.event == REGISTERED for line in lines[:SHOWN]):
        told.append(t("{moment}: application registered", moment=t.moment(local(at))))
    return told


def numbers(card: ApplicationCard, changes: list[NumberChange], t: Texts) -> Screen:
    """How the queue number moved, and why it may."""
    lines = [
        t("<b>Queue number:</b> {child}", child=card.child.given_name),
        *(
            t("{moment}: {number}", moment=t.moment(local(change.at)), number=change.number)
            for change in changes[:SHOWN]
        ),
        t(
            "Inside a queue stage the order is by the date and time of registration. The number "
            "moves when others get a place or leave, and when stages are renewed by 30 June."
        ),
    ]
    return Screen(
        Markup("\n").join(lines), rows(to_chart(card, t), back_to(card, t, Tab.INFORMATION))
    )


def documents(card: ApplicationCard, signed: list[Document], t: Texts) -> Screen:
    """What was signed, each as a file."""
    if signed:
        lines = [t("<b>Documents:</b> {child}", child=card.child.given_name)]
        lines += [t("Tap a document to get it as a PDF, in Kazakh and Russian.")]
    else:
        lines = [
            t("<b>There are no documents yet:</b> {child}", child=card.child.given_name),
            t("The referral and the contract appear here once you have signed for a place."),
        ]
    files = [document(card, one, title(one, t)) for one in signed]
    buttons = rows(*files, tabs(card, t, Tab.DOCUMENTS), back_to(card, t))
    return Screen(Markup("\n").join(lines), buttons)


def title(document: Document, t: Texts) -> str:
    """A document's name with the day of its signature."""
    return f"{t.plain(KINDS[document.kind])}, {t.day(local(document.signed_at).date())}"
