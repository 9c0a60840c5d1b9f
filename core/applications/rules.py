"""The lifecycle of a queue application as one table: (status, event) -> what follows (R6-R18).

The diagram in docs/rules.md, the refusals and the exhaustive test all come from `LIFECYCLE`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.calendar.rules import Calendar, CalendarDays, Deadline, Term, WorkingDays, count
from core.clock import local


class Status(StrEnum):
    """Where an application stands; the parents' words are in the catalogues."""

    IN_QUEUE = "in_queue"
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    VOUCHER_ISSUED = "voucher_issued"
    STOP_LIST = "stop_list"
    ENROLLED = "enrolled"
    ARCHIVED = "archived"


WAITING = frozenset({Status.IN_QUEUE, Status.AWAITING_CONFIRMATION, Status.VOUCHER_ISSUED})
"""The child holds a place in the queue, so it has a queue number (R5)."""
OUTSTANDING = (Status.AWAITING_CONFIRMATION, Status.VOUCHER_ISSUED)
"""A voucher is out: it is lost if the child leaves the queue, or the term passes."""


class Event(StrEnum):
    """What can happen to an application."""

    ISSUE_VOUCHER = "issue_voucher"
    CONFIRM_INTEREST = "confirm_interest"
    REFUSE_VOUCHER = "refuse_voucher"
    REMOVE_FROM_QUEUE = "remove_from_queue"
    CONFIRMATION_MISSED = "confirmation_missed"
    RESTORE = "restore"
    RESTORING_MISSED = "restoring_missed"
    TAKE_PLACE = "take_place"
    TAKE_TEMPORARY_PLACE = "take_temporary_place"
    CHOOSING_MISSED = "choosing_missed"
    CONFIRMATION_REOPENED = "confirmation_reopened"
    RESTORING_REOPENED = "restoring_reopened"
    CHOOSING_REOPENED = "choosing_reopened"
    RESTORE_BY_STAFF = "restore_by_staff"
    WITHDRAW_VOUCHER = "withdraw_voucher"


BY_CLOCK = frozenset({Event.CONFIRMATION_MISSED, Event.RESTORING_MISSED, Event.CHOOSING_MISSED})
"""Events that the sweep brings, at the end of a term."""

BY_PARENT = frozenset(
    {
        Event.CONFIRM_INTEREST,
        Event.REFUSE_VOUCHER,
        Event.REMOVE_FROM_QUEUE,
        Event.RESTORE,
        Event.TAKE_PLACE,
        Event.TAKE_TEMPORARY_PLACE,
    }
)
"""Acts: each is signed by the parent (D5)."""

BY_STAFF = frozenset({Event.WITHDRAW_VOUCHER, Event.RESTORE_BY_STAFF})
"""Decisions of staff, each with a reason (D13, D14)."""

REOPENS = {
    Event.CONFIRMATION_REOPENED: Event.CONFIRMATION_MISSED,
    Event.RESTORING_REOPENED: Event.RESTORING_MISSED,
    Event.CHOOSING_REOPENED: Event.CHOOSING_MISSED,
}
"""A press that came in time but was read after the sweep takes back what the sweep did (D8)."""

TERMS_MISSED = frozenset({Event.RESTORING_MISSED, Event.CHOOSING_MISSED})
"""Why an application may be in the archive and yet be restored by staff (D14)."""

CONFIRMING = WorkingDays(2)  # R7
CHOOSING = WorkingDays(5)  # R10
RESTORING = CalendarDays(28)  # R8


@dataclass(frozen=True)
class Transition:
    """What an event makes of an application: its next status, the term that starts, the notice
    that is owed to the parent (None: the parent did it and sees the answer on the screen), and
    the rules that say so."""

    target: Status
    rules: str
    term: Term | None = None
    notice: str | None = None


LIFECYCLE: dict[tuple[Status, Event], Transition] = {
    (Status.IN_QUEUE, Event.ISSUE_VOUCHER): Transition(
        Status.AWAITING_CONFIRMATION, "R6, R7", CONFIRMING, "voucher_issued"
    ),
    (Status.IN_QUEUE, Event.REMOVE_FROM_QUEUE): Transition(Status.ARCHIVED, "R11, D7"),
    (Status.AWAITING_CONFIRMATION, Event.CONFIRM_INTEREST): Transition(
        Status.VOUCHER_ISSUED, "R9, R10", CHOOSING
    ),
    (Status.AWAITING_CONFIRMATION, Event.REFUSE_VOUCHER): Transition(
        Status.ARCHIVED, "R11, D7, D9"
    ),
    (Status.AWAITING_CONFIRMATION, Event.REMOVE_FROM_QUEUE): Transition(Status.ARCHIVED, "R11, D7"),
    (Status.AWAITING_CONFIRMATION, Event.CONFIRMATION_MISSED): Transition(
        Status.STOP_LIST, "R7, R8, D2", RESTORING, "confirmation_missed"
    ),
    (Status.STOP_LIST, Event.RESTORE): Transition(Status.IN_QUEUE, "R8, D2, D3"),
    (Status.STOP_LIST, Event.RESTORING_MISSED): Transition(
        Status.ARCHIVED, "R8, D2", None, "restoring_missed"
    ),
    (Status.VOUCHER_ISSUED, Event.TAKE_PLACE): Transition(Status.ENROLLED, "R10, R14, D6"),
    (Status.VOUCHER_ISSUED, Event.TAKE_TEMPORARY_PLACE): Transition(
        Status.IN_QUEUE, "R16, R17, D4"
    ),
    (Status.VOUCHER_ISSUED, Event.REMOVE_FROM_QUEUE): Transition(Status.ARCHIVED, "R11, D7"),
    (Status.VOUCHER_ISSUED, Event.CHOOSING_MISSED): Transition(
        Status.ARCHIVED, "R10", None, "choosing_missed"
    ),
    (Status.AWAITING_CONFIRMATION, Event.WITHDRAW_VOUCHER): Transition(
        Status.IN_QUEUE, "D13", None, "voucher_withdrawn"
    ),
    (Status.VOUCHER_ISSUED, Event.WITHDRAW_VOUCHER): Transition(
        Status.IN_QUEUE, "D13", None, "voucher_withdrawn"
    ),
    (Status.STOP_LIST, Event.CONFIRMATION_REOPENED): Transition(Status.AWAITING_CONFIRMATION, "D8"),
    (Status.ARCHIVED, Event.RESTORING_REOPENED): Transition(Status.STOP_LIST, "D8"),
    (Status.ARCHIVED, Event.CHOOSING_REOPENED): Transition(Status.VOUCHER_ISSUED, "D8"),
    (Status.STOP_LIST, Event.RESTORE_BY_STAFF): Transition(
        Status.IN_QUEUE, "D14, D3", None, "restored_by_staff"
    ),
    (Status.ARCHIVED, Event.RESTORE_BY_STAFF): Transition(
        Status.IN_QUEUE, "D14, D3", None, "restored_by_staff"
    ),
}

