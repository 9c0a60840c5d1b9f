"""R1-R18 as a judge: whether what the records say can have come of what people did, and when.

Nothing of the product is imported: the rules are those of `tests.model.rules`, the records plain
values. Processes die in the middle of things and updates come twice and out of turn, so that an
act may have happened at any of the moments at which it knocked; more than that it may not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.faults.records import Application, Line, Records
from tests.model.rules import (
    BECOMES,
    CODE_LIFE,
    DAY,
    HERE,
    LAPSES,
    MAY,
    Place,
    at,
    calendar_days,
    next_working_day,
    working_days,
)

CLOSE = timedelta(seconds=1)
"""By which two looks at a clock may differ that is being moved."""
REOPENED = {
    "confirmation_reopened": ("stop_list", "awaiting_confirmation"),
    "choosing_reopened": ("archived", "voucher_issued"),
    "restoring_reopened": ("archived", "stop_list"),
}
BY_PORTAL = {
    "issue_voucher": ({"in_queue"}, "awaiting_confirmation"),
    "withdraw_voucher": ({"awaiting_confirmation", "voucher_issued"}, "in_queue"),
}


@dataclass(frozen=True)
class Knock:
    """One try to bring something: between `began` and `ended` it came to the door, if at all."""

    began: datetime
    ended: datetime

    def covers(self, moment: datetime) -> bool:
        return self.began - CLOSE <= moment <= self.ended + CLOSE


@dataclass(frozen=True)
class Done:
    """Something that a person did: a press (`act`, `application`, `version`, `place`), or six
    digits. `taken`: the bot has said that it has it."""

    person: int
    knocks: tuple[Knock, ...]
    taken: bool
    act: str | None = None
    application: int | None = None
    version: int | None = None
    place: int | None = None
    digits: str | None = None


@dataclass(frozen=True)
class Came:
    """A code that came to somebody's phone."""

    person: int
    digits: str
    at: datetime


@dataclass(frozen=True)
class Kept:
    """A promise: this press had its code, and the code was typed in time, undisturbed."""

    press: Done
    typed: Done


@dataclass(frozen=True)
class Story:
    """What people did in a round. `portal`: (application, event) -> knocks of the portal."""

    done: list[Done]
    came: list[Came]
    kept: list[Kept]
    portal: dict[tuple[int, str], list[Knock]]
    ended: datetime


def judge(records: Records, story: Story, places: Iterable[Place]) -> list[str]:
    """Everything that is against the rules, in words with ids."""
    found: list[str] = []
    for application in records.applications.values():
        found += [f"application {application.id}: {w}" for w in _of_one(application, story)]
    found += _signatures(records)
    for place in places:
        found += _place(place, records)
    found += [f"place {p} is held for {a} at the end" for a, p in records.held.items()]
    found += _promises(records, story)
    return found


def _of_one(application: Application, story: Story) -> Iterator[str]:
    """One application's history, line by line."""
    status, restored = "in_queue", False
    ends: datetime | None = None
    last_day: date | None = None
    undone: list[tuple[datetime | None, date | None]] = []
    for number, line in enumerate(application.changes):
        where = f"line {number + 1}, {line.event}"
        if line.before != status:
            yield f"{where}: from {line.before}, but it stood in {status}"
        if line.event in BECOMES:
            yield from (f"{where}: {w}" for w in _by_parent(application, line, ends, story))
            if line.event == "restore":
                if restored:
                    yield f"{where}: a second time (R8, D2)"
                restored = True
        elif line.event in BY_PORTAL:
            yield from (f"{where}: {w}" for w in _by_portal(application, line, story))
            if line.event == "withdraw_voucher" and ends and line.at >= ends + CLOSE:
                yield f"{where}: after the term (D13)"
        elif line.event in REOPENED:
            if (line.before, line.after) != REOPENED[line.event] or not undone:
                yield f"{where}: nothing to reopen (D8)"
        elif LAPSES.get(status) == (line.after, line.event):
            if ends is None or line.at != ends:
                yield f"{where}: at {line.at}, the term ends at {ends} (R7, R8, R10)"
        else:
            yield f"{where}: no such way from {status} to {line.after}"
        missed = last_day
        status = line.after
        if line.event in REOPENED and undone:
            ends, last_day = undone.pop()
            continue
        undone = [(ends, last_day)] if line.event.endswith("_missed") else []
        day = line.at.astimezone(HERE).date()
        last_day = {
            "issue_voucher": lambda d=day: working_days(d, 2),
            "confirm_interest": lambda d=day: working_days(d, 5),
            "confirmation_missed": lambda m=missed: calendar_days(m, 28) if m else None,
        }.get(line.event, lambda: None)()
        ends = at(last_day + DAY) if last_day else None
    yield from _as_it_stands(application, status, restored, ends, story.ended)


