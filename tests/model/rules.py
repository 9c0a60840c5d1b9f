"""R6-R18, D1-D11, D13 and D18 written down again, from their text alone: a world to compare with.

Nothing of the product is imported. Time is a wall calendar of 2026 with its days off as dates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

HERE = timezone(timedelta(hours=5))
FIRST_DAY, LAST_DAY = date(2026, 3, 1), date(2026, 8, 31)
DAYS_OFF = {
    date(2026, 3, 9),  # for 8 March, a Sunday
    date(2026, 3, 23),  # Nauryz
    date(2026, 3, 24),  # for 21 March
    date(2026, 3, 25),  # for 22 March
    date(2026, 5, 1),
    date(2026, 5, 7),
    date(2026, 5, 11),  # for 9 May, a Saturday
    date(2026, 5, 27),  # Kurban Ait
    date(2026, 7, 6),
}
"""Days off from Monday to Friday; no Saturday or Sunday of these months is a working day."""

DAY = timedelta(days=1)
CODE_LIFE = timedelta(minutes=5)
SENT_AGAIN = timedelta(seconds=30)

MAY = {
    "in_queue": {"remove_from_queue"},
    "awaiting_confirmation": {"confirm_interest", "refuse_voucher", "remove_from_queue"},
    "voucher_issued": {"take_place", "take_temporary_place", "remove_from_queue"},
    "stop_list": {"restore"},
    "enrolled": set(),
    "archived": set(),
}
"""What a parent may sign, by status (R7-R11, R16)."""
BECOMES = {
    "confirm_interest": "voucher_issued",
    "refuse_voucher": "archived",
    "remove_from_queue": "archived",
    "restore": "in_queue",
    "take_place": "enrolled",
    "take_temporary_place": "in_queue",
}
LAPSES = {
    "awaiting_confirmation": ("stop_list", "confirmation_missed"),
    "voucher_issued": ("archived", "choosing_missed"),
    "stop_list": ("archived", "restoring_missed"),
}
TAKING = {"general": "take_place", "temporary": "take_temporary_place"}
IN_LINE = ("in_queue", "awaiting_confirmation", "voucher_issued")


def is_working(day: date) -> bool:
    assert FIRST_DAY <= day <= LAST_DAY, "the wall calendar ends here"
    return day.weekday() < 5 and day not in DAYS_OFF


def next_working_day(day: date) -> date:
    day += DAY
    while not is_working(day):
        day += DAY
    return day


def working_days(after: date, count: int) -> date:
    """The last day of a term of working days (D1, D9)."""
    for _ in range(count):
        after = next_working_day(after)
    return after


def calendar_days(after: date, count: int) -> date:
    """The last day of a term of calendar days; off a day off it moves on (D1)."""
    last = after + count * DAY
    return last if is_working(last) else next_working_day(last)


def at(day: date, hour: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=HERE)


Gap = tuple[datetime, datetime]


def lacks(last_day: date, gaps: list[Gap]) -> bool:
    """Whether more than a minute of the last two hours of that day fell into gaps (D18), of which
    none overlaps another."""
    end = at(last_day + DAY)
    begin = end - timedelta(hours=2)
    lost = (min(to, end) - max(since, begin) for since, to in gaps)
    return sum((one for one in lost if one > 0 * DAY), 0 * DAY) > timedelta(minutes=1)


def extended(last_day: date, gaps: list[Gap], now: datetime) -> date:
    """The first working day after it whose evening nothing took, and which is still ahead."""
    day = next_working_day(last_day)
    while lacks(day, gaps) or now > at(day, 22):
        day = next_working_day(day)
    return day


@dataclass(eq=False)
class Place:
    """A row of places; `total` are all that were ever opened here."""

    id: int
    mode: str
    total: int
    until: date | None = None
    ours: bool = True  # of the district of all the children (D10)
    opens: datetime | None = None  # when a sanatorium leave opens one more (R15)
    free: int = field(init=False)

    def __post_init__(self) -> None:
        self.free = self.total


@dataclass(eq=False)
class Stay:
    """A temporary stay (D4)."""

    place: Place
    last_day: date

    @property
    def withdrawn_at(self) -> datetime:
        return at(next_working_day(self.last_day))


@dataclass(eq=False)
class Code:
    """One code by SMS; `send_at` while no gateway has taken it."""

    request: Request
    asked_at: datetime
    send_at: datetime | None
    cap: datetime | None
    ends_at: datetime | None = None
    used: bool = False
    replaced: bool = False
    tries: int = 0
    last_try: str = ""


@dataclass(eq=False)
class Request:
    """An act that was pressed and waits for its code (D8). `id` is read off the house."""

    child: Child
    version: int
    act: str
    place: Place | None
    ends_at: datetime | None = None
    open: bool = True
    expired: bool = False  # its code ran out
    taken_back: bool = False  # with its voucher (D13)
    codes: list[Code] = field(default_factory=list)
    id: int | None = None

    def lives(self, now: datetime) -> bool:
        return self.open and (self.ends_at is None or now < self.ends_at)


@dataclass(eq=False)
class Parent:
    """A parent in a chat. `waits`: the next text is a code for that request, or a name."""

    id: int
    waits: Request | str | None = None
    codes: list[Code] = field(default_factory=list)
    sms: list[Code] = field(default_factory=list)


@dataclass(eq=False)
class Child:
    """A queue application. `last_day` is that of the running term."""

    id: int
    parent: Parent
    status: str = "in_queue"
    version: int = 1
    last_day: date | None = None
    called_on: date | None = None  # the last day as counted, where it was extended since (D18)
    restored: bool = False
    because: str | None = None
    place: Place | None = None
    stay: Stay | None = None
    request: Request | None = None
    left: Request | None = None  # stepped back from, and nothing else was pressed since
    changes: int = 0
    changed_at: datetime | None = None

    @property
    def ends_at(self) -> datetime | None:
        return at(self.last_day + DAY) if self.last_day else None

    def ended(self, now: datetime) -> bool:
        return self.ends_at is not None and now >= self.ends_at

    def may(self, now: datetime) -> set[str]:
        """What the parent may sign now; restoring is possible once (R8, D2)."""
        if self.ended(now):
            return set()
        return MAY[self.status] - ({"restore"} if self.restored else set())

    def changed(self) -> None:
        """A line of the history (R5)."""
        self.changes += 1

    def become(self, status: str, because: str, moment: datetime) -> None:
        self.status = status
        self.because = because if status == "archived" else None
        self.version += 1
        self.changed()
        # what the clock brings happens when it was due
        self.changed_at = max(moment, self.changed_at or moment)
        self.last_day = self.called_on = None
