"""One process of parents who all press for the same place: `python -m tests.race.crowd`.

Each line that it reads is a race: {"url", "first", "last", "guarded"}, the parents' numbers. It
says "ready", waits for an empty line, runs, and prints how many parents fared how.
"""

import asyncio
import json
import sys
from collections import Counter
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import CursorResult, event, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.rules import Event, Refused
from core.calendar.service import CalendarBook
from core.clock import ALMATY, TravelClock
from core.codes.service import Codes
from core.db.engine import Database
from core.identity.rules import Iin, Phone
from core.login.values import Person
from core.places import taking
from core.places.tables import PlaceRecord
from core.signing import requests
from core.signing.service import Signing
from core.signing.values import Signed
from core.sms.port import Accepted, Rejected, Sms
from core.sms.service import SmsSender
from tests.factories import iin

NOW = datetime(2026, 4, 8, 10, 0, tzinfo=ALMATY)
PLACE = 1
GUARDED = taking.take
AT_ONCE = 5
"""Parents of one process who are on their way at the same time."""


class Pockets:
    """A gateway that puts each code into its parent's pocket."""

    name = "pockets"

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}

    async def send(self, sms: Sms) -> Accepted:
        self.codes[sms.phone.value] = sms.text
        return Accepted(str(sms.id), 1, None)

    async def status(self, sms: Sms) -> Rejected:
        return Rejected("unknown id")


def parent(number: int) -> Person:
    """The applicant of application `number`."""
    phone = Phone(f"+7775{number:07d}")
    return Person(id=number, iin=Iin(iin(number)), full_name=f"Parent {number}", phone=phone)


async def run(*, url: str, first: int, last: int, guarded: bool) -> Counter[str]:
    """Let the parents `first` to `last` press, and sign with the code if they are asked to."""
    db = Database(url)
    taking.take = GUARDED if guarded else _take_without_guard
    if not guarded and db.is_sqlite:
        event.listen(db.engine.sync_engine, "connect", _check_nothing)
    clock = TravelClock(NOW, running=False)
    pockets = Pockets()
    sender = SmsSender(db, [pockets], clock)
    codes = Codes(db, sender, b"k" * 32, lambda purpose, language, digits: digits, clock)
    signing = Signing(db, codes, CalendarBook(db), lambda act, facts, language: act)
    codes.still_wanted, codes.on_delivered = requests.still_wanted, requests.delivered
    codes.on_given_up = requests.given_up
    turns = asyncio.Semaphore(AT_ONCE)
    outcomes: Counter[str] = Counter()

    async def try_luck(number: int) -> None:
        person = parent(number)
        async with turns:
            try:
                asked = await signing.press(
                    number, person, number, Event.TAKE_PLACE, "kk", NOW, place_id=PLACE
                )
            except Refused as refused:
                outcomes[refused.refusal.value] += 1
                return
            outcomes["held"] += 1
            await codes.deliver(asked.code_id)
            digits = pockets.codes[person.phone.value]
            answer = await signing.enter(asked.request_id, person, digits, NOW, f"{number}")
            outcomes["signed" if isinstance(answer, Signed) else answer.outcome.value] += 1

    async with db.read() as session:  # a connection is open before the race begins
        await session.get(PlaceRecord, PLACE)
    _say("ready")
    await asyncio.to_thread(sys.stdin.readline)
    async with asyncio.TaskGroup() as group:
        for number in range(first, last + 1):
            group.create_task(try_luck(number))
    await db.close()
    return outcomes


async def _take_without_guard(session: AsyncSession, place_id: int) -> bool:
    """What `take` would be without its condition."""
    taken = await session.execute(
        update(PlaceRecord)
        .where(PlaceRecord.id == place_id)
        .values(free=PlaceRecord.free - 1)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(taken, CursorResult)
    return taken.rowcount == 1


def _check_nothing(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA ignore_check_constraints = ON")
    cursor.close()


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    while race := sys.stdin.readline():
        _say(json.dumps(asyncio.run(run(**json.loads(race)))))
