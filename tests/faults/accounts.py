"""The account of a round: what was promised against what was done and told, and what it came to."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.desk import Desk
from sandbox.state import Sms
from tests.faults import law, telling
from tests.faults.deals import Deal, Tap
from tests.faults.law import Came, Done, Kept, Knock, Story
from tests.faults.parents import LINK
from tests.faults.records import Records, Request
from tests.faults.stories import stories
from tests.faults.telling import Arrival, Reader, kind_of, kind_of_sms
from tests.faults.wire import CALLER
from tests.model.rules import TAKING

if TYPE_CHECKING:
    from tests.faults.round import Round

UNANSWERED = timedelta(seconds=10)
"""A try without an answer may have come to the door for so long."""
PRESS = re.compile(r"act:(\d+):(\d+):(\w+)")
SIGN = re.compile(r"pg:(\d+):(\d+):(\d+)")
DIGITS = re.compile(r"[0-9]{6}")


@dataclass
class Account:
    """What a round came to. `in_flight`: notices that were out at a kill and not recorded;
    `unheard`: notices that arrived, and whose answer was cut off on order; `excess`: what came
    twice and was none of these; `stories`: of those about whom something is wrong."""

    kills: int = 0
    updates: int = 0
    notices: int = 0
    in_flight: int = 0
    unheard: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    excess: list[str] = field(default_factory=list)
    illegal: list[str] = field(default_factory=list)
    stories: list[str] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    seconds: float = 0

    @property
    def right(self) -> bool:
        return not (self.lost or self.illegal or self.excess)


def note_senders(desk: Desk) -> dict[int, tuple[str, str | None]]:
    """From now on, which process sent each text message, and under which number of its own."""
    senders: dict[int, tuple[str, str | None]] = {}
    take = desk.carrier.take

    def noted(gateway: str, phone: str, text: str, own_id: str | None = None) -> Sms:
        sms = take(gateway, phone, text, own_id)
        senders[sms.id] = CALLER.get(), own_id
        return sms

    desk.carrier.take = noted  # type: ignore[method-assign]
    return senders


def settle(this: Round, records: Records, ended: datetime) -> Account:
    """Compare everything."""
    readers = {f.id: Reader(f.id, f.language, f.child, f.number) for f in this.families}
    chats = [
        (one, kind)
        for one in this.calls.delivered
        if (kind := kind_of(one.text, one.data, readers[one.chat]))
    ]
    phones = {family.phone: family for family in this.families}
    texts = [
        (sms, kind)
        for sms in this.desk.state.sms
        if LINK in sms.text and (kind := kind_of_sms(sms.text, phones[sms.phone].language))
    ]
    dead = this.noted
    in_flight = [
        one
        for one, _ in chats
        if one.caller in dead and (one.chat, one.message) not in dead[one.caller][0]
    ]
    texts_in_flight = [
        sms.id
        for sms, _ in texts
        for caller, own_id in [this.texted[sms.id]]
        if caller in dead and int(own_id or 0) not in dead[caller][1]
    ]
    arrivals = [
        Arrival(one.chat, kind, one.at, unsure=one in in_flight or not one.heard)
        for one, kind in chats
    ]
    arrivals += [
        Arrival(phones[s.phone].id, kind, s.at, sms=True, unsure=s.id in texts_in_flight)
        for s, kind in texts
    ]
    taps: dict[int, list[datetime]] = {}
    for tap in this.parents.taps:
        # one that is brought again is a sign of life, too, and a process that has just begun takes
        # it when it can: what has gone out meanwhile has been looked at, as far as it can know
        brought = [at for a in tap.update.attempts for at in (a.began, a.ended) if at]
        taps.setdefault(tap.family, []).extend([tap.at, *brought])
    told = telling.count(records, arrivals, taps, this.places, ended, this.calls.refused)
    account = Account(
        kills=len(this.crew.killed),
        updates=this.telegram.brought,
        notices=told.told,
        in_flight=len(in_flight) + len(texts_in_flight),
        unheard=sum(not one.heard for one, _ in chats),
        lost=[
            *told.lost,
            *_codes_lost(this, records),
            *_entries_lost(this, records),
            *_taps_lost(this),
        ],
        doubled=told.doubled,
        excess=told.excess,
        illegal=[*law.judge(records, story(this, ended), this.places), *told.untrue],
    )
    account.stories = stories(this, records, [*account.lost, *account.excess, *account.illegal])
    return account


def story(this: Round, ended: datetime) -> Story:
    """What people did, as the judge wants it."""
    modes = {place.id: place.mode for place in this.places}
    done = {id(tap): _done(tap, modes) for tap in this.parents.taps}
    came = [
        Came(family.id, found[0], sms.at)
        for family in this.families
        for sms in this.parents.codes(family)
        if (found := DIGITS.search(sms.text))
    ]
    kept = [
        Kept(done[id(deal.press)], done[id(deal.typed)])
        for deal in this.parents.deals
        if deal.typed is not None and _undisturbed(deal, this)
    ]
    return Story(list(done.values()), came, kept, this.asked, ended)


def _done(tap: Tap, modes: dict[int, str]) -> Done:
    knocks = tuple(
        Knock(one.began, one.ended if one.status and one.ended else one.began + UNANSWERED)
        for one in tap.update.attempts
    )
    taken = tap.update.taken.is_set()
    if tap.is_press and (found := PRESS.fullmatch(tap.what)):
        application, version, act = found.groups()
        return Done(tap.family, knocks, taken, act, int(application), int(version))
    if tap.is_press and (found := SIGN.fullmatch(tap.what)):
        application, version, place = (int(number) for number in found.groups())
        return Done(
            tap.family, knocks, taken, TAKING[modes[place]], application, version, place=place
        )
    return Done(tap.family, knocks, taken, digits=tap.what if DIGITS.fullmatch(tap.what) else None)


def _undisturbed(deal: Deal, this: Round) -> bool:
    """Press, code, digits, one after the other in the code's life, and nothing else meanwhile; nor
    has the portal taken the voucher back (D13)."""
    if deal.typed is None or deal.code is None:
        return False
    _, came = deal.code
    last = deal.typed.update.attempts[-1]
    if not deal.typed.update.taken.is_set() or last.ended is None:
        return False
    in_time = last.ended < came + timedelta(minutes=4, seconds=50)
    theirs = [tap for tap in this.parents.taps if tap.family == deal.family]
    between = [
        tap
        for tap in theirs
        if tap not in (deal.press, deal.typed)
        for one in tap.update.attempts
        if one.began <= last.ended and (one.ended or one.began) >= deal.press.at
    ]
    taken_back = any(
        knock.began <= last.ended and knock.ended >= deal.press.at
        for knock in this.asked.get((deal.family, "withdraw_voucher"), ())
    )
    return in_time and not between and not taken_back


def _end_of(deal: Deal) -> datetime:
    """When the last try to bring the typed code was over."""
    assert deal.typed is not None
    return max(one.ended or one.began for one in deal.typed.update.attempts) + UNANSWERED


def _codes_lost(this: Round, records: Records) -> list[str]:
    """Codes that never came: a request was made, and no message went to its parent's phone. One
    from which they have stepped back is sent only when they take it up again, and one whose voucher
    is withdrawn before it has gone out is never sent (D13)."""
    found = []
    phones = {family.id: family for family in this.families}
    for asked in records.requests.values():
        came = [sms.at for sms in this.parents.codes(phones[asked.person])]
        known = any(at >= asked.pressed_at - timedelta(seconds=1) for at in came)
        if not known and not _stepped_back(asked, this) and not withdrawn(asked, records):
            found.append(f"application {asked.application}: the code of request {asked.id}")
    return found


def _entries_lost(this: Round, records: Records) -> list[str]:
    """Who typed the code in time, undisturbed, and is not in; and who never was let in at all."""
    typed = [deal for deal in this.parents.entries if _undisturbed(deal, this)]
    found = [
        f"family {deal.family}: the code to enter was typed at {deal.typed.at}"
        for deal in typed
        if deal.typed is not None
        and (deal.family not in records.entered or records.entered[deal.family] > _end_of(deal))
    ]
    outside = [f for f in this.families if f.id not in records.entered]
    return found + [f"family {family.id}: never let in" for family in outside]


def _stepped_back(asked: Request, this: Round) -> bool:
    """The last that its parent has pressed of it is to leave it."""
    button = re.compile(rf"drop:{asked.application}:\d+:{asked.id}")
    return asked.state == "left" and any(
        tap.family == asked.person
        and tap.update.taken.is_set()
        and button.fullmatch(tap.what)
        and any(one.ended and one.ended >= asked.pressed_at for one in tap.update.attempts)
        for tap in this.parents.taps
    )


def withdrawn(asked: Request, records: Records) -> bool:
    """What came next in the application was the portal's withdrawal."""
    history = records.applications[asked.application].history
    later = [line for line in history if line.at >= asked.pressed_at]
    return asked.state == "replaced" and later[:1] != [] and later[0].event == "withdraw_voucher"


def _taps_lost(this: Round) -> list[str]:
    """Updates that nobody ever took."""
    taps = (tap for tap in this.parents.taps if not tap.update.taken.is_set())
    return [f"family {tap.family}: update {tap.update.id} was never taken" for tap in taps]


def errors_in(log: Path) -> Counter[str]:
    """What the processes have logged as errors, by what and where."""
    found: Counter[str] = Counter()
    if not log.exists():
        return found
    for line in log.read_text(errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if entry.get("level") in ("error", "critical"):
            found[f"{entry.get('event')} {entry.get('error', '')} {entry.get('place', '')}"] += 1
    return found
