"""A term in words: how long is left, and how it was counted, day by day (D1)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from babel.dates import format_date
from markupsafe import Markup

from bot.keyboards.application import back_to, to_calendar
from bot.screens import words
from bot.screens.base import Screen, of_lines
from core.applications.rules import Status
from core.applications.values import ApplicationCard
from core.calendar.rules import CountedDay, DayKind, Deadline, WorkingDays
from documents import calendar_file
from locales.texts import Texts, mark

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

BEGAN = {
    Status.AWAITING_CONFIRMATION: mark("Voucher issued: {day}"),
    Status.VOUCHER_ISSUED: mark("Interest confirmed: {day}"),
    Status.STOP_LIST: mark("Last day of the missed term: {day}"),
}
"""What the term counts from (D2, D9)."""

HOLIDAYS = (
    mark("New Year's Day"),
    mark("Orthodox Christmas"),
    mark("International Women's Day"),
    mark("Nowruz Holiday"),
    mark("Kazakhstan's People Solidarity Holiday"),
    mark("Defender of the Fatherland Day"),
    mark("Victory Day"),
    mark("Eid al-Adha"),
    mark("Capital Day"),
    mark("Constitution Day"),
    mark("Republic Day"),
    mark("Independence Day"),
)
"""The days off by name, as the calendar's table has them."""


def left(deadline: Deadline, t: Texts, now: datetime) -> Markup:
    """How long is left: days and hours, on the last day hours and minutes."""
    rest = deadline.ends_at - now
    if rest <= timedelta(0):
        return t("The term has ended; the status will change within a few minutes.")
    if rest < MINUTE:
        return t("Time left: less than a minute.")
    rest = -(-rest // MINUTE) * MINUTE  # 4 hours at 20:00, and still when that comes a second later
    hours, minutes = rest.seconds // HOUR.seconds, rest.seconds % HOUR.seconds // MINUTE.seconds
    parts = [
        t.plain_plural("{count} day", "{count} days", rest.days),
        t.plain_plural("{count} hour", "{count} hours", hours),
        t.plain_plural("{count} minute", "{count} minutes", minutes),
    ]
    told = zip(parts, (rest.days, hours, minutes if rest.days == 0 else 0), strict=True)
    return t("Time left: {left}.", left=" ".join(part for part, amount in told if amount))


def length(deadline: Deadline, t: Texts) -> str:
    """The term's length: 2 working days."""
    count = deadline.term.count
    if isinstance(deadline.term, WorkingDays):
        return t.plain_plural("{count} working day", "{count} working days", count)
    return t.plain_plural("{count} calendar day", "{count} calendar days", count)


def why_longer(deadline: Deadline, t: Texts) -> Iterator[Markup]:
    """Why a term lasts longer than it was counted (D18)."""
    if deadline.extended is None:
        return
    yield t(
        "In its last hours {what}, so the term has been extended for every family alike.",
        what=words.outage(deadline.extended, t),
    )


def counted(card: ApplicationCard, deadline: Deadline, t: Texts) -> Screen:
    """The sum, day by day."""
    lines = [
        t("<b>How the date was counted:</b> {child}", child=card.child.given_name),
        t(BEGAN[card.status], day=t.dated(deadline.from_day)),
        *(_working(deadline, t) if isinstance(deadline.term, WorkingDays) else _all(deadline, t)),
        *why_longer(deadline, t),
        t("Deadline: <b>{until}</b>", until=t.until(deadline.last_day)),
    ]
    calendar = [to_calendar(card, t)] if calendar_file.running(card) else []
    return of_lines(lines, *calendar, back_to(card, t))


def in_calendar(t: Texts) -> Markup:
    """Said under the calendar file."""
    return t("📅 Open the file: the deadline goes into the calendar of your phone.")


def _working(deadline: Deadline, t: Texts) -> Iterator[Markup]:
    for (number, _, _), days in groupby(deadline.days, lambda d: (d.number, d.kind, d.note)):
        run = list(days)
        if number is not None:
            yield t("Working day {number}: {day}", number=number, day=t.dated(run[0].date))
        else:
            yield t(
                "{days}: {reason}. Does not count",
                days=_span(run[0].date, run[-1].date, t),
                reason=_reason(run[0], t),
            )


def _all(deadline: Deadline, t: Texts) -> Iterator[Markup]:
    """Calendar days all count, so the first and the last are told; then the roll, if any."""
    numbered = [day for day in deadline.days if day.number is not None]
    for day in (numbered[0], numbered[-1]):
        yield t("Calendar day {number}: {day}", number=day.number, day=t.dated(day.date))
    if not numbered[-1].kind.is_working:
        yield t(
            "{days}: {reason}. The term moves to the next working day",
            days=_span(numbered[-1].date, numbered[-1].date, t),
            reason=_reason(numbered[-1], t),
        )


def _reason(day: CountedDay, t: Texts) -> str:
    if day.kind is DayKind.HOLIDAY and day.note:
        return t.plain(day.note)
    if day.kind is DayKind.WEEKEND:
        return t.plain("weekend")
    return t.plain("transferred day off")


def _span(first: date, last: date, t: Texts) -> str:
    """21–23 March, 30 April – 2 May, 1 May."""
    end = format_date(last, "d MMMM", locale=t.language)
    if first == last:
        return end
    if first.month == last.month:
        return f"{first.day}–{end}"
    return f"{format_date(first, 'd MMMM', locale=t.language)} – {end}"
