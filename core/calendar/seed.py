"""Kazakhstan's days off as the `holidays` package knows them: the table's first filling.

Only days that differ from plain Monday to Friday are made. The package knows the transferred
days up to its release, and estimates Kurban Ait of years to come: staff correct those.
"""

import datetime as dt
from dataclasses import dataclass
from importlib.metadata import version

from core.calendar.rules import Calendar, Day, DayKind

SOURCE = f"holidays {version('holidays')}"
ESTIMATED = f"{SOURCE}, estimated"
FIRST_YEAR = 2024
"""The first year that is seeded: all of the country has lived in one time zone since (D1)."""
LANGUAGE = "en_US"


@dataclass(frozen=True)
class SeededDay:
    """A day and where it comes from: SOURCE, or ESTIMATED while its date is not announced."""

    day: Day
    source: str


def years_to_seed(today: dt.date) -> range:
    """2024 to the year after next: no term of the process reaches further."""
    return range(FIRST_YEAR, today.year + 3)


def seeded_days(years: range | frozenset[int]) -> list[SeededDay]:
    """The days of `years` that differ from plain Monday to Friday, in order of date.

    ValueError for a year that the package does not know.
    """
    from holidays.countries.kazakhstan import Kazakhstan  # a second: only where it is asked

    beyond = [y for y in years if not Kazakhstan.start_year <= y <= Kazakhstan.end_year]
    if beyond:
        raise ValueError(f"the holidays package does not know {beyond}")
    # the year after is read too: a government moves days off across New Year
    known = Kazakhstan(years={y + n for y in years for n in (0, 1)}, language=LANGUAGE)
    days = [_day_off(date, known.get_list(date)[0]) for date in known]
    days += [
        SeededDay(Day(date, DayKind.TRANSFERRED_WORKING, ""), SOURCE)
        for date in known.weekend_workdays
    ]
    return sorted((d for d in days if d.day.date.year in years), key=lambda d: d.day.date)


def seeded_calendar(years: range | frozenset[int]) -> Calendar:
    """The calendar of `years` as seeded, without a database."""
    return Calendar((seeded.day for seeded in seeded_days(years)), frozenset(years))


def _day_off(date: dt.date, label: str) -> SeededDay:
    """A day off from the package's English label, which carries the kind in brackets."""
    name, _, remark = label.partition(" (")
    if remark.startswith("substituted"):  # a bridge: no holiday's own name
        return SeededDay(Day(date, DayKind.TRANSFERRED_OFF, ""), SOURCE)
    kind = DayKind.TRANSFERRED_OFF if "observed" in remark else DayKind.HOLIDAY
    return SeededDay(Day(date, kind, name), ESTIMATED if "estimated" in remark else SOURCE)
