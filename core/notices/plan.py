"""What is sent about a term, and when: the plan of its notices as data."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from core.applications.rules import Status
from core.calendar.rules import Deadline
from core.clock import at_hour, local

MORNING, NINE, SIX, EVENING = 8, 9, 18, 20
"""Hours in Kazakhstan."""
QUIET_FROM, QUIET_UNTIL = 21, 8
"""Hours in Kazakhstan between which only answers and codes go out."""
ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)


class Lane(IntEnum):
    """Who goes first: a lane below never delays one above. Codes, the lane after answers, are no
    notices."""

    ANSWER = 0
    VOUCHER = 2
    REMINDER = 3
    BROADCAST = 4


class Channel(StrEnum):
    """How a notice reaches its reader; CALL: a person of the department phones."""

    TELEGRAM = "telegram"
    SMS = "sms"
    CALL = "call"


@dataclass(frozen=True)
class Step:
    """One notice of a plan: its kind, the way it goes, and when."""

    kind: str
    at: datetime
    channel: Channel = Channel.TELEGRAM
    lane: Lane = Lane.REMINDER


@dataclass(frozen=True)
class Span:
    """A term as its plan sees it: the event's day, the last day, the working days up to it."""

    from_day: date
    last_day: date
    working: tuple[date, ...] = ()


Days = Callable[[Span], Iterable[date]]


def each_working_day(span: Span) -> Iterable[date]:
    """The working days after the event and before the last day."""
    return [day for day in span.working if day < span.last_day]


def weekly_then_nearer(span: Span) -> Iterable[date]:
    """Every week, then three days and one day before the last: no weekly one in between."""
    nearer = span.last_day - 3 * ONE_DAY
    weeks = (nearer - span.from_day) // WEEK
    days = {span.from_day + WEEK * week for week in range(1, weeks + 1)}
    days |= {nearer, span.last_day - ONE_DAY}
    return sorted(day for day in days if day > span.from_day)


def never(span: Span) -> Iterable[date]:
    """No day but the last."""
    return ()


@dataclass(frozen=True)
class Plan:
    """`reminder` goes out at 09:00 of `days`; `last`: (hour, kind) on the last day; `sms`: (number
    of the working day, kind) at 18:00, where nothing was seen; `call`: on the call list at 08:00
    of the last day, where nothing was seen and no SMS delivered."""

    reminder: str
    days: Days
    last: tuple[tuple[int, str], ...]
    sms: tuple[int, str] | None = None
    call: str | None = None

    def steps(self, span: Span, began: datetime) -> list[Step]:
        """The notices of a term that began at that moment: none of them lies before it."""
        steps = [Step(self.reminder, at_hour(day, NINE)) for day in self.days(span)]
        steps += self.last_steps(span.last_day)
        if self.sms:
            number, kind = self.sms
            at = at_hour(span.working[number - 1], SIX)
            steps.append(Step(kind, at, Channel.SMS, Lane.VOUCHER))
        if self.call:
            steps.append(Step(self.call, at_hour(span.last_day, MORNING), Channel.CALL))
        return sorted((step for step in steps if step.at > began), key=lambda step: step.at)

    def last_steps(self, last_day: date) -> list[Step]:
        """The notices of the last day."""
        return [Step(kind, at_hour(last_day, hour)) for hour, kind in self.last]


LAST = ((NINE, "last_day"), (EVENING, "last_evening"))
PLANS = {
    Status.AWAITING_CONFIRMATION: Plan(
        "reminder", each_working_day, LAST, sms=(1, "voucher_issued"), call="call_confirm"
    ),
    Status.VOUCHER_ISSUED: Plan(
        "reminder", each_working_day, LAST, sms=(3, "choose"), call="call_choose"
    ),
    Status.STOP_LIST: Plan("reminder", weekly_then_nearer, LAST),
}
"""The plan of the term in which an application of that status stands (R7, R8, R10)."""

NOTHING_TO_RESTORE = Plan("reminder", never, LAST[:1])
"""On the stop list for the second time (D2): nothing can be done, so only the end is told."""

STAY = Plan(
    "stay_reminder",
    weekly_then_nearer,
    ((NINE, "stay_last_day"), (EVENING, "stay_last_evening")),
)
"""A temporary stay (R18)."""


def steps_of(status: Status, deadline: Deadline, began: datetime, *, restored: bool) -> list[Step]:
    """The notices of a term that an application in `status` has just begun."""
    working = tuple(day.date for day in deadline.days if day.kind.is_working)
    span = Span(deadline.from_day, deadline.last_day, working)
    return _plan_of(status, restored=restored).steps(span, began)


def last_steps(status: Status, last_day: date, now: datetime, *, restored: bool) -> list[Step]:
    """The notices of the last day of a term that has been extended at `now` (D18): who stands on
    the call list stays there."""
    steps = _plan_of(status, restored=restored).last_steps(last_day)
    return [step for step in steps if step.at > now]


def _plan_of(status: Status, *, restored: bool) -> Plan:
    nothing = status is Status.STOP_LIST and restored
    return NOTHING_TO_RESTORE if nothing else PLANS[status]


def steps_of_stay(last_day: date, began: datetime) -> list[Step]:
    """The notices of a temporary stay that begins at that moment."""
    return STAY.steps(Span(local(began).date(), last_day), began)


def quiet(moment: datetime) -> bool:
    """Whether people are left alone at that moment."""
    return not QUIET_UNTIL <= local(moment).hour < QUIET_FROM


def end_of_quiet(moment: datetime) -> datetime:
    """The next 08:00 in Kazakhstan."""
    today = local(moment).date()
    morning = at_hour(today, QUIET_UNTIL)
    return morning if moment < morning else at_hour(today + ONE_DAY, QUIET_UNTIL)