def _as_it_stands(
    application: Application, status: str, restored: bool, ends: datetime | None, now: datetime
) -> Iterator[str]:
    """The row against what its history makes of it."""
    by_rules = {
        "status": status,
        "version": 1 + len(application.changes),
        "restored": restored,
        "ends_at": ends,
    }
    for name, value in by_rules.items():
        if getattr(application, name) != value:
            yield f"{name} is {getattr(application, name)}, by the rules {value}"
    if ends is not None and ends + CLOSE < now:
        yield f"its term has been over since {ends}, and nothing happened"


def _by_parent(
    application: Application, line: Line, ends: datetime | None, story: Story
) -> Iterator[str]:
    """An act of a parent: theirs, possible, pressed in time, signed with a code of theirs (R9)."""
    if line.actor != "parent" or line.person != application.id:
        yield f"by {line.actor} {line.person} (D11)"
    if line.event not in MAY.get(line.before, set()) or BECOMES[line.event] != line.after:
        yield f"not possible from {line.before} to {line.after}"
    theirs = [done for done in story.done if done.person == application.id]
    typed = [d for d in theirs if d.digits and any(k.covers(line.at) for k in d.knocks)]
    codes = [
        code
        for code in story.came
        for done in typed
        if (code.person, code.digits) == (application.id, done.digits)
        and code.at - CLOSE <= line.at <= code.at + CODE_LIFE + CLOSE
    ]
    if not codes:
        yield f"nobody typed a code that lived at {line.at} (D5)"
    pressed = [
        knock
        for done in theirs
        if (done.act, done.application, done.place) == (line.event, application.id, line.place)
        for knock in done.knocks
        if knock.began <= line.at and (ends is None or knock.began < ends + CLOSE)
    ]
    if not pressed:
        yield f"never pressed in time: the term ends at {ends} (D8)"


def _by_portal(application: Application, line: Line, story: Story) -> Iterator[str]:
    possible, target = BY_PORTAL[line.event]
    if line.before not in possible or line.after != target:
        yield f"not possible from {line.before} to {line.after}"
    knocks = story.portal.get((application.id, line.event), [])
    if line.actor != "portal" or not any(knock.covers(line.at) for knock in knocks):
        yield f"the portal did not ask for it at {line.at}"


def _signatures(records: Records) -> Iterator[str]:
    """Each act has one signature, each signature one code, and nobody signs for others."""
    acts = Counter(
        (application.id, line.event, line.at)
        for application in records.applications.values()
        for line in application.history
        if line.event in BECOMES
    )
    signed = Counter((s.application, s.act, s.at) for s in records.signatures)
    for what in (acts - signed) + (signed - acts):
        yield f"history and signatures differ in {what[:2]} at {what[2]}"
    for request, times in Counter(records.used).items():
        if times > 1:
            yield f"request {request}: {times} codes were used"
    unsigned = set(records.used) - {signature.request for signature in records.signatures}
    yield from (f"request {request}: a code was used, and nothing signed" for request in unsigned)
    for asked in records.requests.values():
        if asked.person != asked.application:
            yield f"request {asked.id}: {asked.person} for {asked.application} (D11)"
        if asked.state == "open":
            yield f"request {asked.id} is open at the end"


def _place(place: Place, records: Records) -> Iterator[str]:
    """D6: none is given twice, none is lost; a stay's place is given back only by a contract."""
    taken = [a for a in records.applications.values() if a.place == place.id]
    stays = [stay for stay in records.stays if stay.place == place.id]
    gone = [
        stay
        for stay in stays
        if stay.ended_because != "enrolled"
        or (stay.ended_at and stay.ended_at.astimezone(HERE).date() > stay.last_day)
    ]
    held = sum(held == place.id for held in records.held.values())
    total = records.free[place.id] + held + len(taken) + len(gone)
    if records.free[place.id] < 0 or total != place.total:
        yield (
            f"place {place.id}: {records.free[place.id]} free, {held} held, {len(taken)} taken, "
            f"{len(gone)} lent, of {place.total} (D6)"
        )
    for stay in stays:
        over = at(next_working_day(stay.last_day))
        if stay.last_day != place.until or (stay.ended_at and stay.ended_at > over):
            yield f"place {place.id}: a stay until {stay.last_day}, ended {stay.ended_at} (R18)"


def _promises(records: Records, story: Story) -> Iterator[str]:
    """Whoever pressed in time and typed the right code in time, undisturbed, has signed."""
    for kept in story.kept:
        application = kept.press.application
        assert application is not None
        lines = records.applications[application].history
        moments = [
            line.at for line in lines if line.event == kept.press.act and line.actor == "parent"
        ]
        if not any(knock.covers(moment) for knock in kept.typed.knocks for moment in moments):
            yield (
                f"application {application}: {kept.press.act} was signed with the right code at "
                f"{kept.typed.knocks[0].began}, and did not happen"
            )