MISSED: dict[Status, Event] = {status: event for (status, event) in LIFECYCLE if event in BY_CLOCK}
"""The event that the end of the term brings to an application in that status."""


class Refusal(StrEnum):
    """Why an event is refused."""

    NOT_NOW = "not_now"  # the table has no such pair
    TERM_ENDED = "term_ended"  # R7, R8, R10, D8
    STALE = "stale"  # the button was made for an earlier state
    ALREADY_RESTORED = "already_restored"  # R8, D2
    PLACE_GONE = "place_gone"  # D6
    PLACE_OVER = "place_over"  # a temporary place without a day left (D19)
    OTHER_DISTRICT = "other_district"  # D10
    WRONG_MODE = "wrong_mode"  # the place is temporary and the act is not, or the reverse
    STAY_LASTS = "stay_lasts"  # the child is already on a temporary stay (D4)


class Refused(Exception):
    """The rules refuse an event; `refusal` says why. The application is unchanged."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True)
class Missed:
    """The term that the sweep ended last: the event that it brought, and the term's end."""

    event: Event
    ends_at: datetime


@dataclass(frozen=True)
class Situation:
    """What the rules need to know of an application."""

    status: Status
    ends_at: datetime | None  # exclusive end of the running term, UTC
    restored: bool  # the one restoring has been used (R8)
    missed: Missed | None = None  # nothing has happened since but the sweep's event
    archived_because: Event | None = None  # the event that archived it


def decide(situation: Situation, event: Event, moment: datetime) -> Transition:
    """What `event`, arrived at `moment` (D8), makes of an application. Refused otherwise.

    The end of a term comes only when the term has ended; everything else comes before that.
    """
    transition = LIFECYCLE.get((situation.status, event))
    if transition is None:
        raise Refused(Refusal.NOT_NOW)
    if event in REOPENS:
        missed = situation.missed
        if missed is None or missed.event is not REOPENS[event] or moment >= missed.ends_at:
            raise Refused(Refusal.NOT_NOW)
        return transition
    ended = situation.ends_at is not None and moment >= situation.ends_at
    if event in BY_CLOCK:
        if not ended:
            raise Refused(Refusal.NOT_NOW)
        return transition
    if event is Event.RESTORE_BY_STAFF and not _needs_staff(situation):
        raise Refused(Refusal.NOT_NOW)
    if event is Event.RESTORE and situation.restored:
        raise Refused(Refusal.ALREADY_RESTORED)
    if ended:
        raise Refused(Refusal.TERM_ENDED)
    return transition


def _needs_staff(situation: Situation) -> bool:
    """Whether a term has been missed and the parent can do nothing about it (D14)."""
    if situation.status is Status.ARCHIVED:
        return situation.archived_because in TERMS_MISSED
    return situation.restored


def deadline_of(transition: Transition, calendar: Calendar, moment: datetime) -> Deadline | None:
    """The term that starts with a transition at `moment` (D1, D9); None when none starts."""
    if transition.term is None:
        return None
    return count(calendar, transition.term, local(moment).date())


def missed_deadline(transition: Transition, calendar: Calendar, ended: date) -> Deadline | None:
    """The same for a term that follows a missed one: it counts from the last day of the missed
    term, however late the sweep comes (D2)."""
    if transition.term is None:
        return None
    return count(calendar, transition.term, ended)


def allowed(situation: Situation, moment: datetime) -> frozenset[Event]:
    """What the parent may do now: the buttons of the application."""
    possible = set()
    for status, event in LIFECYCLE:
        if status is not situation.status or event not in BY_PARENT:
            continue
        try:
            decide(situation, event, moment)
        except Refused:
            continue
        possible.add(event)
    return frozenset(possible)


def reopening(situation: Situation, moment: datetime) -> Event | None:
    """The event that takes back the sweep's, for a press that arrived before the term's end (D8).

    None when there is nothing to take back.
    """
    if situation.missed is None or moment >= situation.missed.ends_at:
        return None
    return next(event for event, missed in REOPENS.items() if missed is situation.missed.event)
