"""A broadcast that is paused: nothing goes out, nobody is lost, however long it takes."""

import asyncio
from datetime import timedelta

from core.broadcasts.rules import VALID
from core.login.visitors import Visitors
from core.notices.plan import Channel, Lane
from core.watch.impossible import impossible_states
from core.watch.watchdogs import outbox_age
from tests.integration.broadcasts.town import Town

HOUR = timedelta(hours=1)


async def test_nothing_goes_out_while_it_is_paused(town: Town, few_ahead: None) -> None:
    """Neither what was written, nor what a sender had taken on, nor anybody new."""
    await town.families(*range(1, 11))
    draft = await town.draft()
    await town.start(draft)
    await town.look()
    await town.send(1)
    in_hand = await town.notices.claim(town.now, Channel.TELEGRAM, Lane.BROADCAST, 2)
    await town.broadcasts.pause(town.head, draft.id, town.now)
    await town.record(in_hand)
    for _ in range(3):
        await town.look()
        town.clock.move(town.now + HOUR)
        assert await town.send() == 0
    assert sum(town.told.values()) == 1
    assert await impossible_states(town.db, town.now) == []
    assert await outbox_age(town.db, town.now) == []
    await town.broadcasts.resume(town.head, draft.id, town.now)
    await town.finish(draft)
    assert set(town.told.values()) == {1}
    assert len(town.told) == 10


async def test_a_pause_of_days_costs_nobody_the_message(town: Town) -> None:
    """Neither who waits in line, nor whose message a sender had taken on: longer than a message
    is worth being sent."""
    await town.families(1, 2)
    draft = await town.draft()
    await town.start(draft)
    await town.look()
    in_hand = await town.notices.claim(town.now, Channel.TELEGRAM, Lane.BROADCAST, 1)
    await town.broadcasts.pause(town.head, draft.id, town.now)
    await town.record(in_hand)
    for _ in range(3):
        town.clock.move(town.now + VALID / 2)
        await town.look()
        assert await town.send() == 0
    await town.broadcasts.resume(town.head, draft.id, town.now)
    await town.look()
    town.clock.move(town.now + 2 * HOUR)
    await town.finish(draft)
    assert len(town.told) == 2


async def test_who_comes_back_while_it_is_paused_is_told_when_it_goes_on(town: Town) -> None:
    await town.families(1, 2)
    town.blocked = {1}
    draft = await town.draft()
    await town.start(draft)
    await town.look()
    await town.send(1)
    await town.broadcasts.pause(town.head, draft.id, town.now)
    town.blocked.clear()
    town.clock.move(town.now + HOUR)
    await Visitors(town.db).mark_back(1, town.now)
    await town.answer()
    assert not town.told
    await town.broadcasts.resume(town.head, draft.id, town.now)
    await town.look()
    await town.answer()
    await town.send()
    assert town.told == {1: 1, 2: 1}


async def test_pausing_while_workers_claim_loses_and_doubles_nobody(
    town: Town, few_ahead: None
) -> None:
    await town.families(*range(1, 31))
    draft = await town.draft()
    await town.start(draft)
    await town.look()
    for n in range(6):
        act = town.broadcasts.resume if n % 2 else town.broadcasts.pause
        town.clock.move(town.now + timedelta(seconds=5))
        await asyncio.gather(
            town.send(2), act(town.head, draft.id, town.now), town.send(2), town.runs.look(town.now)
        )
    await town.finish(draft)
    assert len(town.told) == 30
    assert set(town.told.values()) == {1}
