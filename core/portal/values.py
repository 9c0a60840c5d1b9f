"""What the portal sends, and what is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.registry.values import Problem

BATCH = "batch"
MOST = 200
"""Items of one batch: they are one transaction."""


@dataclass(frozen=True, repr=False)
class Item:
    """One thing that the portal wants done: what kind of thing, and with what."""

    type: str
    data: Mapping[str, Any]


class Why(StrEnum):
    """Why an item is refused: it can never be right, it is about something that is not here, or
    the rules refuse it as things stand."""

    WRONG = "wrong"
    UNKNOWN = "unknown"
    REFUSED = "refused"


@dataclass(frozen=True)
class Done:
    """An item has been taken; what it did."""

    answer: Mapping[str, Any]


@dataclass(frozen=True)
class NotDone:
    """An item is refused, and has changed nothing. Neither the words nor the problems repeat what
    it said."""

    why: Why
    detail: str
    problems: Sequence[Problem] = ()


class EventRefused(Exception):
    """A single event is refused: nothing has changed, and its id may be sent again."""

    def __init__(self, refusal: NotDone) -> None:
        super().__init__(refusal.why.value)
        self.refusal = refusal


Result = Done | NotDone
