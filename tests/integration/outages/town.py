"""A town through an outage: families, the worker's post, a web process that may be there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.applications.rules import Status
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.audit.tables import AuditRecord
from core.calendar.rules import Deadline
from core.outages.service import Outages
from core.outages.tables import OutageRecord
from tests.integration.notices.post import Post, moment


@dataclass
class Town:
    """Families, the worker's post, and a web process that may be there or not."""

    post: Post
    outages: Outages

    def go(self, to: str) -> None:
        """To that moment of 2026, and nobody works meanwhile."""
        self.post.desk.clock.move(moment(to))

    async def beat(self, *moments: str, process: str = "web") -> None:
        """A process that can take a tap says so at these moments, the last one being now."""
        for one in moments:
            self.go(one)
            await self.outages.beat(process, self.post.now)

    async def family(self, number: int) -> int:
        """A family whose voucher is to be confirmed until the end of 9 April, if it is 7 April."""
        made = await self.post.family(number)
        await self.post.voucher(number)
        return made

    async def start(self) -> None:
        """A process starts, and does all that is due."""
        await self.outages.begin(self.post.now)
        await self.post.work()

    async def stands(self, application_id: int) -> tuple[Status, str]:
        """Its status, and the last day of its term."""
        async with self.post.desk.db.read() as session:
            record = await session.get_one(ApplicationRecord, application_id)
        kept = Deadline.from_json(record.deadline) if record.deadline else None
        assert kept is None or kept.ends_at == record.ends_at
        return Status(record.status), f"{kept.last_day:%d.%m}" if kept else ""

    async def noted(self) -> list[OutageRecord]:
        async with self.post.desk.db.read() as session:
            return list(await session.scalars(select(OutageRecord).order_by(OutageRecord.id)))

    async def audited(self, act: str) -> list[AuditRecord]:
        async with self.post.desk.db.read() as session:
            query = select(AuditRecord).where(AuditRecord.act == act).order_by(AuditRecord.id)
            return list(await session.scalars(query))

    async def history(self, application_id: int) -> list[tuple[str, str]]:
        query = select(HistoryRecord).where(HistoryRecord.application_id == application_id)
        async with self.post.desk.db.read() as session:
            lines = await session.scalars(query.order_by(HistoryRecord.id))
            return [(line.event, line.actor) for line in lines]
