"""Reminders of a term that runs: on the days before its last one, on its last morning and evening.

Each is None on another day than its own, and where there is nothing left to do.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from bot.keyboards.voucher import in_notice
from bot.screens import deadline
from bot.screens.application import headline
from bot.screens.base import Screen, of_lines
from core.applications.rules import Event, Status
from core.applications.values import ApplicationCard
from core.calendar.rules import Deadline
from core.clock import local
from locales.texts import Texts, mark

Details = Mapping[str, Any]

REMINDERS = {
    Status.AWAITING_CONFIRMATION: mark("🔔 <b>Confirm your interest:</b> {child}, {number}"),
    Status.VOUCHER_ISSUED: mark(
        "🔔 <b>Choose a kindergarten and sign the contract:</b> {child}, {number}"
    ),
    Status.STOP_LIST: mark("🔔 <b>The place in the queue can be restored:</b> {child}, {number}"),
}
LAST_MORNINGS = {
    Status.AWAITING_CONFIRMATION: mark(
        "⏳ <b>Today is the last day.</b> {child}: confirm your interest."
    ),
    Status.VOUCHER_ISSUED: mark(
        "⏳ <b>Today is the last day.</b> {child}: choose a kindergarten, sign the contract."
    ),
    Status.STOP_LIST: mark(
        "⏳ <b>Today is the last day.</b> {child}: restore the place in the queue."
    ),
}
LAST_EVENINGS = {
    Status.AWAITING_CONFIRMATION: mark(
        "⏳ <b>The term ends tonight.</b> {child}: confirm your interest."
    ),
    Status.VOUCHER_ISSUED: mark(
        "⏳ <b>The term ends tonight.</b> {child}: choose a kindergarten, sign the contract."
    ),
    Status.STOP_LIST: mark(
        "⏳ <b>The term ends tonight.</b> {child}: restore the place in the queue."
    ),
}
OTHERWISE = {
    Status.AWAITING_CONFIRMATION: mark(
        "Deadline: <b>{until}</b>. If you miss it, the voucher becomes void "
        "and the application moves to the stop list."
    ),
    Status.VOUCHER_ISSUED: mark(
        "Deadline: <b>{until}</b>. If you miss it, the voucher becomes void "
        "and the application goes to the archive."
    ),
    Status.STOP_LIST: mark(
        "Deadline: <b>{until}</b>. If you miss it, the application goes to the archive."
    ),
}
"""Until when, and what follows (R7, R8, R10)."""
LAST_CHANCE = mark(
    "Deadline: <b>{until}</b>. If you miss it, the voucher becomes void, the application moves "
    "to the stop list, and the place in the queue can no longer be restored."
)
"""To confirm, where the place in the queue has been restored before (D2)."""
AT_ONCE = {
    Status.AWAITING_CONFIRMATION: Event.CONFIRM_INTEREST,
    Status.VOUCHER_ISSUED: Event.TAKE_PLACE,
    Status.STOP_LIST: Event.RESTORE,
}
"""What each term is for."""


def _reminder(card: ApplicationCard, details: Details, t: Texts, now: datetime) -> Screen | None:
    term = _running(card)
    if term is None or _today(now) >= term.last_day or not _can_act(card):
        return None
    return _screen(REMINDERS, card, term, t, now)


def _last_day(card: ApplicationCard, details: Details, t: Texts, now: datetime) -> Screen | None:
    term = _running(card)
    if term is None or _today(now) != term.last_day:
        return None
    if card.status is Status.STOP_LIST and not _can_act(card):
        return _nothing_to_restore(card, term, t)
    return _screen(LAST_MORNINGS, card, term, t, now) if _can_act(card) else None


def _last_evening(
    card: ApplicationCard, details: Details, t: Texts, now: datetime
) -> Screen | None:
    term = _running(card)
    if term is None or _today(now) != term.last_day or not _can_act(card):
        return None
    return _screen(LAST_EVENINGS, card, term, t, now)


def _extended(card: ApplicationCard, details: Details, t: Texts, now: datetime) -> Screen | None:
    """D18. An end that has been moved again since is told by another notice."""
    term = _running(card)
    if term is None or term.extended is None or now >= term.ends_at:
        return None
    if term.last_day.isoformat() != details["last_day"]:
        return None
    lines = [
        headline(mark("🕗 <b>The term is extended:</b> {child}, {number}"), card, t),
        *deadline.why_longer(term, t),
        *_meanwhile(card, term, t),
    ]
    return of_lines(lines, *in_notice(card, t))


def _meanwhile(card: ApplicationCard, term: Deadline, t: Texts) -> list[Markup]:
    """What the longer term is good for: on the stop list for the second time, for nothing (D2)."""
    until = t.until(term.last_day)
    if card.status is Status.STOP_LIST and not _can_act(card):
        return [
            t("The place in the queue has been restored once before; it cannot be restored again."),
            t("The application goes to the archive after <b>{until}</b>.", until=until),
        ]
    return [
        t(_otherwise(card), until=until),
        t("You need not do anything to get this time. Buttons that you already have still work."),
    ]


KINDS: dict[str, Callable[[ApplicationCard, Details, Texts, datetime], Screen | None]] = {
    "reminder": _reminder,
    "last_day": _last_day,
    "last_evening": _last_evening,
    "term_extended": _extended,
}


def _screen(
    first: Mapping[Status, str], card: ApplicationCard, term: Deadline, t: Texts, now: datetime
) -> Screen:
    """What to do, how long is left, until when and what follows otherwise."""
    lines = [
        headline(first[card.status], card, t),
        deadline.left(term, t, now),
        t(_otherwise(card), until=t.until(term.last_day)),
    ]
    return of_lines(lines, *in_notice(card, t))


def _otherwise(card: ApplicationCard) -> str:
    lost = card.restored and card.status is Status.AWAITING_CONFIRMATION
    return LAST_CHANCE if lost else OTHERWISE[card.status]


def _nothing_to_restore(card: ApplicationCard, term: Deadline, t: Texts) -> Screen:
    """On the stop list for the second time (D2): only the end is told."""
    lines = [
        headline(mark("⏳ <b>Today is the last day on the stop list:</b> {child}"), card, t),
        t(
            "After <b>{until}</b> the application goes to the archive. "
            "The place in the queue has been restored once before; it cannot be restored again.",
            until=t.until(term.last_day),
        ),
    ]
    return of_lines(lines, *in_notice(card, t))


def _running(card: ApplicationCard) -> Deadline | None:
    return card.deadline if card.status in AT_ONCE else None


def _can_act(card: ApplicationCard) -> bool:
    return AT_ONCE[card.status] in card.actions


def _today(now: datetime) -> date:
    return local(now).date()
