"""What an old notice becomes: what was decided, and when; nothing to press any more."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.screens import words
from bot.screens.base import Screen
from bot.screens.stays import withdrawn_on
from core.applications.rules import BY_STAFF, Event, Status
from core.applications.values import ApplicationCard
from core.clock import local
from locales.texts import Texts

SIGNS: dict[Status, str] = {
    Status.IN_QUEUE: "🕐",
    Status.AWAITING_CONFIRMATION: "🎟",
    Status.VOUCHER_ISSUED: "✅",
    Status.STOP_LIST: "⛔",
    Status.ENROLLED: "✅",
    Status.ARCHIVED: "🗂",
}
GOOD = frozenset({Event.RESTORE, Event.RESTORE_BY_STAFF, Event.TAKE_TEMPORARY_PLACE})
"""Of those that lead back into the queue."""
DECIDED: dict[Status, Event] = {
    Status.VOUCHER_ISSUED: Event.CONFIRM_INTEREST,
    Status.STOP_LIST: Event.CONFIRMATION_MISSED,
    Status.ENROLLED: Event.TAKE_PLACE,
}
"""How an application comes to a status, where there is one way only."""


def nothing(t: Texts) -> Screen:
    """It is about no application, or about one that is the reader's no longer."""
    return Screen(t("This notice is out of date."))


def term(kind: str, card: ApplicationCard, t: Texts) -> Screen:
    """A notice of a term that has been answered, or has ended."""
    event = decided(kind, card)
    sign = "✅" if event in GOOD else SIGNS[card.status]
    what = words.status(card.status, t) if event is None else words.event(event, card.status, t)
    return _said(sign, what, card, t, card.changed_at)


def decided(kind: str, card: ApplicationCard) -> Event | None:
    """What has ended the term. None where that cannot be told from the application as it stands:
    then its status is told."""
    if card.changed_by in BY_STAFF:
        return card.changed_by
    match card.status:
        case Status.ARCHIVED:
            return card.archived_because
        case Status.IN_QUEUE if kind == "confirmation_missed":
            return Event.RESTORE
        case Status.IN_QUEUE if card.restored and card.stay is None:
            return Event.RESTORE
        case Status.IN_QUEUE if card.stay is not None and not card.restored:
            return Event.TAKE_TEMPORARY_PLACE
    return DECIDED.get(card.status)


def stay(card: ApplicationCard, details: Mapping[str, Any], t: Texts) -> Screen:
    """A notice of a temporary stay: a contract has ended it (D4), or its term has (R18)."""
    if card.status is Status.ENROLLED:
        return term("", card, t)
    return Screen(
        t(
            "🕐 <b>The temporary stay has ended:</b> {child}, {number} ({day})",
            child=card.child.given_name,
            number=card.registration_number,
            day=t.day(withdrawn_on(details)),
        )
    )


def _said(sign: str, what: str, card: ApplicationCard, t: Texts, moment: datetime | None) -> Screen:
    values = {
        "sign": sign,
        "what": what,
        "child": card.child.given_name,
        "number": card.registration_number,
    }
    if moment is None:
        return Screen(t("{sign} <b>{what}:</b> {child}, {number}", **values))
    return Screen(
        t(
            "{sign} <b>{what}:</b> {child}, {number} ({moment})",
            **values,
            moment=t.moment(local(moment)),
        )
    )
