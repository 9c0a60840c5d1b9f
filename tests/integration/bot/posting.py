"""The post at work in a test: what is due is sent, and everything in hand comes to its end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import select

from bot.chores import chores
from bot.long_work import LongWork, nobody_else
from bot.nursery import Nursery
from bot.outgoing.broadcasts import Broadcasting
from bot.outgoing.codes import OtherGateway
from bot.outgoing.post import Post
from bot.worker import Worker
from core.notices.tables import NoticeRecord
from core.sms.service import SmsSender
from tests.integration.bot.conftest import Parent


@dataclass(frozen=True)
class Working:
    """A worker with its post over a parent's desk."""

    parent: Parent
    post: Post
    worker: Worker
    nursery: Nursery

    async def send(self) -> None:
        """Do all that is due."""
        await self.worker.settle()

    async def states(self, channel: str = "telegram") -> list[str]:
        """Of that channel's notices that were planned to be out by now, oldest first."""
        now = self.parent.desk.clock.now()
        ours = NoticeRecord.channel == channel, NoticeRecord.planned_at <= now
        async with self.parent.desk.db.read() as session:
            return list(
                await session.scalars(
                    select(NoticeRecord.state).where(*ours).order_by(NoticeRecord.id)
                )
            )


@asynccontextmanager
async def working(parent: Parent, per_second: int = 1000) -> AsyncIterator[Working]:
    """The worker of a house, without its ticker."""
    sender = SmsSender(parent.desk.db, [parent.desk.pocket], parent.desk.clock)
    async with Nursery() as nursery:
        post = Post(
            parent.core,
            parent.telegram.gate,
            sender,
            nursery,
            bot_name="",
            per_second=per_second,
        )
        other = OtherGateway(parent.core, parent.telegram.gate)
        gate = parent.telegram.gate
        long, broadcasting = (
            LongWork(parent.core, gate, nobody_else),
            Broadcasting(parent.core, gate),
        )
        doing = chores(parent.core, post, other, long, broadcasting, nursery, nobody_else)
        worker = Worker(doing, nursery, parent.core)
        yield Working(parent, post, worker, nursery)
