"""Asking for codes: how often, and who cannot use up whose right."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta

import pytest

from core.codes.rules import Why
from core.codes.service import Codes
from core.codes.values import CodesExhausted, Outcome
from core.sms.service import SmsSender
from tests.integration.codes.conftest import STRANGER, Desk
from tests.integration.inbox import code_text, open_connections, wrong


async def refused(asking: Awaitable[int]) -> tuple[Why, datetime]:
    with pytest.raises(CodesExhausted) as caught:
        await asking
    return caught.value.why, caught.value.until


async def test_a_minute_passes_between_two_codes(desk: Desk) -> None:
    first = desk.clock.now()
    await desk.ask()
    desk.later(seconds=59.9)
    assert await refused(desk.ask()) == (Why.PAUSE, first + timedelta(seconds=60))
    desk.later(seconds=0.1)
    assert await desk.ask()


async def test_three_codes_an_hour(desk: Desk) -> None:
    first = desk.clock.now()
    for _ in range(3):
        await desk.ask()
        desk.later(minutes=2)
    assert await refused(desk.ask()) == (Why.HOUR, first + timedelta(hours=1))
    desk.later(minutes=54)
    assert await desk.ask()


async def test_six_codes_a_day(desk: Desk) -> None:
    first = desk.clock.now()
    for _ in range(6):
        await desk.ask()
        desk.later(minutes=31)
    assert await refused(desk.ask()) == (Why.DAY, first + timedelta(days=1))
    desk.clock.move(first + timedelta(days=1))
    assert await desk.ask()


async def test_a_code_that_was_used_is_not_counted(desk: Desk) -> None:
    """Two children's acts, one after the other, are signed in one hour."""
    for act in range(8):
        code_id = await desk.sent(target_id=act)
        await desk.enter(code_id, desk.inbox.digits)
    assert len(desk.inbox.sent) == 8


async def test_on_the_last_day_only_the_minute_counts(desk: Desk) -> None:
    for _ in range(30):
        await desk.ask(last_day=True)
        desk.later(seconds=60)
    await desk.ask(last_day=True)
    assert (await refused(desk.ask(last_day=True)))[0] is Why.PAUSE


ENTERING = {"purpose": "login", "trusted": False}
"""From a chat that is linked to nobody, or to somebody else."""


async def test_a_stranger_cannot_use_up_the_parents_codes(desk: Desk) -> None:
    """Neither of the chat that is linked, nor of the one in which the parent has not entered yet:
    who guesses an IIN must not cost a child its place."""
    for _ in range(3):
        await desk.ask(**ENTERING, chat_id=STRANGER)
        desk.later(minutes=1)
    assert (await refused(desk.ask(**ENTERING, chat_id=STRANGER)))[0] is Why.HOUR
    assert await desk.ask(purpose="login")  # the linked chat enters again
    assert await desk.ask(purpose="sign")
    for _ in range(3):
        assert await desk.ask(**ENTERING)
        desk.later(minutes=1)


async def test_who_knows_the_iin_alone_counts_nothing_against_its_owner(desk: Desk) -> None:
    """Their codes are decoys, of a pair that is nobody's."""
    for chat in range(4):
        for _ in range(3):
            await desk.ask(**ENTERING, chat_id=chat, phone="+77010000000", decoy=True)
            desk.later(minutes=1)
        desk.later(hours=1)
    for _ in range(3):
        assert await desk.ask(**ENTERING)
        desk.later(minutes=1)


async def test_one_person_has_a_ceiling_over_all_chats(desk: Desk) -> None:
    """Six codes an hour, twelve a day, whoever asks for them."""
    first = desk.clock.now()
    for hour in range(2):
        for chat in range(2):
            for _ in range(3):
                await desk.ask(**ENTERING, chat_id=chat)
                desk.later(minutes=1)
        until = first + (timedelta(hours=1) if hour == 0 else timedelta(days=1))
        assert await refused(desk.ask(**ENTERING)) == (Why.CEILING, until)
        desk.later(hours=1)


async def test_wrong_codes_of_a_stranger_lock_their_own_chat_alone(desk: Desk) -> None:
    for _ in range(2):
        code_id = await desk.sent(**ENTERING, chat_id=STRANGER)
        for _ in range(5):
            await desk.enter(code_id, wrong(desk.inbox.digits))
        desk.later(minutes=1)
    assert (await refused(desk.ask(**ENTERING, chat_id=STRANGER)))[0] is Why.LOCKED
    own = await desk.sent(**ENTERING)
    assert (await desk.enter(own, desk.inbox.digits)).outcome is Outcome.RIGHT


async def test_a_chat_has_a_ceiling_over_all_the_people_it_names(desk: Desk) -> None:
    first = desk.clock.now()
    for person in range(20):
        await desk.ask(iin=f"{person:012}", trusted=False, purpose="login")
        desk.later(minutes=1)
    until = first + timedelta(days=1)
    assert await refused(desk.ask(iin="9" * 12, trusted=False)) == (Why.CEILING, until)
    assert await desk.ask(iin="9" * 12, trusted=False, chat_id=STRANGER)


async def test_there_is_a_ceiling_in_all_for_each_purpose(desk: Desk) -> None:
    sender = SmsSender(desk.database, [desk.inbox], desk.clock)
    desk.codes = Codes(desk.database, sender, b"secret", code_text, desk.clock, in_all=3)
    for chat in range(3):
        await desk.ask(iin=f"{chat:012}", chat_id=chat, purpose="login", trusted=False)
    until = desk.clock.now() + timedelta(hours=1)
    strangers = desk.ask(iin="9" * 12, chat_id=9, purpose="login", trusted=False)
    assert await refused(strangers) == (Why.CEILING, until)
    assert await desk.ask(purpose="login")  # parents who have entered before go on
    assert await desk.ask(purpose="sign")


async def test_of_two_presses_at_once_one_gets_a_code(desk: Desk) -> None:
    await desk.ask()
    desk.later(minutes=1)
    await open_connections(desk.database, 8)
    answers = await asyncio.gather(*(desk.ask() for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert sum(isinstance(answer, CodesExhausted) for answer in answers) == 7


async def test_a_lock_is_told_when_a_code_is_asked_for(desk: Desk) -> None:
    for _ in range(2):
        code_id = await desk.sent(purpose="login", trusted=False)
        for _ in range(5):
            await desk.enter(code_id, wrong(desk.inbox.digits))
        desk.later(minutes=1)
    why, until = await refused(desk.ask(purpose="login", trusted=False))
    assert (why, until) == (Why.LOCKED, desk.clock.now() + timedelta(minutes=14))
