"""The outbox with a worker of the tests' own: what it is given, it hands out and notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from core import agenda
from core.applications.service import Applications
from core.clock import ALMATY, local
from core.login.values import Person
from core.login.visitors import Visitors
from core.notices.calls import Calls
from core.notices.lives import Lives
from core.notices.outbox import Notices
from core.notices.plan import Channel, Lane
from core.notices.tables import NoticeRecord
from core.notices.values import Again, Closed, Gone, Notice, Outcome, Sent, SmsTaken
from core.sms.tables import SmsRecord
from tests import factories
from tests.factories import Desk

ROADS = (*((Channel.TELEGRAM, lane) for lane in Lane), (Channel.SMS, Lane.VOUCHER))
"""What reaches nobody by Telegram goes by SMS at the same turn."""


@dataclass(frozen=True)
class Handed:
    """Something that has left the house."""

    at: str
    kind: str
    channel: Channel
    closing: bool
    application_id: int | None
    id: int


@dataclass
class Post:
    """Families, time, and a worker. `blocked`: these chats take nothing; `dead`: channels out of
    order; `out`: all that has left the house."""

    desk: Desk
    notices: Notices
    calls: Calls
    lives: Lives
    applications: Applications
    visitors: Visitors
    people: dict[int, Person] = field(default_factory=dict)
    out: list[Handed] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    dead: set[Channel] = field(default_factory=set)
    numbers: Iterable[int] = field(default_factory=lambda: count(5000))

    @property
    def now(self) -> datetime:
        return self.desk.clock.now()

    async def family(self, number: int, applicant: int | None = None, *, chat: bool = True) -> int:
        """An application in the queue, of parent `applicant` or `number`; `chat`: who has entered.
        Its id."""
        parent = applicant or number
        if chat and parent not in self.people:
            self.people[parent] = await factories.parent(self.desk.db, self.now, parent)
        return await factories.application(self.desk.db, self.now, number, applicant)

    async def voucher(self, number: int) -> None:
        await self.applications.issue_voucher(f"ОДО.2026.{number}", actor="p", moment=self.now)

    async def travel(self, to: datetime | str) -> None:
        """Move there, stopping at all that falls due, with the worker at work."""
        target = moment(to) if isinstance(to, str) else to
        await self.work()
        while (due := await self.next_due()) and due <= target:
            if due > self.now:
                self.desk.clock.move(due)
            await self.work()
        self.desk.clock.move(target)
        await self.work()

    async def next_due(self) -> datetime | None:
        due = await agenda.due(self.desk.db, self.now)
        return agenda.first(due.sweep, due.telegram, due.sms)

    async def work(self) -> None:
        """Do all that is due now."""
        await self.desk.sweep.run(self.now)
        while claimed := await self.claim():
            for notice in claimed:
                await self.notices.record([(notice, await self.hand_on(notice))], self.now)

    async def claim(self) -> list[Notice]:
        """Whatever may go out now, on every road."""
        claimed: list[Notice] = []
        for channel, lane in ROADS:
            claimed += await self.notices.claim(self.now, channel, lane)
        return claimed

    async def hand_on(self, notice: Notice) -> Outcome:
        """Give a claimed notice to its channel; nothing is noted yet."""
        if notice.channel in self.dead:
            return Again("dead")
        if notice.chat_id in self.blocked and notice.channel is Channel.TELEGRAM:
            return Gone()
        self.out.append(
            Handed(
                f"{local(self.now):%d.%m %H:%M}",
                notice.kind,
                notice.channel,
                notice.closing,
                notice.application_id,
                notice.id,
            )
        )
        if notice.closing:
            return Closed()
        number = next(iter(self.numbers))
        return SmsTaken(await self.sms()) if notice.channel is Channel.SMS else Sent(number)

    async def sms(self) -> int:
        """A message that a gateway has; its id."""
        async with self.desk.db.write() as session:
            record = SmsRecord(
                purpose="notice",
                phone="+77750000000",
                segments=1,
                gateway="pocket",
                gateway_id=None,
                state="accepted",
                created_at=self.now,
            )
            session.add(record)
            await session.flush()
            return record.id

    async def rows(self, **where: Any) -> list[NoticeRecord]:
        """The rows of the outbox, in the order of their planned times."""
        query = select(NoticeRecord).filter_by(**where)
        async with self.desk.db.read() as session:
            found = await session.scalars(query.order_by(NoticeRecord.planned_at, NoticeRecord.id))
            return list(found)

    async def row(self, **where: Any) -> NoticeRecord:
        """The one row of that kind."""
        [found] = await self.rows(**where)
        return found

    def told(self, application_id: int | None = None) -> list[str]:
        """What has gone out, closings aside: `08.04 09:00 reminder`."""
        return [
            f"{handed.at} " + ("sms " if handed.channel is Channel.SMS else "") + handed.kind
            for handed in self.out
            if not handed.closing and application_id in (None, handed.application_id)
        ]

    async def listed(self) -> list[int]:
        """The notices on the call list."""
        return [call.notice_id for call in await self.calls.listed(self.now)]


def moment(text: str) -> datetime:
    """`07.04 11:30` of 2026, in Kazakhstan."""
    return datetime.strptime(f"2026 {text}", "%Y %d.%m %H:%M").replace(tzinfo=ALMATY)


async def open_post(desk: Desk) -> Post:
    return Post(
        desk,
        Notices(desk.db),
        Calls(desk.db),
        Lives(desk.db),
        Applications(desk.db, desk.book),
        Visitors(desk.db),
    )


def later(post: Post, **span: float) -> None:
    """Time passes and nobody works."""
    post.desk.clock.move(post.now + timedelta(**span))
