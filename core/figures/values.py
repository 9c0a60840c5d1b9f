"""A report: numbers of one district or of the region, as of one moment. Nothing personal."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.applications.rules import Event, Status
from core.named import Named

SHORT, LONG = 30, 90
"""Days back over which answers are counted: from a midnight on, and today besides."""
WEEK = timedelta(days=7)


class Span(StrEnum):
    """How long a family took from the voucher's issue to the answer."""

    HOUR = "1"
    FOUR = "4"
    TWELVE = "12"
    DAY = "24"
    TWO_DAYS = "48"
    LONGER = "longer"


BOUNDS = {Span.HOUR: 1, Span.FOUR: 4, Span.TWELVE: 12, Span.DAY: 24, Span.TWO_DAYS: 48}
"""The hours before which an answer falls into a span, in ascending order."""


class Way(StrEnum):
    """How the news of a voucher reached its family, the first way that did."""

    TELEGRAM = "telegram"  # seen in the chat
    SMS = "sms"  # delivered
    CALL = "call"  # somebody of the department spoke to them
    NOBODY = "nobody"  # none of these yet


@dataclass(frozen=True)
class Answers:
    """Answers to vouchers over some days back: by begun hours since the issue, and the vouchers
    that ran out unanswered (R7)."""

    hours: dict[int, int]
    missed: int

    @property
    def count(self) -> int:
        return sum(self.hours.values())

    @property
    def spans(self) -> dict[Span, int]:
        """Answers in each span, the quickest first."""
        spans = dict.fromkeys(Span, 0)
        for hour, count in self.hours.items():
            spans[next((s for s, bound in BOUNDS.items() if hour < bound), Span.LONGER)] += count
        return spans

    @property
    def median(self) -> int | None:
        """The hour within which half of the answers came; None without any."""
        if not self.count:
            return None
        passed = 0
        for hour in sorted(self.hours):
            passed += self.hours[hour]
            if 2 * passed >= self.count:
                return hour + 1
        return None


@dataclass(frozen=True)
class Happened:
    """Changes of one sort, `number` of them, by which the queue `grew`. `span`: they lie so many
    days back at most; `hours` from the voucher's issue to its answer, -1 where it was none."""

    span: int
    event: str
    hours: int
    number: int
    grew: int


@dataclass(frozen=True)
class Texts:
    """Text messages of a calendar month; `cost` in tenge."""

    messages: int
    segments: int
    cost: float


@dataclass(frozen=True)
class Report:
    """`district` None: the region. `queue` counts those who wait for a voucher, by district and
    category; `left` the running terms by status and days left (0: today is the last day);
    `reached` the vouchers of the last SHORT days; `week` what happened in the last seven days, and
    `week_queue` by how much the queue grew in them."""

    district: str | None
    moment: datetime
    categories: dict[str, Named]
    queue: dict[tuple[str, str], int]
    left: dict[tuple[Status, int], int]
    answers: dict[int, Answers]  # by SHORT and LONG
    reached: dict[Way, int]
    this_month: Texts
    last_month: Texts
    week: dict[Event, int]
    week_queue: int

    @property
    def waiting(self) -> int:
        """All who wait for a voucher."""
        return sum(self.queue.values())

    @property
    def by_district(self) -> dict[str, int]:
        """Who waits in each district that has anybody."""
        return self._sums(0)

    @property
    def by_category(self) -> dict[str, int]:
        """Who waits in each category that has anybody."""
        return self._sums(1)

    def open(self, status: Status) -> int:
        """Applications of that status whose term runs."""
        return sum(count for (of, _), count in self.left.items() if of is status)

    def left_within(self, status: Status, first: int, last: int | None) -> int:
        """Those of them with `first` to `last` days left; None: or more."""
        return sum(
            count
            for (of, days), count in self.left.items()
            if of is status and days >= first and (last is None or days <= last)
        )

    def _sums(self, part: int) -> dict[str, int]:
        sums: dict[str, int] = {}
        for key, count in self.queue.items():
            sums[key[part]] = sums.get(key[part], 0) + count
        return sums
