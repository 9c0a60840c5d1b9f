"""What staff see of a family, and why something about one cannot be done."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.applications.rules import Status
from core.applications.values import NumberedCard
from core.identity.rules import Phone
from core.notices.plan import Channel


class UnknownFamily(Exception):
    """No such application, or one of another district: the answer is the same."""


class ChildElsewhere(Exception):
    """The child stands in the queue, or is enrolled, by another application."""


class CannotResend(Exception):
    """Nothing was sent; `why` says why."""

    def __init__(self, why: "Obstacle") -> None:
        super().__init__(why.value)
        self.why = why


class Obstacle(StrEnum):
    """Why a notice is not sent again."""

    NOTHING_TO_ANSWER = "nothing_to_answer"
    JUST_SENT = "just_sent"
    TOO_LATE = "too_late"  # the term ends before the quiet hours do
    NO_WAY = "no_way"  # no chat, or no mobile number


class Look(StrEnum):
    """What of a family is looked at, as the audit log calls it."""

    CARD = "family_opened"
    IIN = "family_iin_shown"
    HISTORY = "family_history_read"
    NOTICES = "family_notices_read"
    NOTICE = "family_notice_read"


class Reason(StrEnum):
    """Why staff restore an application (D14)."""

    ILLNESS = "illness"
    NOT_REACHED = "not_reached"
    FAULT = "fault"
    RULING = "ruling"


class Chat(StrEnum):
    """Whether Telegram reaches the family."""

    OPEN = "open"
    BLOCKED = "blocked"
    NONE = "none"


@dataclass(frozen=True)
class Finding:
    """What a search has found: ids in the order of the children's names. `more`: there are others,
    which it does not name."""

    ids: tuple[int, ...]
    more: bool = False


@dataclass(frozen=True)
class Found:
    """A line of what was found."""

    id: int
    registration_number: str
    child: str = field(repr=False)
    applicant: str = field(repr=False)
    status: Status


@dataclass(frozen=True)
class Family:
    """An application as staff see it. `phone`: where text messages about it go, None when no SMS
    can go there; `corrected`: staff have corrected the application's phone; `resend`: by which
    ways its notice can go again now; `restorable`: staff may restore it (D14)."""

    card: NumberedCard
    chat: Chat
    language: str | None
    phone: Phone | None
    corrected: bool
    resend: frozenset[Channel]
    restorable: bool


@dataclass(frozen=True)
class Resent:
    """A notice goes out again: when (now, or after the quiet hours)."""

    at: datetime
    waits: bool
