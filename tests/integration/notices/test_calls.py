"""The call list: who is on it, what a call changes, and who needs none any more."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.applications.rules import Event
from core.applications.tables import ApplicationRecord
from core.notices import service
from core.notices.calls import Called, NotListed
from core.notices.plan import Channel, Lane
from tests.integration.notices.post import Post, later, moment


async def listed(post: Post) -> int:
    """The first family, whom nothing has reached; its notice on the list."""
    await post.family(1)
    await post.voucher(1)
    post.desk.clock.move(moment("09.04 08:00"))
    await post.desk.sweep.run(post.now)
    [number] = await post.listed()
    return number


async def test_who_will_confirm_is_not_called_again(post: Post) -> None:
    number = await listed(post)
    await post.calls.mark(number, Called.WILL_CONFIRM, "staff", post.now)
    assert await post.listed() == []
    with pytest.raises(NotListed):
        await post.calls.mark(number, Called.UNREACHABLE, "staff", post.now)
    assert (await post.row(channel="call")).state == "delivered"


async def test_who_does_not_answer_stays_on_the_list_and_it_is_counted(post: Post) -> None:
    number = await listed(post)
    first = post.now
    await post.calls.mark(number, Called.UNREACHABLE, "staff", first)
    later(post, hours=1)
    await post.calls.mark(number, Called.UNREACHABLE, "staff", post.now)
    [call] = await post.calls.listed(post.now)
    assert call.tried == (first, post.now)
    calls = [life.calls for life in await post.lives.of(1) if life.channel is Channel.CALL]
    assert [(call.called, call.by) for call in calls[0]] == [("unreachable", "staff")] * 2


async def test_a_wrong_number_is_not_called_again(post: Post) -> None:
    number = await listed(post)
    await post.calls.mark(number, Called.WRONG_NUMBER, "staff", post.now)
    assert await post.listed() == []
    row = await post.row(channel="call")
    assert (row.state, row.because) == ("undeliverable", "wrong_number")


async def test_who_looks_or_answers_at_last_is_off_the_list(post: Post) -> None:
    await listed(post)
    await post.work()  # Telegram has come back
    await post.notices.seen(1, post.people[1].iin.value, None, post.now)
    assert await post.listed() == []
    assert (await post.row(channel="call")).because == "seen"


async def test_who_answers_is_off_the_list(post: Post) -> None:
    await listed(post)
    await post.desk.act(1, post.people[1], Event.CONFIRM_INTEREST)
    assert await post.listed() == []


async def test_a_list_that_comes_too_late_holds_nobody(post: Post) -> None:
    await post.family(1)
    await post.voucher(1)
    await post.desk.press(1, post.people[1], Event.CONFIRM_INTEREST)
    post.desk.clock.move(moment("10.04 00:00"))
    await post.desk.sweep.run(post.now)
    assert await post.listed() == []
    assert (await post.row(channel="call")).state == "expired"


async def test_an_applicant_whom_no_sms_reaches_is_called(post: Post) -> None:
    """The phone given with the application is a landline."""
    child = await post.family(1, chat=False)
    async with post.desk.db.write() as session:
        record = await session.scalar(
            select(ApplicationRecord).where(ApplicationRecord.id == child)
        )
        assert record is not None
        record.applicant_phone = "87162250000"
    await post.voucher(1)
    await post.travel("09.04 08:00")
    sms = await post.row(channel="sms")
    assert (sms.state, sms.because) == ("undeliverable", "no_phone")
    assert len(await post.listed()) == 1


async def test_an_extension_that_reaches_nobody_ends_there(post: Post) -> None:
    """Its SMS is never the cause of another one: it would never end."""
    child = await post.family(1, chat=False)
    async with post.desk.db.write() as session:
        record = await session.get_one(ApplicationRecord, child)
        record.applicant_phone = "87162250000"
        await service.add(
            session,
            kind="term_extended",
            key="extended",
            iin=record.applicant_iin,
            application_id=child,
            moment=post.now,
            details={"version": 1},
            lane=Lane.VOUCHER,
            expires_at=post.now + timedelta(days=1),
            series="application:1:1",
        )
    async with asyncio.timeout(20):
        await post.work()
    rows = await post.rows(kind="term_extended")
    assert [(row.channel, row.because) for row in rows] == [
        ("telegram", "no_chat"),
        ("sms", "no_phone"),
    ]
