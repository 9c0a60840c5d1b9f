"""Who is in the chat: a visitor, the person behind them, and what entering answers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from core.identity.rules import Iin, Phone
from core.staff.rules import Member

Language = str
LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")
"""Kazakh first."""


@dataclass(frozen=True)
class Person:
    """A parent who has entered, as the citizens' base has them (R3)."""

    id: int
    iin: Iin
    full_name: str
    phone: Phone


@dataclass(frozen=True)
class Visitor:
    """A chat. `person`: the link, notices go there; `session`: they may see and act now.

    `member`: the person's role of staff, as it is at this tap.
    `awaiting` and `details` are the conversation's state: what the next message is taken for.
    `noticed`: a notice went out to the chat that this tap is the first to follow, or is about.
    """

    chat_id: int
    language: Language | None = None
    district: str | None = None
    person: Person | None = None
    session: bool = False
    member: Member | None = None
    consented: bool = False
    awaiting: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    blocked: bool = False
    noticed: bool = False


@dataclass(frozen=True)
class CodeAsked:
    """A code is in line to be sent to `phone`. The same for a pair that nobody knows (R3)."""

    attempt_id: int
    code_id: int
    phone: Phone
    trusted: bool


@dataclass(frozen=True)
class Entered:
    """The chat is linked and in session. `moved_from`: the chat that was linked until now."""

    person: Person
    moved_from: int | None


class Consent(NamedTuple):
    """A consent to processing personal data, by the version of its text (R4)."""

    version: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class MyData:
    """What is held about a person here, beside their applications."""

    person: Person
    consents: tuple[Consent, ...]
    linked_at: datetime | None
    session_until: datetime | None
    language: Language | None
    district: str | None
    muted: bool
    codes_sent: int


class PairUnknown(Exception):
    """The citizens' base does not know this IIN with this phone (R3)."""


class AttemptEnded(Exception):
    """The attempt to enter is too old, or not this chat's: it has to begin anew."""


class NotLinked(Exception):
    """Nobody's chat: there is no person to send a code to."""
