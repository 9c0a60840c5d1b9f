"""What happened to a family about whom something is wrong, moment by moment.

A seed repeats what was drawn, not how the processes fell over each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from tests.faults.records import Records

if TYPE_CHECKING:
    from tests.faults.round import Round

WHO = re.compile(r"(?:application|family) (\d+)")
SHOWN = 60
"""Characters of a message."""
Moment = tuple[datetime, str]


def stories(this: Round, records: Records, wrong: Iterable[str]) -> list[str]:
    """Those of everybody whom these words name."""
    named = {int(found[1]) for words in wrong for found in WHO.finditer(words)}
    return [line for family in sorted(named) for line in _of(this, records, family)]


def _of(this: Round, records: Records, family: int) -> list[str]:
    moments = [
        *_did(this, family),
        *_came(this, family),
        *_was_noted(records, family),
        *((at, f"killed: {name}") for name, at in this.crew.killed.items()),
    ]
    return [f"family {family}: {at:%m-%d %H:%M:%S.%f} {what}" for at, what in sorted(moments)]


def _did(this: Round, family: int) -> Iterator[Moment]:
    for tap in this.parents.taps:
        if tap.family == family:
            yield tap.at, f"does {tap.what!r}, update {tap.update.id}"
            for one in tap.update.attempts:
                ended = f"{one.ended:%H:%M:%S.%f}" if one.ended else "never"
                yield one.began, f"brought {tap.update.id} until {ended}: {one.status}"


def _came(this: Round, family: int) -> Iterator[Moment]:
    phone = next(one.phone for one in this.families if one.id == family)
    for sms in this.desk.carrier.to(phone):
        yield sms.at, f"text message from {this.texted[sms.id][0]}: {sms.text[:SHOWN]!r}"
    for one in this.calls.delivered:
        if one.chat == family:
            heard = "" if one.heard else ", unheard"
            yield one.at, f"message from {one.caller}{heard}: {one.text[:SHOWN]!r} {one.data}"


def _was_noted(records: Records, family: int) -> Iterator[Moment]:
    for line in records.applications[family].history:
        yield line.at, f"history: {line.event} by {line.actor}, {line.before} to {line.after}"
    for asked in records.requests.values():
        if asked.person == family:
            yield asked.pressed_at, f"request {asked.id}: {asked.act}, {asked.state} in the end"
    for application, planned, told in records.owed:
        if application == family:
            yield planned, f"notice {told}"
