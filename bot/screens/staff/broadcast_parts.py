"""The parts of a draft, each asked for on a screen of its own."""

from datetime import date, datetime, timedelta

from bot.keyboards.base import button, columns, rows
from bot.keyboards.staff.broadcasts import (
    FileButton,
    Under,
    UnderButton,
    WhenButton,
    to_broadcast,
)
from bot.screens.base import Screen
from bot.screens.staff.broadcast_audience import NAMES
from core.broadcasts.rules import TextProblem
from core.broadcasts.values import Broadcast
from core.clock import local
from core.notices.plan import QUIET_FROM, QUIET_UNTIL
from locales.texts import Texts

DAYS = 14
"""Ahead of today, on which a broadcast can be planned."""


def ask_text(broadcast: Broadcast, language: str, t: Texts) -> Screen:
    """Which text is wanted, and how long it may be; the one that it has is shown."""
    text = t(
        "Write the text in this language: <b>{language}</b>.\n"
        "Bold, italics, links and other formatting of Telegram are kept. "
        "Up to {limit} characters.",
        language=NAMES[language],
        limit=broadcast.content.limit,
    )
    return Screen(text, rows(to_broadcast(broadcast.id, t)))


def text_refused(problem: TextProblem, limit: int, size: int, broadcast: int, t: Texts) -> Screen:
    """Why a text or a link was not taken; it is still waited for."""
    if problem is TextProblem.TOO_LONG:
        text = t(
            "The text is too long: {size} characters, at most {limit} are possible. "
            "Shorten it and send it again.",
            size=size,
            limit=limit,
        )
    elif problem is TextProblem.EMPTY:
        text = t("There is no text in this message. Write it and send it again.")
    else:
        text = t(
            "This is not a link. A link begins with https:// and has no spaces. Send it again."
        )
    return Screen(text, rows(to_broadcast(broadcast, t)))


def ask_file(broadcast: Broadcast, t: Texts) -> Screen:
    """A picture or a file is wanted."""
    text = t(
        "Send one picture or one file. The text stands under it, "
        "so it may have 1024 characters at most."
    )
    content = broadcast.content
    remove = []
    if content.photo or content.document:
        remove = [
            button(t.plain("Without it"), FileButton(broadcast=broadcast.id, remove=True), "danger")
        ]
    return Screen(text, rows(*remove, to_broadcast(broadcast.id, t)))


def ask_under(broadcast: Broadcast, t: Texts) -> Screen:
    """Which button is to stand under it."""
    choices = {
        Under.LINK: t.plain("Link “Read more”"),
        Under.APPLICATIONS: t.plain("“My applications”"),
        Under.NOTHING: t.plain("No button"),
    }
    made = [
        button(text, UnderButton(broadcast=broadcast.id, under=under))
        for under, text in choices.items()
    ]
    return Screen(
        t("<b>Which button is to stand under the message?</b>"),
        rows(*made, to_broadcast(broadcast.id, t)),
    )


def ask_link(broadcast: int, t: Texts) -> Screen:
    """Where “Read more” is to lead."""
    text = t("Send the link that the button is to open. It begins with https://")
    return Screen(text, rows(to_broadcast(broadcast, t)))


def ask_day(broadcast: int, now: datetime, t: Texts) -> Screen:
    """On which day it is to go out."""
    today = local(now).date()
    days = [today + timedelta(days=n) for n in range(DAYS)]
    choices = [
        button(f"{day:%d.%m}, {t.weekday(day)}", WhenButton(broadcast=broadcast, day=number(day)))
        for day in days
    ]
    at_once = button(t.plain("At once"), WhenButton(broadcast=broadcast, now=True))
    text = t(
        "<b>On which day is it to go out?</b>\n"
        "Between 21:00 and 08:00 nobody gets anything: what is left goes on in the morning."
    )
    return Screen(text, rows(at_once, *columns(choices, 2), to_broadcast(broadcast, t)))


def ask_hour(broadcast: int, day: date, now: datetime, t: Texts) -> Screen:
    """At which hour of that day."""
    today, hour_now = local(now).date(), local(now).hour
    hours = [h for h in range(QUIET_UNTIL, QUIET_FROM) if day > today or h > hour_now]
    choices = [
        button(f"{hour}:00", WhenButton(broadcast=broadcast, day=number(day), hour=hour))
        for hour in hours
    ]
    text = t("<b>At which hour?</b> {day}, time of Kazakhstan.", day=t.dated(day))
    if not hours:
        text = t("{day}: no hour is left of this day. Choose another one.", day=t.dated(day))
    back = button(t.plain("Back"), WhenButton(broadcast=broadcast))
    return Screen(text, rows(*columns(choices, 4), back))


def number(day: date) -> int:
    """A day in a button: 20260409."""
    return int(f"{day:%Y%m%d}")
