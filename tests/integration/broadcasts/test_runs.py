"""A broadcast goes to everybody once: paused, stopped, resumed, at night, and by two at once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.applications.tables import ApplicationRecord
from core.audit.tables import AuditRecord
from core.broadcasts import runs
from core.broadcasts.rules import Audience, Content, Kind, Problem, Stage
from core.broadcasts.service import Changed, NotReady
from core.broadcasts.values import NotNow
from core.clock import at_hour, local
from core.login.visitors import Visitors
from core.notices import noticed
from core.notices.plan import Channel, Lane
from core.notices.values import Again, State
from tests.integration.broadcasts.town import Town

HOUR = timedelta(hours=1)


async def test_notices_are_written_a_few_ahead(town: Town, few_ahead: None) -> None:
    await town.families(*range(1, 21))
    draft = await town.draft()
    await town.start(draft)
    await town.look()
    assert len(await town.rows()) == 6
    progress = await town.progress(draft)
    assert (progress.total, progress.left) == (20, 20)
    look = await town.finish(draft)
    assert look.broadcast.stage is Stage.DONE
    assert sorted(town.told) == list(range(1, 21))
    assert set(town.told.values()) == {1}
    assert (look.progress.sent, look.progress.left) == (20, 0)


async def test_its_end_is_told_until_it_was_heard(town: Town) -> None:
    await town.families(1)
    draft = await town.draft()
    await town.start(draft)
    await town.finish(draft)
    town.clock.move(town.now + runs.LEASE)
    [again] = await town.look()
    assert again.ended
    await town.runs.told(draft.id, Stage.DONE)
    town.clock.move(town.now + runs.LEASE)
    assert await town.look() == []


async def test_one_that_is_sent_for_hours_is_overtaken_by_nothing(
    town: Town, few_ahead: None
) -> None:
    """Its notices have one series, and the later ones say nothing newer than the earlier ones."""
    await town.families(*range(1, 11))
    draft = await town.draft()
    await town.start(draft)
    await town.look()
    late = await town.notices.claim(town.now, Channel.TELEGRAM, Lane.BROADCAST, 3)
    await town.notices.record([(one, Again("down", 2 * HOUR)) for one in late], town.now)
    await town.send()
    await town.look()
    await town.send()
    town.clock.move(town.now + 3 * HOUR)
    await town.finish(draft)
    assert len(town.told) == 10


async def test_looking_hurries_nothing_that_is_to_be_tried_later(town: Town) -> None:
    await town.families(1)
    draft = await town.draft()
    await town.start(draft)
    await town.look()
    claimed = await town.notices.claim(town.now, Channel.TELEGRAM, Lane.BROADCAST)
    await town.notices.record([(claimed[0], Again("down", HOUR))], town.now)
    await town.look()
    assert await town.send() == 0
    town.clock.move(town.now + HOUR)
    assert await town.send() == 1


async def test_what_is_stopped_goes_to_nobody_else(town: Town, few_ahead: None) -> None:
    await town.families(*range(1, 11))
    draft = await town.draft()
    await town.start(draft)
    await town.look()
    await town.send(3)
    in_hand = await town.notices.claim(town.now, Channel.TELEGRAM, Lane.BROADCAST, 1)
    await town.broadcasts.cancel(town.head, draft.id, town.now)
    await town.record(in_hand)
    look = await town.finish(draft)
    assert look.broadcast.stage is Stage.CANCELLED
    assert (look.progress.sent, look.progress.dropped) == (3, 3)
    assert len(town.told) == 3
    with pytest.raises(NotNow):
        await town.broadcasts.resume(town.head, draft.id, town.now)


async def test_at_night_it_rests(town: Town) -> None:
    await town.families(1)
    town.clock.move(at_hour(local(town.now).date(), 21))
    draft = await town.draft()
    await town.start(draft)
    assert len(await town.look()) == 1
    assert await town.send() == 0
    assert await town.look() == []  # nor is anybody kept awake by looking
    town.clock.move(at_hour(local(town.now).date() + timedelta(days=1), 8))
    assert await town.send() == 1
    await town.finish(draft)


async def test_it_goes_out_at_its_time_to_whoever_belongs_to_it_then(town: Town) -> None:
    await town.families(1)
    draft = await town.draft(starts_at=town.now + HOUR)
    await town.start(draft)
    assert await town.stage(draft) is Stage.SCHEDULED
    await town.look()
    assert await town.rows() == []
    await town.families(2)
    town.clock.move(town.now + HOUR)
    await town.finish(draft)
    assert sorted(town.told) == [1, 2]


async def test_two_presses_of_send_send_once(town: Town) -> None:
    await town.families(1, 2, 3)
    draft = await town.draft()
    done = await asyncio.gather(*(town.start(draft) for _ in range(2)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["NoneType", "NotNow"]
    await town.finish(draft)
    assert town.told == {1: 1, 2: 1, 3: 1}


async def test_two_workers_that_look_at_once_write_everybody_once(town: Town) -> None:
    await town.families(*range(1, 31))
    draft = await town.draft()
    await town.start(draft)
    town.clock.move(town.now + timedelta(seconds=5))
    await asyncio.gather(*(town.runs.look(town.now) for _ in range(3)))
    assert len(await town.rows()) == 30


async def test_what_was_confirmed_is_what_goes(town: Town) -> None:
    """A draft that somebody changes while the number is typed is not sent."""
    await town.families(1)
    draft = await town.draft()
    await town.broadcasts.change(town.head, draft.id, kind=Kind.INFORMATIONAL)
    with pytest.raises(Changed):
        await town.start(draft)
    started = await town.broadcasts.one(town.head, draft.id)
    await town.start(started)
    with pytest.raises(NotNow):
        await town.broadcasts.change(town.head, draft.id, audience=Audience())


async def test_every_language_that_is_read_needs_a_text(town: Town) -> None:
    await town.families(1)
    await town.families(2, language="ru")
    draft = await town.draft()
    for texts, ready in (({"ru": "Да"}, False), ({"kk": "Иә", "ru": "Да"}, True)):
        draft = await town.broadcasts.change(town.head, draft.id, content=Content(texts))
        if ready:
            await town.start(draft)
        else:
            with pytest.raises(NotReady) as refused:
                await town.start(draft)
            assert refused.value.why == [Problem.NO_TEXT]


async def test_a_draft_without_recipients_is_not_sent(town: Town) -> None:
    await town.families(1, chat=False)
    with pytest.raises(NotReady) as refused:
        await town.start(await town.draft())
    assert Problem.NOBODY in refused.value.why


async def test_who_blocked_the_bot_is_told_on_coming_back(town: Town) -> None:
    """As long as it is worth being told."""
    await town.families(1, 2)
    town.blocked = {2}
    draft = await town.draft()
    await town.start(draft)
    look = await town.finish(draft)
    assert (look.progress.sent, look.progress.blocked) == (1, 1)
    town.blocked.clear()
    await Visitors(town.db).mark_back(2, town.now)
    await town.answer()
    assert town.told == {1: 1, 2: 1}


async def test_looking_at_a_broadcast_takes_nobody_off_the_call_list(town: Town) -> None:
    """Seen is seen, and nothing more."""
    await town.families(1)
    draft = await town.draft()
    await town.start(draft)
    await town.finish(draft)
    [row] = await town.rows()
    async with town.db.write() as session:
        await noticed.seen(session, 1, row.iin, None, town.now)
    [row] = await town.rows()
    assert row.state == State.SEEN
    assert (await town.progress(draft)).seen == 1


async def test_every_act_is_in_the_audit_log(town: Town) -> None:
    await town.families(1)
    await town.families(2, chat=False)
    draft = await town.draft()
    await town.start(draft)
    await town.broadcasts.pause(town.head, draft.id, town.now)
    await town.broadcasts.resume(town.head, draft.id, town.now)
    await town.finish(draft)
    await town.unreached.of(town.head, draft.id, town.now)
    await town.broadcasts.recall(town.head, draft.id, town.now)
    async with town.db.read() as session:
        log = (await session.scalars(select(AuditRecord).order_by(AuditRecord.id))).all()
        second = await session.scalar(
            select(ApplicationRecord.id).where(ApplicationRecord.registration_number.endswith("2"))
        )
    acts = [one.act for one in log if one.act.startswith("broadcast")]
    names = ("created", "started", "paused", "resumed", "unreached", "recalled")
    assert acts == [f"broadcast_{name}" for name in names]
    [looked] = [one for one in log if one.act == "broadcast_unreached"]
    assert looked.subjects == {"broadcast": [draft.id], "application": [second]}
