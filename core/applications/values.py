"""What the faces see of an application."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core.applications.rules import Event, Status
from core.calendar.rules import Deadline
from core.identity.rules import Iin
from core.named import Named
from core.places.values import PlaceRow


class NotYours(Exception):
    """No such application, or somebody else's: the answer is the same (D11)."""


class UnknownApplication(Exception):
    """No application has that registration number."""


@dataclass(frozen=True)
class Applicant:
    """The applicant's part of an application (R5), as given when it was registered."""

    iin: Iin
    full_name: str
    birth_date: date
    phone: str
    email: str | None
    address: str


@dataclass(frozen=True)
class Child:
    """The child's part of an application (R5). `privilege` None: no privileges."""

    iin: Iin
    full_name: str
    given_name: str
    birth_date: date
    privilege: Named | None


@dataclass(frozen=True)
class Stay:
    """A temporary stay that lasts (D4): last day of attendance, day of withdrawal (R18)."""

    place: PlaceRow
    last_day: date
    withdraw_on: date


@dataclass(frozen=True)
class ApplicationCard:
    """An application as its parent sees it (R5). `actions`: what the parent may do now;
    `place`: where the child is enrolled; `signed`: documents exist; `changed_by`: what brought it
    to its status, None when nothing has happened yet."""

    id: int
    version: int
    registration_number: str
    registered_at: datetime
    district: str
    category: Named
    status: Status
    applicant: Applicant
    child: Child
    deadline: Deadline | None
    actions: frozenset[Event]
    restored: bool
    archived_because: Event | None
    changed_at: datetime | None
    stay: Stay | None
    place: PlaceRow | None
    signed: bool
    changed_by: Event | None = None


@dataclass(frozen=True)
class NumberedCard(ApplicationCard):
    """A card with the queue number (R5), which has to be counted; None: it does not wait."""

    queue_number: int | None = field(kw_only=True)


@dataclass(frozen=True)
class HistoryLine:
    """One change: who (parent, portal, operator, clock), when, and why (`details`)."""

    at: datetime
    event: str
    from_status: Status | None
    to_status: Status
    actor: str
    details: dict[str, Any]


@dataclass(frozen=True)
class NumberChange:
    """The queue number that held from `at` on."""

    at: datetime
    number: int
