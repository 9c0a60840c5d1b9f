"""Queue stages by age: whom each of them takes on a day (D16)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class AgeStage:
    """A stage for children of `min_age` full years and more."""

    code: str
    min_age: int


@dataclass(frozen=True)
class Born:
    """A stage takes the children born up to that day, but for those of an older stage; None:
    all that are younger."""

    code: str
    until: date | None


def born(stages: Iterable[AgeStage], as_of: date) -> list[Born]:
    """The oldest stage first; the youngest takes everybody who is left."""
    oldest_first = sorted(stages, key=lambda stage: -stage.min_age)
    return [
        Born(stage.code, None if last else years_before(as_of, stage.min_age))
        for number, stage in enumerate(oldest_first, start=1)
        for last in [number == len(oldest_first)]
    ]


def years_before(day: date, years: int) -> date:
    """Whoever is born on that day, or before it, is at least `years` full years old on `day`."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February, in a year that has none
        return day.replace(year=day.year - years, day=28)
