"""What an outage is, which terms it touches, and to when they are extended (D18)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.calendar.rules import ONE_DAY, Calendar
from core.clock import start_of

BEAT = timedelta(seconds=15)
"""How often a process that can take a tap says so."""
SILENCE = timedelta(seconds=30)
"""With the newest beat older than that, nobody could take a tap since."""
BEARABLE = timedelta(minutes=1)
"""What a term's last hours may lack, all outages together."""
LAST_HOURS = timedelta(hours=2)
BACK = timedelta(days=7)
"""How far in the past an outage that is declared may begin: after that it is for staff to decide,
family by family (D14)."""


class Cause(StrEnum):
    """What did not work: the bot itself, Telegram, or every gateway of text messages."""

    OURS = "ours"
    TELEGRAM = "telegram"
    GATEWAYS = "gateways"


class Reason(StrEnum):
    """How whoever declares an outage knows of it."""

    ANNOUNCED = "announced"
    REPORTED = "reported"
    MEASURED = "measured"


class Problem(StrEnum):
    """Why a span cannot be declared."""

    BACKWARDS = "backwards"  # it ends before it begins
    TO_COME = "to_come"  # it has not ended yet
    LONG_AGO = "long_ago"  # it began before BACK
    TOO_SHORT = "too_short"  # BEARABLE, or less


@dataclass(frozen=True)
class Span:
    """From when until when something did not work, UTC."""

    from_at: datetime
    to_at: datetime


def problem_of(span: Span, now: datetime) -> Problem | None:
    """Why this span cannot be declared; None when it can."""
    if span.to_at <= span.from_at:
        return Problem.BACKWARDS
    if span.to_at > now:
        return Problem.TO_COME
    if span.from_at < now - BACK:
        return Problem.LONG_AGO
    if span.to_at - span.from_at <= BEARABLE:
        return Problem.TOO_SHORT
    return None


def missing(ends_at: datetime, spans: Iterable[Span]) -> timedelta:
    """How much of the last hours of a term that ends at `ends_at` the spans cover: what several
    cover counts once."""
    covered, reached = timedelta(0), ends_at - LAST_HOURS
    for span in sorted(spans, key=lambda one: one.from_at):
        begins, ends = max(span.from_at, reached), min(span.to_at, ends_at)
        if ends > begins:
            covered += ends - begins
            reached = ends
    return covered


def touched(ends_at: datetime, spans: Iterable[Span]) -> bool:
    """Whether a term that ends at `ends_at` is to be extended."""
    return missing(ends_at, spans) > BEARABLE


def new_last_day(last_day: date, spans: Iterable[Span], calendar: Calendar, now: datetime) -> date:
    """The last day of a touched term from `now` on: the next working day, or the first one after
    it of which the outages have left the last hours, and which the parent has before them.

    Raises YearNotCovered.
    """
    known = tuple(spans)
    day = last_day
    while True:
        day = calendar.next_working_day(day)
        ends_at = start_of(day + ONE_DAY)
        if now <= ends_at - LAST_HOURS and not touched(ends_at, known):
            return day
