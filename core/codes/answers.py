"""What to say to a code that was entered and is not right, from what the records hold."""

from datetime import datetime

from core.codes.rules import TRIES
from core.codes.tables import CodeFailuresRecord, CodeRecord
from core.codes.values import CodeAnswer, Outcome


def to_wrong(
    code: CodeRecord, failures: CodeFailuresRecord, moment: datetime, *, repeated: bool = False
) -> CodeAnswer:
    """The answer to a wrong try, after it was counted."""
    locked_until = lock_in_force(failures, moment)
    left = TRIES - code.tries
    if locked_until:
        return CodeAnswer(Outcome.LOCKED, locked_until=locked_until, repeated=repeated)
    if left <= 0:
        return CodeAnswer(Outcome.NO_TRIES, repeated=repeated)
    return CodeAnswer(Outcome.WRONG, left, repeated=repeated)


def to_uncounted(
    code: CodeRecord, failures: CodeFailuresRecord, moment: datetime, try_key: str
) -> CodeAnswer:
    """The answer to a try that was not counted: its update was, or the code takes no more."""
    if code.last_try == try_key:
        if code.used_at:
            return CodeAnswer(Outcome.RIGHT, repeated=True)
        return to_wrong(code, failures, moment, repeated=True)
    if code.used_at:
        return CodeAnswer(Outcome.USED)
    locked_until = lock_in_force(failures, moment)
    if locked_until:
        return CodeAnswer(Outcome.LOCKED, locked_until=locked_until)
    if code.closed_at:
        return CodeAnswer(Outcome.EXPIRED)
    if code.expires_at is None:
        return CodeAnswer(Outcome.NOT_SENT)
    if code.expires_at <= moment:
        return CodeAnswer(Outcome.EXPIRED)
    return CodeAnswer(Outcome.NO_TRIES)


def lock_in_force(failures: CodeFailuresRecord, moment: datetime) -> datetime | None:
    """Until when this counter takes no tries; None when it takes them."""
    until = failures.locked_until
    return until if until and until > moment else None
