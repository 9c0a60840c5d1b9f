"""An application as its parent sees it: where it stands, and R5's information."""

from collections.abc import Callable
from datetime import datetime

from markupsafe import Markup

from bot.keyboards.application import Tab, back_to, how_counted, tabs, why_number
from bot.keyboards.base import rows
from bot.keyboards.menu import to_journal
from bot.keyboards.voucher import acts
from bot.screens import deadline, words
from bot.screens.base import Screen
from bot.screens.place import name
from core.applications.rules import Event, Status
from core.applications.values import ApplicationCard, NumberedCard
from core.calendar.rules import Deadline
from core.clock import local
from core.identity.rules import display_phone
from core.places.districts import DISTRICTS
from locales.texts import Texts, mark

BECAUSE = {
    Event.REFUSE_VOUCHER: mark("Reason: you refused the voucher."),
    Event.REMOVE_FROM_QUEUE: mark("Reason: you removed the child from the queue."),
    Event.RESTORING_MISSED: mark(
        "Reason: the term on the stop list has ended, the place in the queue is not restored."
    ),
    Event.CHOOSING_MISSED: mark("Reason: no contract was made in time, the voucher became void."),
}
"""Why an application is in the archive."""


def application(card: NumberedCard, t: Texts, now: datetime) -> Screen:
    """Where the application stands, what to do and until when, what follows otherwise."""
    lines = STANDS[card.status](card, t, now)
    counted = [how_counted(card, t)] if card.deadline else []
    buttons = rows(*acts(card, t), *counted, tabs(card, t), to_journal(t))
    return Screen(Markup("\n").join(lines), buttons)


def information(card: NumberedCard, t: Texts) -> Screen:
    """Everything that the application says (R5), the IINs masked."""
    applicant, child = card.applicant, card.child
    privilege = child.privilege.in_(t.language) if child.privilege else t.plain("no privileges")
    lines = [
        t("<b>Application {number}</b>", number=card.registration_number),
        t("Registered: {moment}", moment=f"{local(card.registered_at):%d.%m.%Y %H:%M:%S}"),
        t("Current status: {status}", status=words.status(card.status, t)),
        t("District or city: {name}", name=DISTRICTS[card.district].in_(t.language)),
        t("Queue stage: {name}", name=card.category.in_(t.language)),
        t("Queue number: {number}", number=card.queue_number or "—"),
        Markup(""),
        t("<b>Applicant:</b> {name}", name=applicant.full_name),
        t("IIN: {iin}, born: {day}", iin=applicant.iin, day=t.day(applicant.birth_date)),
        t("Phone: {phone}, email: {email}", **_reach(card)),
        t("Registered address: {address}", address=applicant.address),
        Markup(""),
        t("<b>Child:</b> {name}", name=child.full_name),
        t("IIN: {iin}, born: {day}", iin=child.iin, day=t.day(child.birth_date)),
        t("Privilege: {name}", name=privilege),
    ]
    why = [why_number(card, t)] if card.queue_number else []
    buttons = rows(*why, tabs(card, t, Tab.INFORMATION), back_to(card, t))
    return Screen(Markup("\n").join(lines), buttons)


def stale(card: ApplicationCard, t: Texts) -> str:
    """Said where a button, or a code, was for an earlier state (plain text)."""
    if card.changed_at is None:
        return t.plain("The application has changed meanwhile. The current status is below.")
    return t.plain(
        "The application has changed meanwhile: {what} ({moment}). The current status is below.",
        what=words.reached(card, t),
        moment=t.moment(local(card.changed_at)),
    )


def headline(message: str, card: ApplicationCard, t: Texts) -> Markup:
    """The first line; the child's name and the number stand outside of any sentence."""
    return t(message, child=card.child.given_name, number=card.registration_number)


