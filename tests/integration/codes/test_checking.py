"""Entering codes: right once, and never by trying."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.codes.service import Codes
from core.codes.tables import CodeRecord
from core.codes.values import CodeAnswer, CodesExhausted, Outcome
from core.sms.service import SmsSender
from tests.integration.codes.conftest import STRANGER, Desk
from tests.integration.inbox import DOWN, code_text, open_connections, wrong

RIGHT = CodeAnswer(Outcome.RIGHT)


async def test_the_right_code_is_right_once(desk: Desk) -> None:
    code_id = await desk.sent()
    assert await desk.enter(code_id, desk.inbox.digits) == RIGHT
    assert await desk.enter(code_id, desk.inbox.digits) == CodeAnswer(Outcome.USED)


async def test_spaces_between_the_digits_do_not_matter(desk: Desk) -> None:
    code_id = await desk.sent()
    digits = desk.inbox.digits
    assert await desk.enter(code_id, f" {digits[:3]} {digits[3:]}\n") == RIGHT


async def test_five_tries_and_then_not_even_the_right_code(desk: Desk) -> None:
    code_id = await desk.sent()
    digits = desk.inbox.digits
    for left in (4, 3, 2, 1):
        assert await desk.enter(code_id, wrong(digits)) == CodeAnswer(Outcome.WRONG, left)
    assert await desk.enter(code_id, wrong(digits)) == CodeAnswer(Outcome.NO_TRIES)
    assert await desk.enter(code_id, digits) == CodeAnswer(Outcome.NO_TRIES)


@pytest.mark.parametrize("nonsense", ["", "1", "１２３４５６", "a" * 5000, "\x00", "🙂"])
async def test_nonsense_is_a_wrong_code(desk: Desk, nonsense: str) -> None:
    code_id = await desk.sent()
    assert (await desk.enter(code_id, nonsense)).outcome is Outcome.WRONG


async def test_a_code_lives_five_minutes(desk: Desk) -> None:
    code_id = await desk.sent()
    desk.later(minutes=5)
    assert await desk.enter(code_id, desk.inbox.digits) == CodeAnswer(Outcome.EXPIRED)


async def test_a_code_from_an_hour_ago_is_expired_and_costs_no_try(desk: Desk) -> None:
    old = await desk.sent()
    digits = desk.inbox.digits
    desk.later(hours=1)
    await desk.sent()
    assert await desk.enter(old, digits) == CodeAnswer(Outcome.EXPIRED)


async def test_a_new_code_kills_the_old_one(desk: Desk) -> None:
    old = await desk.sent()
    digits = desk.inbox.digits
    desk.later(minutes=1)
    new = await desk.sent()
    assert await desk.enter(old, digits) == CodeAnswer(Outcome.EXPIRED)
    assert await desk.enter(new, desk.inbox.digits) == RIGHT


async def test_another_chats_code_kills_none(desk: Desk) -> None:
    code_id = await desk.sent(purpose="login")
    digits = desk.inbox.digits
    await desk.sent(purpose="login", target_id=2, chat_id=STRANGER, trusted=False)
    assert await desk.enter(code_id, digits) == RIGHT


async def test_a_code_is_good_for_its_own_request_only(desk: Desk) -> None:
    entering = await desk.sent(purpose="login")
    for_entering = desk.inbox.digits
    signing = await desk.sent(purpose="sign")
    for_signing = desk.inbox.digits
    if for_entering != for_signing:
        assert (await desk.enter(signing, for_entering)).outcome is Outcome.WRONG
        assert (await desk.enter(entering, for_signing)).outcome is Outcome.WRONG


async def test_the_same_update_twice_is_one_try(desk: Desk) -> None:
    code_id = await desk.sent()
    digits = desk.inbox.digits
    for _ in range(7):
        answer = await desk.enter(code_id, wrong(digits), "update")
        assert (answer.outcome, answer.tries_left) == (Outcome.WRONG, 4)
    assert await desk.enter(code_id, digits, "next") == RIGHT
    desk.later(minutes=6)
    again = await desk.enter(code_id, digits, "next")
    assert (again.outcome, again.repeated) == (Outcome.RIGHT, True)


async def test_the_try_that_was_one_too_many_is_answered_the_same_twice(desk: Desk) -> None:
    for _ in range(2):
        code_id = await desk.sent(purpose="login", trusted=False)
        for _ in range(4):
            await desk.enter(code_id, wrong(desk.inbox.digits))
        first = await desk.enter(code_id, wrong(desk.inbox.digits), "last")
        again = await desk.enter(code_id, wrong(desk.inbox.digits), "last")
        assert (first.outcome, first.locked_until) == (again.outcome, again.locked_until)
        desk.later(minutes=1)
    assert first.outcome is Outcome.LOCKED


async def test_tries_at_once_are_counted_one_by_one(desk: Desk) -> None:
    code_id = await desk.sent()
    digits = wrong(desk.inbox.digits)
    await open_connections(desk.database, 8)
    answers = await asyncio.gather(*(desk.enter(code_id, digits) for _ in range(8)))
    left = sorted(answer.tries_left for answer in answers if answer.outcome is Outcome.WRONG)
    assert left == [1, 2, 3, 4]
    assert await desk.enter(code_id, desk.inbox.digits) == CodeAnswer(Outcome.NO_TRIES)


async def test_the_right_code_twice_at_once_is_used_once(desk: Desk) -> None:
    code_id = await desk.sent()
    await open_connections(desk.database, 8)
    answers = await asyncio.gather(*(desk.enter(code_id, desk.inbox.digits) for _ in range(6)))
    assert sorted(answer.outcome for answer in answers) == ["right"] + ["used"] * 5


async def test_a_new_code_never_resets_the_count_of_failures(desk: Desk) -> None:
    for _ in range(3):
        code_id = await desk.sent(purpose="login", trusted=False)
        for _ in range(3):
            assert (await desk.enter(code_id, wrong(desk.inbox.digits))).outcome is Outcome.WRONG
        desk.later(minutes=21)
    code_id = await desk.sent(purpose="login", trusted=False)
    tenth = await desk.enter(code_id, wrong(desk.inbox.digits))
    until = desk.clock.now() + timedelta(minutes=15)
    assert tenth == CodeAnswer(Outcome.LOCKED, locked_until=until)
    locked = await desk.enter(code_id, desk.inbox.digits)  # not even the right one
    assert locked == CodeAnswer(Outcome.LOCKED, locked_until=until)


async def test_failures_at_once_with_two_codes_are_all_counted(desk: Desk) -> None:
    codes = {}
    for target_id in (1, 2):
        code_id = await desk.sent(
            purpose="login", trusted=False, chat_id=STRANGER, target_id=target_id
        )
        codes[code_id] = wrong(desk.inbox.digits)
        desk.later(minutes=1)
    await open_connections(desk.database, 8)
    await asyncio.gather(*(desk.enter(*code) for _ in range(4) for code in codes.items()))
    last = [(await desk.enter(*code)).outcome for code in codes.items()]
    assert last == [Outcome.NO_TRIES, Outcome.LOCKED]  # the ninth and the tenth


async def test_the_wait_doubles_up_to_an_hour(desk: Desk) -> None:
    minutes = []
    for _ in range(13):
        desk.later(hours=5)
        code_id = await desk.sent(purpose="login", trusted=False)
        answer = await desk.enter(code_id, wrong(desk.inbox.digits))
        if answer.locked_until:
            minutes.append((answer.locked_until - desk.clock.now()) // timedelta(minutes=1))
    assert minutes == [15, 30, 60, 60]


async def test_a_right_code_ends_the_row_of_failures(desk: Desk) -> None:
    for _ in range(4):
        code_id = await desk.sent(purpose="login", trusted=False)
        for _ in range(4):
            assert (await desk.enter(code_id, wrong(desk.inbox.digits))).outcome is Outcome.WRONG
        assert await desk.enter(code_id, desk.inbox.digits) == RIGHT


async def test_a_stranger_cannot_lock_the_linked_chat(desk: Desk) -> None:
    for _ in range(2):
        code_id = await desk.sent(purpose="login", trusted=False, chat_id=STRANGER)
        for _ in range(5):
            answer = await desk.enter(code_id, wrong(desk.inbox.digits))
        desk.later(minutes=1)
    assert answer.outcome is Outcome.LOCKED
    for purpose in ("login", "sign"):
        code_id = await desk.sent(purpose=purpose)
        assert await desk.enter(code_id, desk.inbox.digits) == RIGHT


async def test_the_linked_chat_is_never_locked(desk: Desk) -> None:
    for _ in range(3):
        code_id = await desk.sent()
        for _ in range(5):
            await desk.enter(code_id, wrong(desk.inbox.digits))
        desk.later(minutes=21)
    code_id = await desk.sent()
    assert await desk.enter(code_id, desk.inbox.digits) == RIGHT


@pytest.mark.parametrize(("chats", "most"), [(1, 30), (1000, 60)])
async def test_a_day_of_trying_gets_few_tries(desk: Desk, chats: int, most: int) -> None:
    """From one chat six codes of five tries at the most, from however many twice as many: out of
    a million codes."""
    end = desk.clock.now() + timedelta(days=1)
    chat_id = STRANGER
    while desk.clock.now() < end:
        chat_id = STRANGER + (chat_id + 1) % chats
        try:
            code_id = await desk.sent(purpose="login", trusted=False, chat_id=chat_id)
        except CodesExhausted as refusal:
            desk.clock.move(min(refusal.until, end))
            continue
        for _ in range(7):
            await desk.enter(code_id, wrong(desk.inbox.digits))
    async with desk.database.read() as session:
        tries = (await session.execute(select(func.sum(CodeRecord.tries)))).scalar_one()
    assert most / 3 < tries <= most


async def test_a_decoy_is_wrong_whatever_is_entered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.codes.rules.digits_of", lambda *_: "123456")
    code_id = await desk.sent(decoy=True)
    assert desk.inbox.sent == []
    assert await desk.enter(code_id, "123456") == CodeAnswer(Outcome.WRONG, 4)


async def test_before_any_gateway_took_it_there_is_nothing_to_enter(desk: Desk) -> None:
    desk.inbox.answer = DOWN
    code_id = await desk.ask()
    assert await desk.enter(code_id, "123456") == CodeAnswer(Outcome.NOT_SENT)
    assert not await desk.codes.deliver(code_id)
    assert await desk.enter(code_id, desk.inbox.digits) == CodeAnswer(Outcome.NOT_SENT)


async def test_an_unknown_code_is_an_expired_one(desk: Desk) -> None:
    assert await desk.enter(404, "123456") == CodeAnswer(Outcome.EXPIRED)


async def test_a_code_on_its_way_outlives_the_change_of_the_secret(desk: Desk) -> None:
    """The new secret is in use, the old one is taken beside it; later codes are still counted."""
    code_id = await desk.sent()
    sender = SmsSender(desk.database, [desk.inbox], desk.clock)
    desk.codes = Codes(desk.database, sender, b"new", code_text, desk.clock, also=b"secret")
    with pytest.raises(CodesExhausted):
        await desk.ask()
    assert await desk.enter(code_id, wrong(desk.inbox.digits)) == CodeAnswer(Outcome.WRONG, 4)
    assert await desk.enter(code_id, desk.inbox.digits) == RIGHT
