"""A town of families for broadcasts, with a worker of the tests' own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select, update

from core.applications.tables import ApplicationRecord
from core.broadcasts.rules import Audience, Content, Kind, Stage
from core.broadcasts.runs import BroadcastRuns, Look
from core.broadcasts.service import Broadcasts
from core.broadcasts.unreached import UnreachedLists
from core.broadcasts.values import Broadcast, Progress
from core.clock import TravelClock
from core.db.engine import Database
from core.identity.rules import Iin
from core.login.tables import ChatRecord
from core.login.visitors import Visitors
from core.notices.outbox import Notices
from core.notices.plan import Channel, Lane
from core.notices.tables import NoticeRecord
from core.notices.values import Gone, Held, Notice, Outcome, Pointless, Recalled, Sent
from core.staff.rules import Member, Role
from core.staff.service import Staff
from tests import factories

TEXTS = {"kk": "Сәлем", "ru": "Привет", "en": "Hello"}
HEAD, OPERATOR = 9001, 9002
"""Numbers of the people of staff."""


@dataclass
class Town:
    """`told`: how many messages each chat has got; `deleted`: those that were taken back;
    `blocked`: chats that take nothing."""

    db: Database
    clock: TravelClock
    head: Member
    operator: Member
    broadcasts: Broadcasts
    runs: BroadcastRuns
    unreached: UnreachedLists
    notices: Notices
    told: Counter[int] = field(default_factory=Counter)
    deleted: list[int] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    numbers: Any = field(default_factory=lambda: count(5000))

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def families(
        self, *numbers: int, chat: bool = True, language: str = "kk", **application: Any
    ) -> None:
        """Families with those numbers, their applications as given."""
        for number in numbers:
            if chat:
                await factories.parent(self.db, self.now, number)
            id_ = await factories.application(self.db, self.now, number)
            async with self.db.write() as session:
                if application:
                    await session.execute(
                        update(ApplicationRecord)
                        .where(ApplicationRecord.id == id_)
                        .values(**application)
                    )
                await session.execute(
                    update(ChatRecord).where(ChatRecord.id == number).values(language=language)
                )

    async def draft(
        self,
        audience: Audience | None = None,
        kind: Kind = Kind.STATUTORY,
        starts_at: datetime | None = None,
    ) -> Broadcast:
        """A draft of the head's that could be sent."""
        made = await self.broadcasts.draft(self.head, self.now)
        return await self.broadcasts.change(
            self.head,
            made.id,
            audience=audience or Audience(),
            content=Content(TEXTS),
            kind=kind,
            starts_at=starts_at,
        )

    async def start(self, broadcast: Broadcast) -> None:
        """As it was confirmed."""
        await self.broadcasts.start(self.head, broadcast.id, broadcast.version, self.now)

    async def look(self) -> list[Look]:
        """The worker looks, when it is due."""
        self.clock.move(self.now + timedelta(seconds=5))
        return await self.runs.look(self.now)

    async def send(self, limit: int = 1000) -> int:
        """Send, or delete, what is due: how many."""
        notices = await self.notices.claim(self.now, Channel.TELEGRAM, Lane.BROADCAST, limit)
        await self.record(notices)
        return len(notices)

    async def answer(self) -> None:
        """Send what waited for those who have come back."""
        await self.record(await self.notices.claim(self.now, Channel.TELEGRAM, Lane.ANSWER))

    async def record(self, notices: list[Notice]) -> None:
        """Hand claimed notices over, and note what came of it."""
        done = [(notice, await self.hand_on(notice)) for notice in notices]
        await self.notices.record(done, self.now)

    async def hand_on(self, notice: Notice) -> Outcome:
        """What `bot.outgoing.broadcasts.deliver` does, with Telegram played."""
        assert notice.chat_id is not None
        if notice.message_id is not None:
            self.deleted.append(notice.message_id)
            return Recalled()
        message = await self.runs.message(notice.details["broadcast"], notice.chat_id)
        assert message is not None
        if message.held:
            return Held()
        if not message.wanted:
            return Pointless()
        if notice.chat_id in self.blocked:
            return Gone()
        self.told[notice.chat_id] += 1
        return Sent(next(self.numbers))

    async def finish(self, broadcast: Broadcast) -> Look:
        """Look and send until it has ended."""
        for _ in range(50):
            for look in await self.look():
                if look.ended and look.broadcast.id == broadcast.id:
                    return look
            await self.send()
        raise AssertionError("the broadcast does not end")

    async def progress(self, broadcast: Broadcast) -> Progress:
        return await self.broadcasts.progress(self.head, broadcast.id, self.now)

    async def stage(self, broadcast: Broadcast) -> Stage:
        return (await self.broadcasts.one(self.head, broadcast.id)).stage

    async def rows(self) -> list[NoticeRecord]:
        async with self.db.read() as session:
            found = await session.scalars(select(NoticeRecord).order_by(NoticeRecord.id))
            return list(found)

    async def mute(self, *chats: int) -> None:
        for chat in chats:
            await Visitors(self.db).mute(chat, True, self.now)


async def open_town(db: Database, clock: TravelClock) -> Town:
    staff = Staff(db)
    head = await staff.grant(Iin(factories.iin(HEAD)), Role.HEAD, None, by=None, moment=clock.now())
    operator = await staff.grant(
        Iin(factories.iin(OPERATOR)), Role.OPERATOR, "akkol", by=None, moment=clock.now()
    )
    return Town(
        db,
        clock,
        head,
        operator,
        Broadcasts(db),
        BroadcastRuns(db),
        UnreachedLists(db),
        Notices(db),
    )
