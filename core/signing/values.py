"""What the faces see of signing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.applications.rules import Event
from core.applications.values import ApplicationCard
from core.places.values import PlaceRow

SMS_CODE = "sms_code"
"""The method of a one-time code; an EDS joins beside it (D5)."""


@dataclass(frozen=True)
class Asked:
    """An act reserved by its press: what is to be signed, and the code to deliver.

    `pressed_at` is the press that counts (D8). `sent_at` only where an earlier press had the code
    sent already; `valid_until` then, and where the code may not live for its whole five minutes.
    """

    request_id: int
    code_id: int
    act: Event
    text: str
    facts: dict[str, Any]
    place: PlaceRow | None
    pressed_at: datetime
    sent_at: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True)
class Waiting:
    """An open request that waits for its code."""

    application_id: int
    request_id: int


@dataclass(frozen=True)
class Signed:
    """An act done: the application as it is now."""

    act: Event
    card: ApplicationCard


@dataclass(frozen=True)
class Document:
    """A document that can be made from a signature; `kind` is referral or contract."""

    kind: str
    signature_id: int
    signed_at: datetime
    digest: str
    method: str
    facts: dict[str, Any]
