"""What the desk sees of sanatorium leaves (R15)."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class LeaveProblem(StrEnum):
    """Why a leave cannot be registered."""

    NOT_ENROLLED = "not_enrolled"
    WRONG_ORDER = "wrong_order"  # the last day lies before the first
    OVER = "over"  # the last day has passed
    TOO_LONG = "too_long"
    OVERLAPS = "overlaps"  # the child is away then already


class LeaveRefused(Exception):
    """`problem` says why; nothing was changed."""

    def __init__(self, problem: LeaveProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class NoSuchLeave(Exception):
    """None of that id in the district, or it has ended."""


@dataclass(frozen=True)
class Enrolled:
    """A child who holds a place."""

    application_id: int
    registration_number: str
    child: str = field(repr=False)
    kindergarten: str
    language: str


@dataclass(frozen=True)
class Leave:
    """A leave. `child` and the rest are those of the child who is away, None where the leave was
    taken over from elsewhere. `open`: its place is lent now. `free`: temporary places of the same
    kindergarten, language and last day that nobody has taken."""

    id: int
    registration_number: str | None
    child: str | None = field(repr=False)
    kindergarten: str
    language: str
    first_day: date
    last_day: date
    open: bool
    free: int


@dataclass(frozen=True)
class LeavePage:
    """A page of leaves; `page` counts from 0, `pages` is at least 1."""

    leaves: tuple[Leave, ...]
    total: int
    page: int
    pages: int


class Ended(StrEnum):
    """What an early end meant: the leave had not begun; its place was free and is closed; its
    place is taken, and closes when that stay ends."""

    NOT_BEGUN = "not_begun"
    CLOSED = "closed"
    TAKEN = "taken"
