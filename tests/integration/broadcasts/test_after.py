"""After a broadcast: whom it did not reach, recalling it, and correcting it."""

from datetime import timedelta

import pytest

from core.broadcasts import runs
from core.broadcasts.rules import Stage
from core.broadcasts.service import LISTED
from core.broadcasts.values import NotNow
from core.notices import noticed
from core.notices.plan import Channel, Lane
from core.notices.values import Closed, Refused
from tests.integration.broadcasts.town import Town

DAY = timedelta(days=1)


async def test_the_unreached_are_listed_each_with_the_reason(town: Town) -> None:
    await town.families(1, 2, 3)
    await town.families(4, chat=False)
    await town.families(5, chat=False, status="archived")
    town.blocked = {2}
    draft = await town.draft()
    await town.start(draft)
    await town.look()
    claimed = await town.notices.claim(town.now, Channel.TELEGRAM, Lane.BROADCAST)
    [third] = [one for one in claimed if one.chat_id == 3]
    await town.record([one for one in claimed if one is not third])
    await town.notices.record([(third, Refused("refused"))], town.now)
    await town.finish(draft)
    listed = await town.unreached.of(town.head, draft.id, town.now)
    assert {(one.registration_number, one.because) for one in listed} == {
        ("ОДО.2026.2", "blocked"),
        ("ОДО.2026.3", "failed"),
        ("ОДО.2026.4", "no_chat"),
    }


async def test_a_recall_deletes_every_message_that_is_young_enough(town: Town) -> None:
    runs_batch, runs.BATCH = runs.BATCH, 2
    try:
        await town.families(*range(1, 8))
        draft = await town.draft()
        await town.start(draft)
        await town.look()
        await town.send(2)
        town.clock.move(town.now + DAY)
        await town.finish(draft)
        town.clock.move(town.now + DAY)
        await town.broadcasts.recall(town.head, draft.id, town.now)
        look = await town.finish(draft)
    finally:
        runs.BATCH = runs_batch
    assert look.broadcast.stage is Stage.RECALLED
    assert len(set(town.deleted)) == len(town.deleted) == 5
    assert (look.progress.recalled, look.progress.kept) == (5, 2)


async def test_what_cannot_be_deleted_is_counted(town: Town) -> None:
    await town.families(1, 2)
    draft = await town.draft()
    await town.start(draft)
    await town.finish(draft)
    await town.broadcasts.recall(town.head, draft.id, town.now)
    await town.look()
    claimed = await town.notices.claim(town.now, Channel.TELEGRAM, Lane.BROADCAST)
    await town.notices.record([(one, Closed()) for one in claimed[:1]], town.now)
    await town.record(claimed[1:])
    look = await town.finish(draft)
    assert (look.progress.recalled, look.progress.kept) == (1, 1)


async def test_a_tap_that_comes_between_leaves_the_recall_alone(town: Town) -> None:
    """On the very message that is to go: it is ours still."""
    await town.families(1)
    draft = await town.draft()
    await town.start(draft)
    await town.finish(draft)
    await town.broadcasts.recall(town.head, draft.id, town.now)
    await town.look()
    [row] = await town.rows()
    async with town.db.write() as session:
        await noticed.seen(session, 1, row.iin, row.message_id, town.now)
    await town.finish(draft)
    assert town.deleted == [row.message_id]


async def test_a_recall_while_it_is_paused_stops_what_was_left(town: Town) -> None:
    await town.families(1, 2, 3)
    draft = await town.draft()
    await town.start(draft)
    await town.look()
    await town.send(1)
    await town.broadcasts.pause(town.head, draft.id, town.now)
    await town.broadcasts.recall(town.head, draft.id, town.now)
    look = await town.finish(draft)
    assert (look.progress.recalled, look.progress.dropped) == (1, 2)
    assert sum(town.told.values()) == 1


async def test_a_correction_is_a_draft_with_all_that_the_old_one_had(town: Town) -> None:
    await town.families(1)
    draft = await town.draft()
    await town.start(draft)
    await town.finish(draft)
    new = await town.broadcasts.draft(town.head, town.now, corrects=draft.id)
    assert (new.stage, new.corrects) == (Stage.DRAFT, draft.id)
    assert (new.content, new.audience, new.kind) == (draft.content, draft.audience, draft.kind)


async def test_a_draft_has_nothing_to_correct_yet(town: Town) -> None:
    """And once it were deleted, there would be nothing that the correction is one of."""
    draft = await town.draft()
    with pytest.raises(NotNow):
        await town.broadcasts.draft(town.head, town.now, corrects=draft.id)
    await town.broadcasts.discard(town.head, draft.id, town.now)
    assert (await town.broadcasts.listed(town.head))[0] == []


async def test_what_is_under_way_stays_in_the_list_however_many_drafts_follow(town: Town) -> None:
    """Or nobody could stop it any more; what was sent last is seen, too."""
    await town.families(1)
    scheduled = await town.draft(starts_at=town.now + DAY)
    await town.start(scheduled)
    drafts = [await town.draft() for _ in range(LISTED)]
    listed = [one.id for one in (await town.broadcasts.listed(town.head))[0]]
    assert listed == [scheduled.id, *(draft.id for draft in drafts[:0:-1])]
