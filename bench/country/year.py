"""The year of a country in SQL that both databases know: the expressions of its statements."""

import json
from datetime import datetime, timedelta

from core.applications.rules import CHOOSING, CONFIRMING, RESTORING
from core.calendar.rules import Deadline, Term, count
from core.calendar.seed import seeded_calendar
from core.clock import local

DAY = 86_400
QUEUE, AWAITING, ISSUED, STOPPED, ENROLLED = 600, 605, 620, 660, 880
"""Of a thousand applications: below the first bound in the queue, below the next one awaiting
confirmation, then with a voucher, on the stop list, enrolled; the others are in the archive."""
TERMS: tuple[tuple[int, int, Term, range], ...] = (
    (QUEUE, AWAITING, CONFIRMING, range(1)),
    (AWAITING, ISSUED, CHOOSING, range(5)),
    (ISSUED, STOPPED, RESTORING, range(0, 25, 6)),
)
"""From where to where among the thousand, their term, how many days ago it may have begun."""
CALENDAR = seeded_calendar(range(2025, 2028))
Filled = tuple[str, dict[str, str], str]
"""A table, its columns with their values, and what follows FROM people."""


class Year:
    """The year before `now`: the expressions that its statements are made of."""

    def __init__(self, size: int, now: datetime, *, sqlite: bool) -> None:
        self.size = size
        self.homes = max(size // 100, 50)
        self._sqlite = sqlite
        self._now = int(now.timestamp())
        self._terms = [
            (low, high, turn, len(begun), _deadline(now, term, days))
            for low, high, term, begun in TERMS
            for turn, days in enumerate(begun)
        ]
        self.came = f"({self._now - 365 * DAY} + i * {325 * DAY} / {size})"
        self.told = f"({self.came} + ({self._now} - {self.came}) * (k % 97) / 100)"
        self.now = self.at(self._now)

    def at(self, seconds: str | int) -> str:
        """Unix seconds as the database keeps an instant."""
        if self._sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%S.000000', {seconds}, 'unixepoch')"
        return f"to_timestamp({seconds})"

    def ago(self, days: int, spread: str = "0") -> str:
        """So many days before now, and so many seconds more."""
        return self.at(f"({self._now - days * DAY} - {spread})")

    def json(self, told: str) -> str:
        told = told.replace("'", "''")
        return f"'{told}'" if self._sqlite else f"'{told}'::json"

    def deadline(self) -> str:
        return self._by_term({d: self.json(json.dumps(d.to_json())) for *_, d in self._terms})

    def ends_at(self) -> str:
        return self._by_term({d: self.at(int(d.ends_at.timestamp())) for *_, d in self._terms})

    def _by_term(self, told: dict[Deadline, str]) -> str:
        cases = (
            f"WHEN k >= {low} AND k < {high} AND i % {days} = {turn} THEN {told[deadline]}"
            for low, high, turn, days, deadline in self._terms
        )
        return f"CASE {' '.join(cases)} END"


def _deadline(now: datetime, term: Term, days: int) -> Deadline:
    """Of a term that began so many days ago, or of the first after it that has not ended."""
    begun = (local(now - timedelta(days=ago)).date() for ago in range(days, -1, -1))
    return next(d for day in begun if (d := count(CALENDAR, term, day)).ends_at > now)


def digits(number: str) -> str:
    return f"CAST({number} AS TEXT)"


def phone(whose: str) -> str:
    return f"'+7775' || substr({digits(f'10000000 + {whose}')}, 2)"


def series(version: str) -> str:
    return f"'application:' || {digits('i')} || ':' || {version}"


VERSION = f"CASE WHEN k < {QUEUE} THEN 1 WHEN k < {AWAITING} THEN 2 ELSE 3 END"
STATUS = (
    f"CASE WHEN k < {QUEUE} THEN 'in_queue' WHEN k < {AWAITING} THEN 'awaiting_confirmation'"
    f" WHEN k < {ISSUED} THEN 'voucher_issued' WHEN k < {STOPPED} THEN 'stop_list'"
    f" WHEN k < {ENROLLED} THEN 'enrolled' ELSE 'archived' END"
)
HAS_CHAT = "family % 4 <> 0"
HAD_VOUCHER = f"k >= {QUEUE}"
SIGNED = f"k >= {AWAITING} AND k < {ENROLLED}"
ENROLS = f"k >= {STOPPED} AND k < {ENROLLED}"
IN_A_TERM = f"k >= {QUEUE} AND k < {STOPPED}"
ANSWERED = f"NOT (k >= {ISSUED} AND k < {STOPPED})"
