"""What both SMS gateways share: how long a text is, what it costs, and what can become of it."""

from __future__ import annotations

from sandbox.html_entities import units
from sandbox.state import Sms

PRICE = 25  # tenge for one segment
BALANCE = 100_000  # tenge at each gateway before its first SMS

SMSC_STATUS = {
    "moderated": -1,
    "queued": -1,
    "accepted": 0,
    "partly": 0,
    "delivered": 1,
    "expired": 3,
    "undelivered": 20,
    "rejected": 23,
    "deleted": -2,
}
"""SMSC.kz's numbers (smsc.kz/api/http/status_messages) for what became of an SMS."""

MOBIZON_STATUS = {
    "moderated": "NEW",
    "queued": "ENQUEUD",
    "accepted": "ACCEPTD",
    "partly": "PDLIVRD",
    "delivered": "DELIVRD",
    "expired": "EXPIRED",
    "undelivered": "UNDELIV",
    "rejected": "REJECTD",
    "deleted": "DELETED",
}
"""Mobizon's words (mobizon-api-docs, smsStatus) for the same."""

FINAL = frozenset({"delivered", "expired", "undelivered", "rejected", "deleted"})

MESSAGES, CAMPAIGNS = 169_000_000, 245_000_000
"""Mobizon numbers from here on: nobody mixes its numbers up with those of one's own."""

_GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


def segments(text: str) -> int:
    """Letters beyond the Latin set need UCS-2: 70 in one segment, 67 in each of several."""
    alone, each = (160, 153) if set(text) <= _GSM7 else (70, 67)
    length = units(text)
    return 1 if length <= alone else -(-length // each)


def number_of(sms: Sms) -> str:
    """The number by which its gateway speaks of it: at SMSC.kz the sender's own, if any."""
    if sms.gateway == "mobizon":
        return str(MESSAGES + sms.id)
    return sms.own_id or str(sms.id)


def status_of(sms: Sms) -> int | str:
    """What became of it, in its gateway's words."""
    return MOBIZON_STATUS[sms.status] if sms.gateway == "mobizon" else SMSC_STATUS[sms.status]
