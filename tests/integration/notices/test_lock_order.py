"""Whatever meets at a family's notices locks them in one order: of two that lock in different
orders PostgreSQL throws one out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.login.tables import ChatRecord
from core.notices import service
from core.notices.plan import Channel, Lane
from core.notices.tables import NoticeRecord
from core.notices.values import Gone
from tests.integration.notices.post import Post

SOON = 0.3
"""Seconds in which whoever comes second has locked what it can."""


class Meeting:
    """One transaction that holds something, and goes on when another one has come."""

    def __init__(self, post: Post, first: Select[Any]) -> None:
        self._post = post
        self._first = first
        self._held, self._come = asyncio.Event(), asyncio.Event()

    async def cancel(self, series: str) -> None:
        async with self._holding() as session:
            await service.cancel(session, series, moment=self._post.now)

    async def wake(self, iin: str) -> None:
        async with self._holding() as session:
            await service.wake(session, iin, self._post.now)

    @asynccontextmanager
    async def _holding(self) -> AsyncIterator[AsyncSession]:
        async with self._post.desk.db.write() as session:
            await session.execute(self._first.with_for_update())
            self._held.set()
            await self._come.wait()
            await asyncio.sleep(SOON)
            yield session

    async def come(self) -> None:
        await self._held.wait()
        self._come.set()


async def test_a_tap_of_a_family_on_the_call_list_and_the_end_of_its_term(post: Post) -> None:
    await post.family(1)
    await post.voucher(1)
    await post.travel("09.04 09:00")
    call, person = await post.row(channel="call"), post.people[1]
    assert call.series is not None
    async with post.desk.db.write() as session:  # the tap finds what was planned after the call
        earlier = update(NoticeRecord).where(NoticeRecord.id < call.id)
        await session.execute(earlier.values(ended_at=post.now))
    meeting = Meeting(post, select(NoticeRecord.id).where(NoticeRecord.channel == Channel.CALL))

    async def tap() -> None:
        await meeting.come()
        await post.notices.seen(person.id, person.iin.value, None, post.now)

    async with asyncio.TaskGroup() as group:
        group.create_task(meeting.cancel(call.series))
        group.create_task(tap())
    assert await post.listed() == []


async def test_a_chat_that_is_gone_and_whoever_comes_back_to_it(post: Post) -> None:
    await post.family(1)
    await post.voucher(1)
    [notice] = await post.notices.claim(post.now, Channel.TELEGRAM, Lane.VOUCHER)
    meeting = Meeting(post, select(ChatRecord.id))

    async def note() -> None:
        await meeting.come()
        await post.notices.record([(notice, Gone())], post.now)

    async with asyncio.TaskGroup() as group:
        group.create_task(meeting.wake(post.people[1].iin.value))
        group.create_task(note())
    assert (await post.row(kind="voucher_issued", channel="telegram")).because == "blocked"
