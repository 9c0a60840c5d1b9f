"""A running term as a calendar file (RFC 5545): the phone reminds even where no notice arrives."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from core.applications.rules import Event as Act
from core.applications.rules import Status
from core.applications.values import ApplicationCard
from core.calendar.rules import Deadline
from locales.texts import Texts, mark

if TYPE_CHECKING:
    from icalendar import Alarm

MINUTE = timedelta(minutes=1)
EVENING_BEFORE = timedelta(hours=27, minutes=59)
MORNING = timedelta(hours=14, minutes=59)
"""From 20:00 of the day before, and from 09:00 of the last day, to its 23:59."""

TO_DO = {
    Status.AWAITING_CONFIRMATION: (
        Act.CONFIRM_INTEREST,
        mark("{child}: confirm your interest. Deadline 23:59"),
    ),
    Status.VOUCHER_ISSUED: (
        Act.TAKE_PLACE,
        mark("{child}: choose a kindergarten and sign the contract. Deadline 23:59"),
    ),
    Status.STOP_LIST: (
        Act.RESTORE,
        mark("{child}: restore the place in the queue. Deadline 23:59"),
    ),
}
"""What each term is for (R7, R8, R10)."""


def running(card: ApplicationCard) -> Deadline | None:
    """The term that is worth a place in a calendar: one in which the parent can do something."""
    act, _ = TO_DO.get(card.status, (None, ""))
    return card.deadline if act in card.actions else None


def render(card: ApplicationCard, term: Deadline, t: Texts, now: datetime) -> bytes:
    """The file: one event at 23:59 of the last day, with an alarm the evening before and one in the
    morning. The same term replaces itself in a calendar; nobody's IIN or surname is in it.

    Times are in UTC: old phones take Kazakhstan for UTC+6 still.
    """
    from icalendar import Calendar, Event  # in no process before somebody asks for a file

    summary = t.plain(TO_DO[card.status][1], child=card.child.given_name)
    event = Event()
    event.add("uid", f"application-{card.id}-{card.version}@orynbot")
    event.add("dtstamp", now)
    event.add("dtstart", term.ends_at - MINUTE)
    event.add("dtend", term.ends_at)
    event.add("summary", summary)
    event.add("description", _description(card, term, t))
    event.add("transp", "TRANSPARENT")  # nobody is busy because of it
    for before in (EVENING_BEFORE, MORNING):
        event.add_component(_alarm(before, summary))
    calendar = Calendar()
    calendar.add("prodid", f"-//Orynbot//{t.language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data


def file_name(card: ApplicationCard) -> str:
    """What the file is called: nothing personal."""
    return f"deadline-{card.id}.ics"


def _description(card: ApplicationCard, term: Deadline, t: Texts) -> str:
    return t.plain(
        "Application {number} on akmola.kz. Deadline: {until}, Kazakhstan time.",
        number=card.registration_number,
        until=t.until(term.last_day),
    )


def _alarm(before: timedelta, text: str) -> "Alarm":
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", -before)
    return alarm
