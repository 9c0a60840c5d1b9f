"""A code that no gateway has taken, or of which nobody knows: it is sent again, not for ever."""

from datetime import timedelta

from core.codes.values import Outcome
from core.sms.port import Unknown
from tests.integration.codes.conftest import Desk
from tests.integration.inbox import DOWN, TAKEN, wrong


async def test_what_no_gateway_takes_goes_out_by_itself_later(desk: Desk) -> None:
    desk.inbox.answer = DOWN
    code_id = await desk.ask()
    assert not await desk.codes.deliver(code_id)
    assert not await desk.codes.deliver(code_id)  # not before its time
    assert len(desk.inbox.sent) == 1
    assert (await desk.due()).codes == desk.clock.now() + timedelta(seconds=30)
    desk.later(seconds=30)
    desk.inbox.answer = TAKEN
    assert await desk.codes.due(desk.clock.now()) == [code_id]
    assert await desk.codes.deliver(code_id)
    code = await desk.row(code_id)
    assert code.expires_at == desk.clock.now() + timedelta(minutes=5)  # counted from now
    assert (await desk.enter(code_id, desk.inbox.digits)).outcome is Outcome.RIGHT


async def test_who_gets_a_message_that_was_given_up_may_enter_its_code(desk: Desk) -> None:
    """Nobody knew whether it had been taken; it had been. What is sent after it says the same."""
    desk.inbox.answer = desk.inbox.told = Unknown()
    code_id = await desk.ask()
    assert not await desk.codes.deliver(code_id)
    first = desk.inbox.digits
    assert (await desk.enter(code_id, wrong(first), "0")).outcome is Outcome.WRONG
    desk.later(seconds=30)
    desk.inbox.answer = TAKEN
    assert await desk.codes.deliver(code_id)
    assert desk.inbox.digits == first
    assert (await desk.enter(code_id, first, "1")).outcome is Outcome.RIGHT


async def test_a_message_that_was_given_up_is_entered_before_another_comes(desk: Desk) -> None:
    desk.inbox.answer = desk.inbox.told = Unknown()
    code_id = await desk.ask()
    assert not await desk.codes.deliver(code_id)
    assert (await desk.enter(code_id, desk.inbox.digits)).outcome is Outcome.RIGHT
    desk.later(seconds=30)
    assert await desk.codes.due(desk.clock.now()) == []


async def test_a_gateway_that_says_nothing_clear_is_asked_twice_and_no_more(desk: Desk) -> None:
    """Each time it may have gone out, and been charged."""
    desk.inbox.answer = desk.inbox.told = Unknown()
    code_id = await desk.ask()
    for _ in range(10):
        await desk.codes.deliver(code_id)
        desk.later(seconds=30)
    assert len(desk.inbox.sent) == 2
    assert (await desk.row(code_id)).retry_at is None


async def test_a_code_that_may_have_come_is_good_though_sent_again_in_vain(desk: Desk) -> None:
    desk.inbox.answer = desk.inbox.told = Unknown()
    code_id = await desk.ask()
    await desk.codes.deliver(code_id)
    digits = desk.inbox.digits
    desk.later(seconds=30)
    desk.inbox.answer = DOWN
    await desk.codes.deliver(code_id)
    desk.later(seconds=5)
    assert (await desk.enter(code_id, digits)).outcome is Outcome.RIGHT
