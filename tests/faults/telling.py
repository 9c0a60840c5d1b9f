"""What parents were told, as the desk saw it arrive, against what the history says they must be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from locales.texts import texts
from tests.faults.records import Application, Records
from tests.model.notices import EVENING, Notice, awake, of_stay, of_term
from tests.model.rules import (
    HERE,
    Child,
    Parent,
    Place,
    Stay,
    at,
    calendar_days,
    next_working_day,
    working_days,
)

SCREEN = re.compile(r"app:\d+:\d+:[ihd]$")
"""A button that only screens have: the tabs of an application."""
LONGEST_PAUSE = timedelta(minutes=19)
"""Between two tries to bring a notice that Telegram does not take."""
SLACK = timedelta(seconds=90)
"""What is due so shortly before something else happens may be told or not."""

HEADLINES: dict[str, tuple[str, ...]] = {
    "voucher_issued": ("🎟 <b>Your turn has come, a voucher is issued:</b> {child}, {number}",),
    "voucher_withdrawn": ("↩️ <b>The voucher has been withdrawn:</b> {child}, {number}",),
    "confirmation_missed": ("⛔ <b>The application is on the stop list:</b> {child}",),
    "archived": ("🗂 <b>The application is in the archive:</b> {child}, {number}",),
    "reminder": (
        "🔔 <b>Confirm your interest:</b> {child}, {number}",
        "🔔 <b>Choose a kindergarten and sign the contract:</b> {child}, {number}",
        "🔔 <b>The place in the queue can be restored:</b> {child}, {number}",
    ),
    "last_day": (
        "⏳ <b>Today is the last day.</b> {child}: confirm your interest.",
        "⏳ <b>Today is the last day.</b> {child}: choose a kindergarten, sign the contract.",
        "⏳ <b>Today is the last day.</b> {child}: restore the place in the queue.",
        "⏳ <b>Today is the last day on the stop list:</b> {child}",
    ),
    "last_evening": (
        "⏳ <b>The term ends tonight.</b> {child}: confirm your interest.",
        "⏳ <b>The term ends tonight.</b> {child}: choose a kindergarten, sign the contract.",
        "⏳ <b>The term ends tonight.</b> {child}: restore the place in the queue.",
    ),
    "stay_reminder": (
        "🔔 <b>A reminder of the temporary place:</b> {child}",
        "⏳ <b>The temporary stay is about to end:</b> {child}",
    ),
    "stay_last_day": ("⏳ <b>Today is the last day of the temporary stay:</b> {child}",),
    "stay_last_evening": ("⏳ <b>The temporary stay ends today:</b> {child}",),
    "stay_ended": ("<b>The temporary stay has ended:</b> {child}",),
}
"""How notices begin, by kind; screens that begin so have the tabs under them."""
BY_SMS = {
    "voucher_issued": "akmola.kz: voucher issued, confirm by {day}, 23:59. {link}",
    "choose": "akmola.kz: choose a kindergarten and sign by {day}, 23:59. {link}",
    "confirmation_missed": (
        "akmola.kz: application on the stop list, restore by {day}, 23:59. {link}"
    ),
}
ARCHIVED = ("restoring_missed", "choosing_missed")


@dataclass(frozen=True)
class Reader:
    """Whom it is about, and in which language they read."""

    id: int
    language: str
    child: str
    number: str


@dataclass(frozen=True)
class Arrival:
    """A notice that came: to a chat, or (`sms`) to a phone. `unsure`: whoever sent it may not know
    that it came, and send it once more."""

    reader: int
    kind: str
    at: datetime
    sms: bool = False
    unsure: bool = False


@dataclass
class Count:
    """Of a round. `told`: notices that arrived; `doubled`: what came again; `excess`: of it
    what had no reason to. The lists say it in words."""

    told: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    excess: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)


def kind_of(text: str, data: Iterable[str], reader: Reader) -> str | None:
    """Which notice this message is; None: none, it is a screen."""
    if any(SCREEN.match(one) for one in data):
        return None
    t = texts(reader.language)
    for kind, headlines in HEADLINES.items():
        for headline in headlines:
            if text.startswith(str(t(headline, child=reader.child, number=reader.number))):
                return kind
    return None


def kind_of_sms(text: str, language: str) -> str | None:
    """The same of a text message; None: it has a code."""
    t = texts(language)
    for kind, message in BY_SMS.items():
        if text.startswith(t.plain(message, day="\0", link="").split("\0")[0]):
            return kind
    return None


def count(
    records: Records,
    arrivals: Iterable[Arrival],
    taps: Mapping[int, list[datetime]],
    places: Iterable[Place],
    ended: datetime,
    refused: Mapping[int, list[datetime]],
) -> Count:
    """Who was told what must be told, once. `taps`: when each parent did anything; `refused`: when
    Telegram did not take what was for them."""
    counted = Count()
    came: dict[int, list[Arrival]] = {}
    for arrival in arrivals:
        came.setdefault(arrival.reader, []).append(arrival)
        counted.told += 1
    rows = {place.id: place for place in places}
    for application in records.applications.values():
        owed = [*_of_terms(application, ended), *_of_stays(application, records, rows, ended)]
        theirs = came.get(application.id, [])
        for one in owed:
            one.refused = not one.sms and _kept_off(one, refused.get(application.id, []))
        entered = records.entered.get(application.id, ended)
        _compare(application, owed, theirs, taps.get(application.id, []), entered, counted)
    return counted


@dataclass
class Owed:
    """A notice that has to arrive between two moments. `refused`: Telegram did not take it until it
    was too late."""

    kind: str
    since: datetime
    over: datetime
    sms: bool
    began: datetime
    arrived: int = 0
    unsure: int = 0  # of these
    refused: bool = False


def _of_terms(application: Application, ended: datetime) -> Iterator[Owed]:
    """What each line of the history owes, until the next one."""
    child = Child(application.id, Parent(application.id))
    history = application.changes
    missed = None
    for number, line in enumerate(history):
        over = history[number + 1].at if number + 1 < len(history) else ended
        day = line.at.astimezone(HERE).date()
        child.status, child.restored = line.after, child.restored or line.event == "restore"
        child.last_day = None
        kinds = []
        if line.event == "issue_voucher":
            child.last_day = working_days(day, 2)
            kinds = ["voucher_issued"]
        elif line.event == "confirm_interest":
            child.last_day = working_days(day, 5)
        elif line.event == "confirmation_missed" and missed is not None:
            child.last_day = calendar_days(missed, 28)
            kinds = ["confirmation_missed"]
            day = missed
        elif line.event in ARCHIVED:
            kinds = ["archived"]
        elif line.event == "withdraw_voucher":
            kinds = ["voucher_withdrawn"]
        elif line.event.endswith("_reopened"):
            return  # what follows was planned by a term that was over for a moment
        missed = child.last_day
        for kind in kinds:
            yield Owed(kind, awake(line.at), over, False, line.at)
        if child.last_day is not None:
            for notice in of_term(child, day, line.at):
                yield _owed(notice, over, line.at)


def _of_stays(
    application: Application, records: Records, rows: Mapping[int, Place], ended: datetime
) -> Iterator[Owed]:
    for stay in records.stays:
        if stay.application != application.id:
            continue
        child = Child(application.id, Parent(application.id))
        lasting = Stay(rows[stay.place], stay.last_day)
        over = min(stay.ended_at or ended, ended)
        for notice in of_stay(child, lasting, stay.signed_at):
            yield _owed(notice, over, stay.signed_at)
        gone = at(next_working_day(stay.last_day))
        if stay.ended_because != "enrolled" and gone <= ended:
            yield Owed("stay_ended", awake(gone), ended, False, gone)


def _owed(notice: Notice, over: datetime, began: datetime) -> Owed:
    return Owed(notice.kind, awake(notice.planned), over, notice.channel == "sms", began)


def _compare(
    application: Application,
    owed: list[Owed],
    came: list[Arrival],
    taps: list[datetime],
    entered: datetime,
    counted: Count,
) -> None:
    """`entered`: before that there was no chat to tell it in, and an SMS went at once."""
    who = f"application {application.id}"
    for arrival in sorted(came, key=lambda one: one.at):
        meant = [
            one
            for one in owed
            if (one.kind, one.sms) == (arrival.kind, arrival.sms)
            and _from(one, arrival, entered) <= arrival.at <= one.over + SLACK
        ]
        if not meant:
            way = "by SMS" if arrival.sms else "in the chat"
            counted.untrue.append(
                f"{who}: {arrival.kind} {way} at {arrival.at}, and nothing says so"
            )
        else:
            meant[-1].arrived += 1
            meant[-1].unsure += arrival.unsure
    for one in owed:
        if one.arrived > 1:
            again = [f"{who}: {one.kind} of {one.since}"] * (one.arrived - 1)
            counted.doubled += again
            counted.excess += again[one.unsure :]
        elif not one.arrived and one.since + SLACK <= one.over and _required(one, owed, came, taps):
            way = "by SMS" if one.sms else "in the chat"
            counted.lost.append(f"{who}: {one.kind} {way}, due at {one.since}")


def _from(one: Owed, arrival: Arrival, entered: datetime) -> datetime:
    """When it may come; two clocks may differ a little."""
    at_once = arrival.sms and arrival.at < entered
    return (one.began if at_once else one.since) - timedelta(seconds=2)


def _required(one: Owed, owed: list[Owed], came: list[Arrival], taps: list[datetime]) -> bool:
    """An SMS only where nobody has looked since something of that term came."""
    if not one.sms:
        return not one.refused
    first = min((a.at for a in came if not a.sms and a.at >= one.began), default=one.began)
    return not any(first <= tap <= one.since + SLACK for tap in taps)


def _kept_off(one: Owed, refused: list[datetime]) -> bool:
    """Telegram took nothing in the last minutes before it was over, or before a night after which
    it was."""
    night = at(one.since.astimezone(HERE).date(), EVENING)
    end = min(one.over, night)
    lasts = awake(end) < one.over - SLACK
    return not lasts and any(end - LONGEST_PAUSE <= moment <= end for moment in refused)
