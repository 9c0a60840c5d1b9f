"""Texts of SMS. Kazakh letters force UCS-2: a code has one segment of 70 characters, a notice with
its link two of 67."""

from core.applications.rules import Event, Status
from core.applications.values import ApplicationCard
from locales.texts import mark, texts

CODES = {
    "login": mark("akmola.kz: entry code {digits}. Tell no one."),
    "sign": mark("akmola.kz: code for signing {digits}. Tell no one."),
}
NOTICES = {
    "voucher_issued": mark("akmola.kz: voucher issued, confirm by {day}, 23:59. {link}"),
    "voucher_withdrawn": mark(
        "akmola.kz: voucher issued by mistake, withdrawn. Your queue place is kept. {link}"
    ),
    "choose": mark("akmola.kz: choose a kindergarten and sign by {day}, 23:59. {link}"),
    "confirmation_missed": mark(
        "akmola.kz: application on the stop list, restore by {day}, 23:59. {link}"
    ),
    "term_extended": mark("akmola.kz: the term is extended, new deadline: {day}, 23:59. {link}"),
    "restored_by_staff": mark("akmola.kz: the place in the queue is restored. {link}"),
}
BACK_IN_QUEUE = frozenset({"voucher_withdrawn", "restored_by_staff"})
"""There is nothing to be done about it (D13, D14)."""
NEEDS = {
    "voucher_issued": Event.CONFIRM_INTEREST,
    "choose": Event.TAKE_PLACE,
    "confirmation_missed": Event.RESTORE,
}
"""What the parent can do about it; when they no longer can, the SMS is pointless."""


def _can_act(kind: str, card: ApplicationCard) -> bool:
    """What the term is for; one that is extended may be any."""
    needed = {NEEDS[kind]} if kind in NEEDS else set(NEEDS.values())
    return not needed.isdisjoint(card.actions)


def code_text(purpose: str, language: str, digits: str) -> str:
    """The message that carries a one-time code; `purpose` is "login" or "sign"."""
    return texts(language).plain(CODES[purpose], digits=digits)


def notice_text(kind: str, card: ApplicationCard | None, language: str, link: str) -> str | None:
    """A notice as SMS, without a name: a phone passes through many hands. None: pointless."""
    if card is None:
        return None
    t = texts(language)
    if kind in BACK_IN_QUEUE:
        waits = card.status is Status.IN_QUEUE
        return t.plain(NOTICES[kind], link=link) if waits else None
    if card.deadline is None or not _can_act(kind, card):
        return None
    return t.plain(NOTICES[kind], day=t.day(card.deadline.last_day), link=link)
