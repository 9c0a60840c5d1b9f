"""Notices of a temporary stay (R16-R18): before its end, on its last day, and when it has ended."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from markupsafe import Markup

from bot.keyboards.application import to_application
from bot.keyboards.voucher import in_notice
from bot.screens.application import headline
from bot.screens.base import Screen, of_lines
from bot.screens.place import name
from core.applications.rules import OUTSTANDING
from core.applications.values import NumberedCard, Stay
from core.calendar.rules import Deadline
from core.clock import local
from locales.texts import Texts, mark

Details = Mapping[str, Any]

SOON = timedelta(days=7)
"""From then on the end is near."""


def _reminder(card: NumberedCard, details: Details, t: Texts, now: datetime) -> Screen | None:
    stay = _lasting(card, details)
    if stay is None or local(now).date() >= stay.last_day:
        return None
    left = stay.last_day - local(now).date()
    first = (
        mark("⏳ <b>The temporary stay is about to end:</b> {child}")
        if left <= SOON
        else mark("🔔 <b>A reminder of the temporary place:</b> {child}")
    )
    days = t.plain_plural("{count} day", "{count} days", left.days)
    lines = [headline(first, card, t), _attends_until(stay, t), t("Time left: {left}.", left=days)]
    return _screen(lines, card, stay, t)


def _last_day(card: NumberedCard, details: Details, t: Texts, now: datetime) -> Screen | None:
    stay = _lasting(card, details)
    if stay is None or local(now).date() != stay.last_day:
        return None
    first = mark("⏳ <b>Today is the last day of the temporary stay:</b> {child}")
    return _screen([headline(first, card, t), _attends_until(stay, t)], card, stay, t)


def _last_evening(card: NumberedCard, details: Details, t: Texts, now: datetime) -> Screen | None:
    stay = _lasting(card, details)
    if stay is None or local(now).date() != stay.last_day:
        return None
    lines = [
        headline(mark("⏳ <b>The temporary stay ends today:</b> {child}"), card, t),
        t("{name}: the child does not attend from tomorrow on.", name=name(stay.place)),
    ]
    return _screen(lines, card, stay, t)


def _ended(card: NumberedCard, details: Details, t: Texts, now: datetime) -> Screen | None:
    """R17, R18."""
    withdrawal = (
        mark("The child is withdrawn automatically: {day}. The voucher is annulled.")
        if _new_voucher(card) is None
        else mark(
            "The child is withdrawn automatically: {day}. "
            "Only the voucher of the temporary place is annulled."
        )
    )
    lines = [
        headline(mark("<b>The temporary stay has ended:</b> {child}"), card, t),
        t(withdrawal, day=t.dated(withdrawn_on(details))),
    ]
    return _with_what_goes_on(lines, card, t)


KINDS: dict[str, Callable[[NumberedCard, Details, Texts, datetime], Screen | None]] = {
    "stay_reminder": _reminder,
    "stay_last_day": _last_day,
    "stay_last_evening": _last_evening,
    "stay_ended": _ended,
}


def withdrawn_on(details: Details) -> date:
    """The day of the automatic withdrawal (R18)."""
    return date.fromisoformat(details["withdraw_on"])


def _lasting(card: NumberedCard, details: Details) -> Stay | None:
    """The stay that the notice is about. One that a contract has ended needs no reminder (D4)."""
    stay = card.stay
    same = stay is not None and stay.last_day.isoformat() == details["last_day"]
    return stay if same else None


def _screen(lines: list[Markup], card: NumberedCard, stay: Stay, t: Texts) -> Screen:
    withdrawal = (
        mark("Day of automatic withdrawal: {day}. The voucher is annulled.")
        if _new_voucher(card) is None
        else mark(
            "Day of automatic withdrawal: {day}. "
            "Only the voucher of the temporary place is annulled."
        )
    )
    return _with_what_goes_on([*lines, t(withdrawal, day=t.dated(stay.withdraw_on))], card, t)


def _with_what_goes_on(lines: list[Markup], card: NumberedCard, t: Texts) -> Screen:
    """A new voucher with its term and its buttons, or the waiting."""
    term = _new_voucher(card)
    if term is None:
        return of_lines([*lines, *_queue_kept(card, t)], to_application(card, t))
    valid = t(
        "The new voucher from the queue is valid, deadline: <b>{until}</b>.",
        until=t.until(term.last_day),
    )
    return of_lines([*lines, valid], *in_notice(card, t))


def _new_voucher(card: NumberedCard) -> Deadline | None:
    """The term of the voucher that the turn has brought beside the stay (D4), while it runs."""
    return card.deadline if card.status in OUTSTANDING and card.actions else None


def _attends_until(stay: Stay, t: Texts) -> Markup:
    return t(
        "{name}. Last day of attendance: <b>{day}</b>.",
        name=name(stay.place),
        day=t.dated(stay.last_day),
    )


def _queue_kept(card: NumberedCard, t: Texts) -> list[Markup]:
    """R17, unless the child has left the queue in the meantime."""
    if card.queue_number is None:
        return []
    return [
        t("The place in the general queue is kept, number: {number}.", number=card.queue_number)
    ]