def awaiting(card: ApplicationCard, t: Texts, now: datetime) -> list[Markup]:
    """R6, R7: the voucher's notice says the same."""
    term = _running(card)
    return [
        headline(
            mark("🎟 <b>Your turn has come, a voucher is issued:</b> {child}, {number}"), card, t
        ),
        t(
            "Status: awaiting confirmation. Confirm your interest by <b>{until}</b> ({length}).",
            until=t.until(term.last_day),
            length=deadline.length(term, t),
        ),
        deadline.left(term, t, now),
        *deadline.why_longer(term, t),
        t(
            "If you don't, the voucher becomes void, the application moves to the stop list, "
            "and the place in the queue can no longer be restored."
        )
        if card.restored
        else t(
            "If you don't, the voucher becomes void and the application moves to the stop list."
        ),
    ]


def choosing(card: ApplicationCard, t: Texts, now: datetime) -> list[Markup]:
    """R10."""
    term = _running(card)
    return [
        headline(mark("✅ <b>Voucher issued:</b> {child}, {number}"), card, t),
        t(
            "Choose a kindergarten and sign the contract by <b>{until}</b> ({length}).",
            until=t.until(term.last_day),
            length=deadline.length(term, t),
        ),
        deadline.left(term, t, now),
        *deadline.why_longer(term, t),
        t("If you don't, the voucher becomes void and the application goes to the archive."),
        *_stay(card, t),
    ]


def stopped(card: ApplicationCard, t: Texts, now: datetime) -> list[Markup]:
    """R8, D2."""
    term = _running(card)
    lines = [headline(mark("⛔ <b>The application is on the stop list:</b> {child}"), card, t)]
    if card.restored:
        return [
            *lines,
            t("The place in the queue has been restored once before; it cannot be restored again."),
            t("The application goes to the archive after <b>{until}</b>.", until=_until(term, t)),
        ]
    return [
        *lines,
        t(
            "The place in the queue can be restored only once, by <b>{until}</b>.",
            until=_until(term, t),
        ),
        deadline.left(term, t, now),
        *deadline.why_longer(term, t),
        t("If you don't restore it, the application goes to the archive."),
    ]


def _in_queue(card: NumberedCard, t: Texts, now: datetime) -> list[Markup]:
    return [
        headline(mark("🕐 <b>In the queue:</b> {child}, {number}"), card, t),
        t("Queue number: <b>{number}</b>", number=card.queue_number),
        t("When your turn comes, a notice of the voucher arrives in this chat."),
        *_stay(card, t),
        *([t("The place in the general queue is kept.")] if card.stay else []),
    ]


def _enrolled(card: ApplicationCard, t: Texts, now: datetime) -> list[Markup]:
    place = card.place
    return [
        headline(mark("✅ <b>Enrolled in a kindergarten:</b> {child}, {number}"), card, t),
        *(
            [t("Kindergarten: {name}, phone: {phone}", name=name(place), phone=place.phone)]
            if place
            else []
        ),
        t("The referral and the contract are under Documents."),
    ]


def _archived(card: ApplicationCard, t: Texts, now: datetime) -> list[Markup]:
    because = card.archived_because
    return [
        headline(mark("🗂 <b>The application is in the archive:</b> {child}, {number}"), card, t),
        *([t(BECAUSE[because])] if because else []),
        t("The child is no longer in the queue. A new application can be made on akmola.kz."),
        *_stay(card, t),
    ]


STANDS: dict[Status, Callable[[NumberedCard, Texts, datetime], list[Markup]]] = {
    Status.IN_QUEUE: _in_queue,
    Status.AWAITING_CONFIRMATION: awaiting,
    Status.VOUCHER_ISSUED: choosing,
    Status.STOP_LIST: stopped,
    Status.ENROLLED: _enrolled,
    Status.ARCHIVED: _archived,
}


def _stay(card: ApplicationCard, t: Texts) -> list[Markup]:
    """The temporary stay beside the application (D4)."""
    if card.stay is None:
        return []
    return [
        t(
            "Temporary stay: {name}. Last day: <b>{day}</b>.",
            name=name(card.stay.place),
            day=t.dated(card.stay.last_day),
        )
    ]


def _reach(card: ApplicationCard) -> dict[str, str]:
    return {
        "phone": display_phone(card.applicant.phone),
        "email": card.applicant.email or "—",
    }


def _until(term: Deadline, t: Texts) -> str:
    return t.until(term.last_day)


def _running(card: ApplicationCard) -> Deadline:
    """The running term; these statuses have one."""
    assert card.deadline is not None
    return card.deadline
