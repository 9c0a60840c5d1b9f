"""What becomes of a code that was asked for, and of one that was entered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.codes.rules import Why


class CodesExhausted(Exception):
    """No further code before `until`."""

    def __init__(self, until: datetime, why: Why) -> None:
        super().__init__(str(why))
        self.until = until
        self.why = why


class Outcome(StrEnum):
    """What a code that was entered is worth."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    USED = "used"
    NO_TRIES = "no_tries"
    LOCKED = "locked"
    NOT_SENT = "not_sent"


@dataclass(frozen=True)
class CodeAnswer:
    """`tries_left` is above 0 only for WRONG. `locked_until` is set for LOCKED. `repeated`: this
    very update has been answered before, so whatever follows from RIGHT has been done."""

    outcome: Outcome
    tries_left: int = 0
    locked_until: datetime | None = None
    repeated: bool = False


@dataclass(frozen=True)
class Sending:
    """What came of a sending; `dark`: nobody knows. `avoid`: a gateway that left us so."""

    taken: bool
    sms_id: int | None = None
    avoid: str | None = None
    dark: bool = False
