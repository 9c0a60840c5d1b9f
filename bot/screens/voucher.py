"""What is asked once more before it is lost (D7), and what stands after an act is signed."""

from collections.abc import Callable

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.keyboards.application import Tab, how_counted, open_tab, to_application
from bot.keyboards.base import rows
from bot.keyboards.menu import to_journal
from bot.keyboards.voucher import Final, acts, surely
from bot.screens import deadline
from bot.screens.application import headline
from bot.screens.base import Screen
from bot.screens.place import name
from core.applications.rules import OUTSTANDING, Event
from core.applications.values import ApplicationCard, NumberedCard
from locales.texts import Texts, mark


def ask(card: ApplicationCard, act: Final, t: Texts) -> Screen:
    """The second question (D7)."""
    lines = [
        headline(mark("<b>{child}, {number}</b>"), card, t),
        _lost(card, act, t),
        t("This cannot be undone."),
    ]
    return Screen(Markup("\n").join(lines), rows(*surely(card, act, t)))


def _lost(card: ApplicationCard, act: Final, t: Texts) -> Markup:
    if act is Event.REFUSE_VOUCHER:
        return t(
            "If you refuse the voucher, the application goes to the archive "
            "and the child leaves the queue."
        )
    if card.status in OUTSTANDING:
        return t(
            "If you remove the child from the queue, the voucher becomes void, "
            "the application goes to the archive and the place in the queue is lost."
        )
    return t(
        "If you remove the child from the queue, the application goes to the archive "
        "and the place in the queue is lost."
    )


def done(card: ApplicationCard, act: Event, t: Texts) -> Screen:
    """An act is signed: what it made of the application, and what comes next."""
    return DONE[act](card, t)


def kept(card: NumberedCard, act: Event, t: Texts) -> Screen:
    """The same of an act after which the child is in the queue: its number is told."""
    return KEPT[act](card, t)


def _confirmed(card: ApplicationCard, t: Texts) -> Screen:
    lines = [headline(mark("✅ <b>Interest confirmed, voucher issued:</b> {child}"), card, t)]
    if card.deadline:
        lines += [
            t(
                "Choose a kindergarten and sign the contract by <b>{until}</b> ({length}).",
                until=t.until(card.deadline.last_day),
                length=deadline.length(card.deadline, t),
            ),
            t("If you don't, the voucher becomes void and the application goes to the archive."),
        ]
    counted = [how_counted(card, t)] if card.deadline else []
    without = frozenset({Event.REMOVE_FROM_QUEUE})
    return Screen(
        Markup("\n").join(lines), rows(*acts(card, t, without=without), *counted, to_journal(t))
    )


def _refused(card: ApplicationCard, t: Texts) -> Screen:
    return _gone(mark("🗂 <b>You refused the voucher:</b> {child}, {number}"), card, t)


def _removed(card: ApplicationCard, t: Texts) -> Screen:
    return _gone(mark("🗂 <b>Removed from the queue:</b> {child}, {number}"), card, t)


def _gone(message: str, card: ApplicationCard, t: Texts) -> Screen:
    lines = [
        headline(message, card, t),
        t("The application is in the archive, the child is no longer in the queue."),
        t("A new application can be made on akmola.kz."),
    ]
    return Screen(Markup("\n").join(lines), rows(to_journal(t)))


def _restored(card: NumberedCard, t: Texts) -> Screen:
    lines = [
        headline(mark("✅ <b>The place in the queue is restored:</b> {child}, {number}"), card, t),
        t("Queue number: <b>{number}</b>", number=card.queue_number),
        t("The date of registration is the old one. It cannot be restored a second time."),
        t("When your turn comes, a notice of the voucher arrives in this chat."),
    ]
    return Screen(Markup("\n").join(lines), rows(to_application(card, t), to_journal(t)))


def _enrolled(card: ApplicationCard, t: Texts) -> Screen:
    where = name(card.place) if card.place else "—"
    lines = [
        t(
            "✅ <b>The contract is signed:</b> {child}, {name}",
            child=card.child.given_name,
            name=where,
        ),
        t("The child is enrolled. The referral and the contract follow as files."),
    ]
    if card.place:
        lines.append(t("Phone of the kindergarten: {phone}", phone=card.place.phone))
    return Screen(Markup("\n").join(lines), rows(_documents(card, t), to_journal(t)))


def _stays(card: NumberedCard, t: Texts) -> Screen:
    lines = [headline(mark("✅ <b>A temporary place is taken:</b> {child}"), card, t)]
    if card.stay:
        lines += [
            t(
                "{name}. Last day of attendance: <b>{day}</b>.",
                name=name(card.stay.place),
                day=t.dated(card.stay.last_day),
            ),
            t(
                "Day of automatic withdrawal: {day}. The voucher is annulled.",
                day=t.dated(card.stay.withdraw_on),
            ),
        ]
    lines += [
        t("The place in the general queue is kept, number: {number}.", number=card.queue_number),
        t("The referral follows as a file."),
    ]
    return Screen(
        Markup("\n").join(lines), rows(_documents(card, t), to_application(card, t), to_journal(t))
    )


DONE: dict[Event, Callable[[ApplicationCard, Texts], Screen]] = {
    Event.CONFIRM_INTEREST: _confirmed,
    Event.REFUSE_VOUCHER: _refused,
    Event.REMOVE_FROM_QUEUE: _removed,
    Event.TAKE_PLACE: _enrolled,
}
KEPT: dict[Event, Callable[[NumberedCard, Texts], Screen]] = {
    Event.RESTORE: _restored,
    Event.TAKE_TEMPORARY_PLACE: _stays,
}


def _documents(card: ApplicationCard, t: Texts) -> InlineKeyboardButton:
    return open_tab(card, Tab.DOCUMENTS, t)
