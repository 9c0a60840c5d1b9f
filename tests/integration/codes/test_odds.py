"""What guessing codes comes to, under the limits as they stand: the strongest attack that they
allow, played through the use cases with the clock moved."""

from collections.abc import Sequence
from datetime import timedelta
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any

import pytest

from core.codes.rules import ALL, CHAT, DIGITS, TRIES
from core.codes.values import CodesExhausted
from tests.factories import iin
from tests.integration.codes.conftest import IIN, Desk
from tests.integration.inbox import wrong

CODES = 10**DIGITS
ENTERING = {"purpose": "login", "trusted": False}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The limits are tested on both."""
    return sqlite_url


async def tries(desk: Desk, days: float, asking: Sequence[dict[str, Any]]) -> int:
    """How many codes can be tried in so many days by those who ask in these ways: each asks as
    soon as it may, from a fresh chat if it names none, and tries until the code is dead."""
    end, tried = desk.clock.now() + timedelta(days=days), 0
    fresh = count(1_000_000)  # chats
    waiting = [(desk.clock.now(), number) for number in range(len(asking))]
    heapify(waiting)
    while waiting:
        at, number = heappop(waiting)
        if at >= end:
            continue
        desk.clock.move(max(at, desk.clock.now()))
        try:
            from_ = {"chat_id": next(fresh)} if "chat_id" not in asking[number] else {}
            code_id = await desk.sent(**asking[number], **from_, target_id=1000 + number)
        except CodesExhausted as refusal:
            heappush(waiting, (max(refusal.until, at + timedelta(seconds=1)), number))
            continue
        for _ in range(TRIES + 1):
            left = await desk.enter(code_id, wrong(desk.inbox.digits))
            tried += left.tries_left > 0 or left.outcome.value in ("no_tries", "locked")
            if left.tries_left == 0:
                break
        heappush(waiting, (desk.clock.now() + timedelta(seconds=60), number))
    return tried


def told(who: str, days: float, tried: int) -> str:
    odds = 1 - (1 - 1 / CODES) ** tried
    return f"{who:<58} {days:>4.2g} d {tried:>6} tries  odds {odds:.2e}  1 in {1 / odds:,.0f}"


ONE_CHAT = [{**ENTERING, "iin": IIN, "chat_id": 1}]
MANY_CHATS = [{**ENTERING, "iin": IIN}]
MANY_PEOPLE = [{**ENTERING, "iin": iin(person), "chat_id": 1} for person in range(40)]
OWN_CHAT = [{"iin": IIN, "chat_id": 1}]
LAST_DAY = [{"iin": IIN, "chat_id": 1, "last_day": True}]
ATTACKS: dict[str, tuple[list[dict[str, Any]], Sequence[float], float]] = {
    "one person, IIN and phone known, from one chat": (ONE_CHAT, (1, 30), 30),
    "one person, IIN and phone known, from any number of chats": (MANY_CHATS, (1, 30), 60),
    "anybody of forty people, from one chat": (MANY_PEOPLE, (1,), CHAT.count * TRIES),
    "signing, in the parent's own chat": (OWN_CHAT, (1, 30), 30),
    "signing, there, on the last day of a term": (LAST_DAY, (1 / 24,), 1440 * TRIES),
}


@pytest.mark.soak
@pytest.mark.parametrize("who", ATTACKS)
async def test_the_odds_of_guessing(
    desk: Desk, who: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asking, spans, most_a_day = ATTACKS[who]
    for days in spans:
        tried = await tries(desk, days, asking)
        with capsys.disabled():
            print("\n" + told(who, days, tried), end="")  # noqa: T201 this is what it is for
        assert 0 < tried <= most_a_day * days
        desk.later(days=2)


@pytest.mark.soak
def test_the_odds_of_hitting_anybody_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    """The ceiling in all, with as many chats and known pairs as it takes: no more than arithmetic,
    since `test_asking.py` holds the ceiling."""
    an_hour = ALL.count * TRIES
    with capsys.disabled():
        print(  # noqa: T201 this is what it is for
            f"\nanybody, at the ceiling in all: {an_hour} tries an hour from "
            f"{ALL.count * 24 // CHAT.count} chats a day; {an_hour * 24 / CODES:.2f} hits a day"
        )
    assert an_hour <= CODES / 60
