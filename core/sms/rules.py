"""What becomes of a text message: its states, and how a gateway's word changes them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Of a message, as kept in `sms_messages.state`. The last two are final."""

    SENDING = "sending"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    FAILED = "failed"
    DELIVERED = "delivered"


FINAL = frozenset({State.FAILED, State.DELIVERED})
RANK = {
    State.SENDING: 0,
    State.REFUSED: 0,
    State.UNKNOWN: 0,
    State.ACCEPTED: 1,
    State.FAILED: 2,
    State.DELIVERED: 3,
}
"""A message never moves to a lower rank. Whoever says delivered is believed over whoever says
failed, in either order: the text is in somebody's hand."""


@dataclass(frozen=True)
class Report:
    """What a gateway says of a message: ACCEPTED (under way), FAILED or DELIVERED, and its own
    word for it."""

    state: State
    word: str


@dataclass(frozen=True)
class Standing:
    """Where a message stands; `reported` is the gateway's word for a final state."""

    state: State
    reported: str | None = None


def after(standing: Standing, report: Report, *, holder: bool) -> Standing:
    """Where it stands after a report: any order and repetition of reports ends alike.

    `holder`: the gateway that reports is the one that has the message. Another one, which was
    asked before it, can only have delivered it all the same.
    """
    if not holder and report.state is not State.DELIVERED:
        return standing
    word = report.word if report.state in FINAL else None
    told = Standing(report.state, word)
    return max(standing, told, key=lambda s: (RANK[s.state], s.reported or ""))


EARLY = timedelta(minutes=10)
"""How long a receipt waits for the message that it is about, or for the gateway's own answer."""
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=1)
SENDING_AT_MOST = timedelta(minutes=2)
"""After that a message that stands as being sent was cut off by a kill."""

ASK_AFTER = timedelta(minutes=5)
"""A message without a receipt is asked after: receipts get lost."""
ASK_FOR = timedelta(hours=25)
"""No gateway tries for longer than a day."""


def look_again(tries: int) -> timedelta:
    """How long a receipt waits after its `tries`-th look: 2, 4, 8 … 60 seconds."""
    return min(SHORTEST_WAIT * (1 << min(tries - 1, 10)), LONGEST_WAIT)


def ask_again(created: datetime, now: datetime) -> datetime | None:
    """When a message without a final report is asked after next: 5, 10, 20 … minutes after it
    was sent, a day long; None: never again."""
    age = now - created
    return None if age >= ASK_FOR else now + max(ASK_AFTER, age)
