"""What parents did, one by one and as the pairs that belong together."""

from dataclasses import dataclass
from datetime import datetime

from tests.faults.telegram import Update


@dataclass
class Tap:
    """Something that a parent did: a button's data, or a text."""

    family: int
    what: str
    update: Update
    at: datetime
    is_press: bool


@dataclass
class Deal:
    """Something that a parent asked for, an act or to be let in, and signed when the code had come.
    `code`: digits, and when they came."""

    family: int
    press: Tap
    code: tuple[str, datetime] | None = None
    typed: Tap | None = None
