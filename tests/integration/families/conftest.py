"""Families before the staff desk, on a fresh database of each kind, on the manual's morning."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from core.applications.tables import ApplicationRecord
from core.audit.log import Audit
from core.audit.tables import AuditRecord
from core.clock import TravelClock
from core.db.engine import Database
from core.families.service import Families
from core.identity.rules import Iin
from core.staff.rules import Member, Role
from core.staff.service import Staff
from tests import factories
from tests.integration.notices.post import Post, open_post


@dataclass
class Office:
    """A post with families, and the desk beside it: an operator of Kokshetau, and one of Akkol."""

    post: Post
    families: Families
    audit: Audit
    here: Member
    there: Member
    head: Member

    @property
    def db(self) -> Database:
        return self.post.desk.db

    async def family(self, number: int, *, chat: bool = False, **columns: Any) -> int:
        """An application, of Kokshetau unless said otherwise; its id."""
        made = await self.post.family(number, chat=chat)
        await self.change(made, **columns)
        return made

    async def change(self, application_id: int, **columns: Any) -> None:
        async with self.db.write() as session:
            record = await session.get_one(ApplicationRecord, application_id)
            for name, value in columns.items():
                setattr(record, name, value)

    async def record(self, application_id: int) -> ApplicationRecord:
        async with self.db.read() as session:
            return await session.get_one(ApplicationRecord, application_id)

    async def found(self, member: Member, wanted: Iin | str) -> list[int]:
        return list((await self.families.find(member, wanted, self.post.now)).ids)

    async def noted(self) -> list[AuditRecord]:
        """The audit log but for the roles."""
        query = select(AuditRecord).where(AuditRecord.act != "role_granted")
        async with self.db.read() as session:
            return list(await session.scalars(query.order_by(AuditRecord.id)))


async def open_office(database: Database, clock: TravelClock) -> Office:
    desk = await factories.desk(database, clock)
    staff = Staff(database)

    async def member(number: int, role: Role, district: str | None) -> Member:
        iin = Iin(factories.iin(number))
        return await staff.grant(iin, role, district, by=None, moment=clock.now())

    return Office(
        await open_post(desk),
        Families(database, desk.book),
        Audit(database),
        await member(901, Role.OPERATOR, "kokshetau"),
        await member(902, Role.OPERATOR, "akkol"),
        await member(903, Role.HEAD, None),
    )


@pytest.fixture
async def office(database: Database, clock: TravelClock) -> Office:
    return await open_office(database, clock)
