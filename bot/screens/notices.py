"""Notices as their reader sees them at the moment they are sent. None: it is pointless by now."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.keyboards.application import how_counted, open_application
from bot.keyboards.base import rows
from bot.keyboards.menu import to_menu
from bot.keyboards.voucher import acts
from bot.screens import application
from bot.screens.application import headline
from bot.screens.base import Screen
from bot.screens.place import name
from core.applications.rules import Event, Status
from core.applications.values import ApplicationCard
from core.clock import local
from locales.texts import Texts, mark

Details = Mapping[str, Any]
WITHOUT_REMOVE = frozenset({Event.REMOVE_FROM_QUEUE})
"""A notice offers what it is about; removing is a step further, in the application."""


def render(
    kind: str, card: ApplicationCard | None, details: Details, t: Texts, now: datetime
) -> Screen | None:
    """The notice of that kind about an application as it stands `now`. KeyError: no such kind."""
    if kind == ENTERED_ELSEWHERE:
        return _entered_elsewhere(t)
    made = KINDS[kind]
    if card is None or details.get("version", card.version) != card.version:
        return None  # something has happened since: another notice or screen tells it
    return made(card, details, t, now)


def _voucher_issued(
    card: ApplicationCard, details: Details, t: Texts, now: datetime
) -> Screen | None:
    """R6. Once the term has ended, there is nothing to answer."""
    if not card.actions:
        return None
    return _screen(application.awaiting(card, t, now), *_acts(card, t), how_counted(card, t))


def _confirmation_missed(
    card: ApplicationCard, details: Details, t: Texts, now: datetime
) -> Screen | None:
    """R7, R8, D2."""
    lines = application.stopped(card, t, now)
    lines.insert(1, t("Interest was not confirmed in time, so the voucher is void."))
    return _screen(lines, *_acts(card, t), how_counted(card, t))


def _restoring_missed(
    card: ApplicationCard, details: Details, t: Texts, now: datetime
) -> Screen | None:
    return _archived(card, t)


def _choosing_missed(
    card: ApplicationCard, details: Details, t: Texts, now: datetime
) -> Screen | None:
    return _archived(card, t)


def _archived(card: ApplicationCard, t: Texts) -> Screen:
    """R8, R10."""
    assert card.archived_because is not None
    lines = [
        headline(mark("🗂 <b>The application is in the archive:</b> {child}, {number}"), card, t),
        t(application.BECAUSE[card.archived_because]),
        t("The child is no longer in the queue. A new application can be made on akmola.kz."),
    ]
    return _screen(lines, _open(card, t))


LAST_DAY = {
    Status.AWAITING_CONFIRMATION: (
        mark("⏳ <b>Today is the last day.</b> {child}: confirm your interest."),
        mark(
            "Deadline: <b>{until}</b>. If you miss it, the voucher becomes void "
            "and the application moves to the stop list."
        ),
    ),
    Status.VOUCHER_ISSUED: (
        mark("⏳ <b>Today is the last day.</b> {child}: choose a kindergarten, sign the contract."),
        mark(
            "Deadline: <b>{until}</b>. If you miss it, the voucher becomes void "
            "and the application goes to the archive."
        ),
    ),
    Status.STOP_LIST: (
        mark("⏳ <b>Today is the last day.</b> {child}: restore the place in the queue."),
        mark("Deadline: <b>{until}</b>. If you miss it, the application goes to the archive."),
    ),
}
LAST_CHANCE = mark(
    "Deadline: <b>{until}</b>. If you miss it, the voucher becomes void, the application moves "
    "to the stop list, and the place in the queue can no longer be restored."
)
"""To confirm, where the place in the queue has been restored before (D2)."""
NOTHING_TO_RESTORE = (
    mark("⏳ <b>Today is the last day on the stop list:</b> {child}"),
    mark(
        "After <b>{until}</b> the application goes to the archive. "
        "The place in the queue has been restored once before; it cannot be restored again."
    ),
)


def _last_day(card: ApplicationCard, details: Details, t: Texts, now: datetime) -> Screen | None:
    """The morning of a term's last day. On another day it is pointless."""
    term = card.deadline
    if term is None or local(now).date() != term.last_day:
        return None
    gone = card.status is Status.STOP_LIST and Event.RESTORE not in card.actions
    first, second = NOTHING_TO_RESTORE if gone else LAST_DAY[card.status]
    if card.restored and card.status is Status.AWAITING_CONFIRMATION:
        second = LAST_CHANCE
    lines = [headline(first, card, t), t(second, until=t.until(term.last_day))]
    return _screen(lines, *(_acts(card, t) or [_open(card, t)]))


def _stay_last_day(
    card: ApplicationCard, details: Details, t: Texts, now: datetime
) -> Screen | None:
    """R16, R18. A stay that a contract has ended needs no reminder."""
    stay = card.stay
    if stay is None or stay.last_day.isoformat() != details["last_day"]:
        return None
    lines = [
        headline(mark("⏳ <b>The temporary stay is about to end:</b> {child}"), card, t),
        t(
            "{name}. Last day of attendance: <b>{day}</b>.",
            name=name(stay.place),
            day=t.dated(stay.last_day),
        ),
        t(
            "Day of automatic withdrawal: {day}. The voucher is annulled.",
            day=t.dated(stay.withdraw_on),
        ),
        *_queue_kept(card, t),
    ]
    return _screen(lines, _open(card, t))


def _stay_ended(card: ApplicationCard, details: Details, t: Texts, now: datetime) -> Screen | None:
    """R17, R18."""
    lines = [
        headline(mark("<b>The temporary stay has ended:</b> {child}"), card, t),
        t(
            "The child is withdrawn automatically: {day}. The voucher is annulled.",
            day=t.dated(date.fromisoformat(details["withdraw_on"])),
        ),
        *_queue_kept(card, t),
    ]
    return _screen(lines, _open(card, t))


Made = Callable[[ApplicationCard, Details, Texts, datetime], Screen | None]
KINDS: dict[str, Made] = {
    "voucher_issued": _voucher_issued,
    "confirmation_missed": _confirmation_missed,
    "restoring_missed": _restoring_missed,
    "choosing_missed": _choosing_missed,
    "last_day": _last_day,
    "stay_last_day": _stay_last_day,
    "stay_ended": _stay_ended,
}
ENTERED_ELSEWHERE = "entered_elsewhere"


def _entered_elsewhere(t: Texts) -> Screen:
    lines = [
        t("🔒 <b>You have entered from another Telegram.</b>"),
        t("Notices go there now, and no longer to this chat."),
        t("If it was not you, enter here again and call support."),
    ]
    return _screen(lines, to_menu(t))


def _queue_kept(card: ApplicationCard, t: Texts) -> list[Markup]:
    """R17, unless the child has left the queue in the meantime."""
    if card.queue_number is None:
        return []
    return [
        t("The place in the general queue is kept, number: {number}.", number=card.queue_number)
    ]


def _acts(card: ApplicationCard, t: Texts) -> list[InlineKeyboardButton]:
    return acts(card, t, without=WITHOUT_REMOVE)


def _open(card: ApplicationCard, t: Texts) -> InlineKeyboardButton:
    return open_application(card, t.plain("Open the application"))


def _screen(lines: list[Markup], *buttons: InlineKeyboardButton) -> Screen:
    return Screen(Markup("\n").join(lines), rows(*buttons))
