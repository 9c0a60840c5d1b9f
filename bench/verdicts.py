"""What the values of some rounds say: medians, spreads, and whether an aim is met."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from bench.contest import Aim, Measured


@dataclass(frozen=True)
class Spread:
    """The median of some values, with the lowest and the highest of them."""

    median: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class Verdict:
    """An aim with what was measured; None where nothing is asked."""

    aim: Aim
    value: Spread
    must_met: bool | None
    aim_met: bool | None


def spread(values: Sequence[float]) -> Spread:
    """ValueError without values."""
    return Spread(statistics.median(values), min(values), max(values))


def judge(aim: Aim, measured: Sequence[Measured]) -> Verdict:
    """Compare round by round, so that a round in which the machine was slow counts alike for both,
    and judge the median. KeyError for a side or a figure that was not measured."""
    sides = {side.name: side.values for side in measured}
    values = list(sides[aim.side][aim.figure])
    if aim.against is not None:
        yardstick = sides[aim.against][aim.figure]
        values = [value / other for value, other in zip(values, yardstick, strict=True)]
    found = spread(values)
    return Verdict(aim, found, _met(aim, found, aim.must), _met(aim, found, aim.aim))


def _met(aim: Aim, found: Spread, bound: float | None) -> bool | None:
    if bound is None:
        return None
    return found.median >= bound if aim.higher else found.median <= bound
