"""A notice as its worker has it, and what came of sending it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from core.identity.rules import Iin, Phone
from core.notices.plan import Channel, Lane

BROADCAST = "broadcast"
"""The kind of a broadcast's notices. Its series is all its readers', not one family's."""


class State(StrEnum):
    """The life of a notice. Those of FINAL stay, unless the person comes back."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    SEEN = "seen"
    FAILED = "failed"
    UNDELIVERABLE = "undeliverable"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


OUT = (State.SENT, State.DELIVERED, State.SEEN)
"""It went out."""
HELD = datetime(9000, 1, 1, tzinfo=UTC)
"""When what waits for a word of staff is due: they may take as long as they like."""


@dataclass(frozen=True)
class CallMade:
    """One call: what came of it (`core.notices.calls.Called`), and who made it: a member of staff,
    or a name that was given at the command line."""

    at: datetime
    called: str
    by: int | str


@dataclass(frozen=True)
class Notice:
    """A claimed notice. `closing`: it was sent, its buttons are to go. From `claimed_at` until
    `lease_until` nobody else may send it; `attempts` fences off a worker that was too slow."""

    id: int
    kind: str
    channel: Channel
    lane: Lane
    closing: bool
    chat_id: int | None
    message_id: int | None
    phone: Phone | None = field(repr=False)
    language: str
    iin: Iin = field(repr=False)
    application_id: int | None
    details: dict[str, Any] = field(repr=False)
    attempts: int
    claimed_at: datetime
    lease_until: datetime
    expires_at: datetime
    token: str | None = field(repr=False)
    sms_id: int | None
    trace: str | None = None


@dataclass(frozen=True)
class Sent:
    """Telegram took it."""

    message_id: int


@dataclass(frozen=True)
class SmsTaken:
    """A gateway has the SMS of that id."""

    sms_id: int | None


@dataclass(frozen=True)
class Gone:
    """The chat takes nothing: the bot is blocked, the account deactivated, the chat unknown."""


@dataclass(frozen=True)
class Refused:
    """It can never succeed; `because` is the channel's own word for why."""

    because: str


@dataclass(frozen=True)
class Again:
    """It may succeed later: after `pause`, or else a growing one. `sms_id`: a message whose fate
    is not known; it is asked after first."""

    because: str
    pause: timedelta | None = None
    sms_id: int | None = None


@dataclass(frozen=True)
class Pointless:
    """It says nothing any more."""


@dataclass(frozen=True)
class Closed:
    """The message has lost its buttons."""


@dataclass(frozen=True)
class Held:
    """Its broadcast is paused: it waits until it is let go."""


@dataclass(frozen=True)
class Recalled:
    """The message is deleted."""


Outcome = Sent | SmsTaken | Gone | Refused | Again | Pointless | Closed | Held | Recalled
