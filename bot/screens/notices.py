"""Notices as their reader sees them at the moment they are sent, and what an old one becomes."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from bot.keyboards.application import how_counted, to_application
from bot.keyboards.menu import to_menu
from bot.keyboards.voucher import in_notice
from bot.screens import application, closing, stays, terms, words
from bot.screens.application import headline
from bot.screens.base import Screen, of_lines
from core.applications.rules import Status
from core.applications.values import NumberedCard
from core.families.values import Reason as RestoreReason
from core.vouchers.values import Reason
from locales.texts import Texts, mark

Details = Mapping[str, Any]
Made = Callable[[NumberedCard, Details, Texts, datetime], Screen | None]

ENTERED_ELSEWHERE = "entered_elsewhere"


def render(
    kind: str, card: NumberedCard | None, details: Details, t: Texts, now: datetime
) -> Screen | None:
    """The notice of that kind about an application as it stands `now`. None: it is pointless by
    now. KeyError: no such kind."""
    if kind == ENTERED_ELSEWHERE:
        return _entered_elsewhere(t)
    made = KINDS[kind]
    if card is None or details.get("version", card.version) != card.version:
        return None  # something has happened since: another notice or screen tells it
    return made(card, details, t, now)


def closed(
    kind: str, card: NumberedCard | None, details: Details, t: Texts, now: datetime
) -> Screen:
    """What the message of a notice becomes once it is answered or its term has ended: what was
    decided, and when; no buttons."""
    if card is None:
        return closing.nothing(t)
    if kind in stays.KINDS:
        return closing.stay(card, details, t)
    return closing.term(kind, card, t)


def _voucher_issued(card: NumberedCard, details: Details, t: Texts, now: datetime) -> Screen | None:
    """R6. Once the term has ended, there is nothing to answer."""
    if card.status is not Status.AWAITING_CONFIRMATION or not card.actions:
        return None
    return of_lines(application.awaiting(card, t, now), *in_notice(card, t), how_counted(card, t))


def _confirmation_missed(
    card: NumberedCard, details: Details, t: Texts, now: datetime
) -> Screen | None:
    """R7, R8, D2."""
    if card.status is not Status.STOP_LIST:
        return None
    lines = application.stopped(card, t, now)
    lines.insert(1, t("Interest was not confirmed in time, so the voucher is void."))
    return of_lines(lines, *in_notice(card, t), how_counted(card, t))


def _voucher_withdrawn(
    card: NumberedCard, details: Details, t: Texts, now: datetime
) -> Screen | None:
    """D13."""
    if card.status is not Status.IN_QUEUE:
        return None
    lines = [
        headline(mark("↩️ <b>The voucher has been withdrawn:</b> {child}, {number}"), card, t),
        t("Reason: {reason}.", reason=t.plain(words.WITHDRAWN[Reason(details["reason"])])),
        t(
            "The child is back in the queue, in the same place as before; "
            "the queue number: <b>{number}</b>. You need not do anything.",
            number=card.queue_number,
        ),
        t("When the turn comes, you are sent a new voucher."),
    ]
    return of_lines(lines, to_application(card, t))


def _queue_renewed(card: NumberedCard, details: Details, t: Texts, now: datetime) -> Screen | None:
    """D16. Whoever has left the queue meanwhile has no number."""
    if card.queue_number is None:
        return None
    why = (
        mark("Why: the queue was renewed as of {day}; by age the child is now in this stage.")
        if details["moved"]
        else mark(
            "Why: the queue was renewed as of {day}; other children have come into this stage, "
            "or left it, by age."
        )
    )
    lines = [
        headline(mark("🔢 <b>The queue number has changed:</b> {child}, {number}"), card, t),
        t(
            "It was <b>{old}</b>, it is <b>{new}</b> now.",
            old=details["old"],
            new=details["new"],
        ),
        t("Queue stage: {name}", name=card.category.in_(t.language)),
        t(why, day=t.day(date.fromisoformat(details["as_of"]))),
        t(
            "The date of registration has not changed: inside a stage it decides. "
            "You need not do anything."
        ),
    ]
    return of_lines(lines, to_application(card, t))


def _archived(card: NumberedCard, details: Details, t: Texts, now: datetime) -> Screen | None:
    """R8, R10: the end of restoring, or of choosing."""
    if card.archived_because is None:
        return None
    lines = [
        headline(mark("🗂 <b>The application is in the archive:</b> {child}, {number}"), card, t),
        t(application.BECAUSE[card.archived_because]),
        t("The child is no longer in the queue. A new application can be made on akmola.kz."),
    ]
    return of_lines(lines, to_application(card, t))


def _restored_by_staff(
    card: NumberedCard, details: Details, t: Texts, now: datetime
) -> Screen | None:
    """D14: nothing is to be done but to wait."""
    if card.status is not Status.IN_QUEUE:
        return None
    reason = (
        t.plain(words.REASONS[RestoreReason(details["reason"])]) if "reason" in details else "—"
    )
    lines = [
        headline(mark("✅ <b>The place in the queue is restored:</b> {child}, {number}"), card, t),
        t("The education department has decided so. Reason: {reason}.", reason=reason),
        t("Queue number: <b>{number}</b>", number=card.queue_number),
        t("When your turn comes, a notice of the voucher arrives in this chat."),
    ]
    return of_lines(lines, to_application(card, t))


KINDS: dict[str, Made] = {
    "voucher_issued": _voucher_issued,
    "voucher_withdrawn": _voucher_withdrawn,
    "queue_renewed": _queue_renewed,
    "confirmation_missed": _confirmation_missed,
    "restoring_missed": _archived,
    "choosing_missed": _archived,
    "restored_by_staff": _restored_by_staff,
    **terms.KINDS,
    **stays.KINDS,
}


def _entered_elsewhere(t: Texts) -> Screen:
    lines = [
        t("🔒 <b>You have entered from another Telegram.</b>"),
        t("Notices go there now, and no longer to this chat."),
        t("If it was not you, enter here again and call support."),
    ]
    return of_lines(lines, to_menu(t))
