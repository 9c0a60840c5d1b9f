"""What the outbox promises: nothing lost, nothing twice, nothing told to the wrong person."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from core.applications.changes import change
from core.applications.rules import Event
from core.applications.tables import ApplicationRecord
from core.notices import noticed
from core.notices.outbox import LEASE, Notices, _due
from core.notices.plan import Channel, Lane
from core.notices.values import Again, Closed, Gone, Notice, Outcome, Refused, Sent, SmsTaken
from core.sms.tables import SmsRecord
from tests.integration.notices.post import Post, later


async def one(post: Post, channel: Channel = Channel.TELEGRAM) -> Notice:
    """The voucher notice, or its SMS, claimed."""
    [notice] = await post.notices.claim(post.now, channel, Lane.VOUCHER)
    return notice


async def test_a_notice_is_there_if_and_only_if_its_change_is(post: Post) -> None:
    child = await post.family(1)
    calendar = await post.desk.book.load()

    async def issue(*, fails: bool) -> None:
        async with post.desk.db.write() as session:
            record = await session.get_one(ApplicationRecord, child)
            await change(
                session,
                record,
                Event.ISSUE_VOUCHER,
                calendar=calendar,
                pressed_at=post.now,
                at=post.now,
                actor="portal",
            )
            await session.flush()
            if fails:
                raise LookupError

    with pytest.raises(LookupError):
        await issue(fails=True)
    assert await post.rows() == []
    await issue(fails=False)
    assert len(await post.rows()) == 6


async def test_two_workers_never_take_one_row(post: Post) -> None:
    """Two rows and three workers at once: the third gets none."""
    for number in (1, 2):
        await post.family(number)
        await post.voucher(number)
    workers = [Notices(post.desk.db) for _ in range(3)]
    claimed = await asyncio.gather(
        *(w.claim(post.now, Channel.TELEGRAM, Lane.VOUCHER, 1) for w in workers)
    )
    assert sorted(len(notices) for notices in claimed) == [0, 1, 1]
    assert len({notice.id for notices in claimed for notice in notices}) == 2


async def test_a_row_that_is_being_claimed_is_passed_over(post: Post) -> None:
    """PostgreSQL: three open transactions share two rows without waiting for one another."""
    if post.desk.db.is_sqlite:
        pytest.skip("SQLite has one writer")
    for number in (1, 2):
        await post.family(number)
        await post.voucher(number)
    found = []
    async with AsyncExitStack() as stack, asyncio.timeout(20):
        for _ in range(3):
            session = await stack.enter_async_context(post.desk.db.write())
            due = await _due(session, post.now, Channel.TELEGRAM, Lane.VOUCHER, 1)
            found.append([record.application_id for record in due])
    assert found == [[1], [2], []]


async def test_when_the_lease_is_over_another_takes_it_and_the_slow_one_is_not_heard(
    post: Post,
) -> None:
    await post.family(1)
    await post.voucher(1)
    slow = await one(post)
    later(post, seconds=LEASE.total_seconds() - 1)
    assert await post.notices.claim(post.now, Channel.TELEGRAM, Lane.VOUCHER) == []
    later(post, seconds=1)
    quick = await one(post)
    assert quick.id == slow.id
    await post.notices.record([(slow, Gone())], post.now)
    row = await post.row(kind="voucher_issued", channel="telegram")
    assert (row.state, row.attempts) == ("sending", 2)
    await post.notices.record([(quick, Sent(7))], post.now)
    await post.notices.record([(slow, Sent(6))], post.now)
    row = await post.row(kind="voucher_issued", channel="telegram")
    assert (row.state, row.message_id) == ("sent", 7)


async def test_a_slow_worker_is_not_heard_after_an_answer_either(post: Post) -> None:
    """The count of attempts begins anew with the closing; the lease tells them apart."""
    child = await post.family(1)
    await post.voucher(1)
    slow = await one(post)
    later(post, seconds=60)
    await post.notices.record([(await one(post), Sent(7))], post.now)
    await post.desk.act(child, post.people[1], Event.CONFIRM_INTEREST)
    closing = await one(post)
    assert (closing.closing, closing.attempts) == (True, slow.attempts)
    await post.notices.record([(slow, Sent(6))], post.now)
    await post.notices.record([(closing, Closed())], post.now)
    row = await post.row(kind="voucher_issued", channel="telegram")
    assert (row.message_id, row.due_at, row.ended_at) == (7, None, post.now)


async def test_attempts_have_growing_pauses(post: Post) -> None:
    await post.family(1)
    await post.voucher(1)
    for least in (5, 15, 60, 300, 900, 900):
        await post.notices.record([(await one(post), Again("down"))], post.now)
        row = await post.row(kind="voucher_issued", channel="telegram")
        assert row.state == "pending"
        assert row.due_at is not None
        pause = row.due_at - post.now
        assert timedelta(seconds=least) <= pause <= timedelta(seconds=least * 1.25)
        post.desk.clock.move(row.due_at)


async def test_what_its_deadline_overtakes_has_expired(post: Post) -> None:
    await post.family(1)
    await post.voucher(1)
    notice = await one(post)
    await post.notices.record([(notice, Again("down", timedelta(days=3)))], post.now)
    row = await post.row(kind="voucher_issued", channel="telegram")
    assert (row.state, row.because, row.due_at) == ("expired", "down", None)


async def test_what_can_never_succeed_is_not_tried_again(post: Post) -> None:
    await post.family(1)
    await post.voucher(1)
    await post.notices.record([(await one(post), Refused("bad"))], post.now)
    row = await post.row(kind="voucher_issued", channel="telegram")
    assert (row.state, row.because, row.due_at) == ("failed", "bad", None)


async def test_a_message_that_cannot_be_closed_was_sent_all_the_same(post: Post) -> None:
    child = await post.family(1)
    await post.voucher(1)
    await post.notices.record([(await one(post), Sent(7))], post.now)
    await post.desk.act(child, post.people[1], Event.REFUSE_VOUCHER)
    await post.notices.record([(await one(post), Refused("too old"))], post.now)
    row = await post.row(kind="voucher_issued", channel="telegram")
    assert (row.state, row.due_at, row.ended_at) == ("sent", None, post.now)


async def test_what_was_answered_while_it_was_on_its_way_is_closed_or_stays(post: Post) -> None:
    """Whether its sender comes back with a message, without one, or not at all."""
    outcomes: dict[int, Outcome | None] = {1: Sent(7), 2: Again("down"), 3: None}
    claimed = {}
    for number in outcomes:
        await post.family(number)
        await post.voucher(number)
        claimed[number] = await one(post)
        await post.desk.act(number, post.people[number], Event.CONFIRM_INTEREST)
    for number, outcome in outcomes.items():
        if outcome is not None:
            await post.notices.record([(claimed[number], outcome)], post.now)
    later(post, seconds=61)
    closing = await one(post)
    assert (closing.closing, closing.message_id) == (True, 7)
    assert await post.notices.claim(post.now, Channel.TELEGRAM, Lane.VOUCHER) == []
    rows = [
        await post.row(kind="voucher_issued", channel="telegram", application_id=child)
        for child in (2, 3)
    ]
    assert [(row.state, row.because) for row in rows] == [("cancelled", "answered")] * 2


async def test_only_the_linked_person_has_seen_it(post: Post) -> None:
    """Somebody else who has entered in the same chat has seen nothing of theirs."""
    await post.family(1)
    await post.family(2)
    await post.voucher(1)
    await post.work()
    for iin in (post.people[2].iin.value, None):
        await post.notices.seen(1, iin, None, post.now)
        assert (await post.row(kind="voucher_issued", channel="telegram")).seen_at is None
    await post.notices.seen(2, post.people[1].iin.value, None, post.now)  # of another chat
    assert (await post.row(kind="voucher_issued", channel="telegram")).seen_at is None
    await post.notices.seen(1, post.people[1].iin.value, None, post.now)
    assert (await post.row(kind="voucher_issued", channel="telegram")).state == "seen"


async def test_the_link_of_an_sms_tells_that_it_was_read(post: Post) -> None:
    await post.family(1, chat=False)
    await post.voucher(1)
    await post.work()
    sms = await post.row(channel="sms")
    assert sms.token is not None
    assert not await post.notices.opened("of-nobody", post.now)
    assert await post.notices.opened(sms.token, post.now)
    assert (await post.row(channel="sms")).state == "seen"
    await post.travel("09.04 08:00")
    assert await post.listed() == []


@pytest.mark.parametrize(
    ("reports", "state"),
    [
        ((True,), "delivered"),
        ((True, True), "delivered"),
        ((False,), "undeliverable"),
        ((False, True), "delivered"),
        ((True, False), "delivered"),
        ((), "sent"),
    ],
)
async def test_arrived_stays_arrived(post: Post, reports: tuple[bool, ...], state: str) -> None:
    """And who was reached by SMS is not called."""
    await post.family(1, chat=False)
    await post.voucher(1)
    await post.work()
    sms = await post.row(channel="sms")
    assert sms.sms_id is not None
    for delivered in reports:
        await report(post, sms.sms_id, delivered)
    assert (await post.row(channel="sms")).state == state
    await post.travel("09.04 08:00")
    assert len(await post.listed()) == (state != "delivered")


async def test_an_early_report_finds_nothing_and_a_late_one_ends_the_call(post: Post) -> None:
    await post.family(1, chat=False)
    await post.voucher(1)
    [notice] = await post.claim()
    sms_id = await post.sms()
    await report(post, sms_id, True)  # nobody knows yet whose it is
    assert (await post.row(channel="sms")).state == "sending"
    await post.notices.record([(notice, SmsTaken(sms_id))], post.now)
    await post.travel("09.04 09:00")
    assert len(await post.listed()) == 1
    await report(post, sms_id, True)
    assert await post.listed() == []


async def test_what_arrived_before_its_gateway_answered_has_arrived(post: Post) -> None:
    """Nobody knew whether the gateway had it; then its receipt came, and only then its answer."""
    await post.family(1, chat=False)
    await post.voucher(1)
    [notice] = await post.claim()
    sms_id = await post.sms()
    await post.notices.record([(notice, Again("unknown", sms_id=sms_id))], post.now)
    await report(post, sms_id, True)
    arrived = post.now
    later(post, seconds=30)
    [notice] = await post.claim()
    async with post.desk.db.write() as session:
        sms = await session.get_one(SmsRecord, sms_id)
        sms.state = sms.reported = "delivered"
        sms.delivered_at = arrived
    await post.notices.record([(notice, SmsTaken(sms_id))], post.now)
    row = await post.row(channel="sms")
    assert (row.state, row.delivered_at) == ("delivered", arrived)


async def report(post: Post, sms_id: int, delivered: bool) -> None:
    async with post.desk.db.write() as session:
        await noticed.sms_reported(session, sms_id, delivered, post.now)
