"""The id by which all that one tap causes is found in the logs. It goes with the context, and with
the rows that a transaction writes: whoever takes one up in another process goes on under it."""

from contextlib import AbstractContextManager, nullcontext
from hashlib import sha256

from structlog.contextvars import bound_contextvars, get_contextvars

LENGTH = 24
"""Characters of an id at most."""


def of_update(update_id: int) -> str:
    """The same when Telegram brings it again."""
    return f"u{update_id}"


def of_event(event_id: str) -> str:
    """Of an event of the portal, whose own ids can be long and hold anything."""
    return "e" + sha256(event_id.encode()).hexdigest()[:12]


def current() -> str | None:
    """The id of what is being done just now; None: nobody's."""
    found: str | None = get_contextvars().get("trace")
    return found


def follow(trace: str | None) -> AbstractContextManager[None]:
    """Do what is inside under that id: every line of the log tells it."""
    return bound_contextvars(trace=trace) if trace else nullcontext()
