"""When a child's turn may come: an honest range from the pace of the last months, or none.

The queue number is read week by week. Each stretch of WINDOW weeks has a pace, in places a week;
half of the stretches lie between the lower and the upper quartile, which give the latest and the
earliest end, SURELY apart at least. One good week or one bad week hardly moves them. Nothing here
is a promise.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import quantiles

WEEKS = 26
"""How far back the pace is read."""
FEWEST_WEEKS = 12
FEWEST_CHANGES = 3
"""With less than that nothing is forecast."""
WINDOW = 8
"""Weeks of a stretch: vouchers are issued in batches, and a week between two of them has none."""
WIDEST = timedelta(days=274)
FARTHEST = timedelta(days=2 * 365)
"""A range that is wider, or further away, tells nobody anything."""
SURELY = 0.1
"""However steady a pace has been, what comes is not known better than to so much of it."""
ONE_WEEK = timedelta(weeks=1)


class Why(StrEnum):
    """Why there is no forecast."""

    FEW = "few"  # too little data
    NO_DECLINE = "no_decline"  # the number does not come down
    WIDE = "wide"  # the pace varies too much
    FAR = "far"
    CAME = "came"  # the turn has come: nothing is left to forecast


@dataclass(frozen=True)
class Point:
    """The queue number that held from that day on."""

    day: date
    number: int


@dataclass(frozen=True)
class Forecast:
    """The turn may come between two days. `slow` and `quick` are paces in places a week, read over
    so many `weeks`."""

    first: date
    last: date
    slow: float
    quick: float
    weeks: int


def forecast(points: Sequence[Point], today: date) -> Forecast | Why:
    """From the history of a queue number, the oldest first, to the day on which it may be used up.
    A number that was noted twice in a row, unchanged, is no change."""
    levels = weekly(points, today)
    if len(levels) <= FEWEST_WEEKS:
        return Why.FEW
    if levels[0] >= levels[-1]:
        return Why.NO_DECLINE
    if _changes(points, today) < FEWEST_CHANGES:
        return Why.FEW
    slow, middle, quick = quantiles(paces(levels), n=4, method="inclusive")
    if middle <= 0:
        return Why.NO_DECLINE
    if slow <= 0:
        return Why.WIDE
    slow, quick = min(slow, (1 - SURELY) * middle), max(quick, (1 + SURELY) * middle)
    first, last = (ONE_WEEK * (levels[0] / pace) for pace in (quick, slow))
    if first > FARTHEST:
        return Why.FAR
    if last - first > WIDEST:
        return Why.WIDE
    return Forecast(today + first, today + last, slow, quick, len(levels) - 1)


def weekly(points: Sequence[Point], today: date) -> list[int]:
    """The number today, a week ago, and so on, for as long as it is known, WEEKS at most."""
    levels = []
    for week in range(WEEKS + 1):
        day = today - week * ONE_WEEK
        known = [point.number for point in points if point.day <= day]
        if not known:
            break
        levels.append(known[-1])
    return levels


def paces(levels: Sequence[int]) -> list[float]:
    """Places a week by which the number came down in each stretch of WINDOW weeks; `levels` as
    `weekly` gives them."""
    return [
        (before - after) / WINDOW for after, before in zip(levels, levels[WINDOW:], strict=False)
    ]


def _changes(points: Sequence[Point], today: date) -> int:
    since = today - WEEKS * ONE_WEEK
    return sum(
        1
        for before, after in itertools.pairwise(points)
        if before.number != after.number and after.day > since
    )
