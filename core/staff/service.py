"""Granting and revoking the roles of staff."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.audit import log
from core.db.engine import Database
from core.identity.rules import Iin
from core.login.tables import ChatRecord, PersonRecord
from core.staff.rules import Member, Right, Role, require
from core.staff.tables import StaffRecord


class LastAdministrator(Exception):
    """Without this one nobody could grant a role any more."""


class NoSuchMember(Exception):
    """Nobody holds that role now."""


@dataclass(frozen=True)
class Colleague:
    """One of staff, for those who grant roles. `name` None: has never entered; `chat_id` None:
    has no chat now."""

    member: Member
    iin: Iin = field(repr=False)
    name: str | None = field(repr=False)
    chat_id: int | None
    granted_at: datetime


class Staff:
    """Who is staff. `by` None is the operator of the service, at the command line."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def grant(
        self, iin: Iin, role: Role, district: str | None, *, by: Member | None, moment: datetime
    ) -> Member:
        """Give a role; another one that the person has ends. ValueError when an operator has no
        district, or another role has one. Raises NotAllowed, LastAdministrator."""
        if (district is None) is (role is Role.OPERATOR):
            raise ValueError("an operator serves one district, the others all")
        if by is not None:
            require(by, Right.ROLES)
        async with self._db.write() as session:
            held = await session.scalar(_held_by(iin).with_for_update())
            if held is not None:
                if (held.role, held.district) == (role, district):
                    return member_of(held)
                await _revoke(session, held, by, moment)
            record = StaffRecord(
                iin=iin.value,
                role=role.value,
                district=district,
                granted_at=moment,
                granted_by=by.id if by else None,
            )
            session.add(record)
            await session.flush()
            log.note(
                session,
                by,
                "role_granted",
                moment,
                subjects={"staff": [record.id]},
                details={"role": role.value, "district": district},
            )
            return member_of(record)

    async def revoke(self, staff_id: int, *, by: Member | None, moment: datetime) -> None:
        """End a role, from the next tap on. Raises NotAllowed, NoSuchMember,
        LastAdministrator."""
        if by is not None:
            require(by, Right.ROLES)
        async with self._db.write() as session:
            record = await session.get(StaffRecord, staff_id, with_for_update=True)
            if record is None or record.revoked_at is not None:
                raise NoSuchMember
            await _revoke(session, record, by, moment)

    async def colleagues(self) -> list[Colleague]:
        """All who hold a role now, the oldest first."""
        async with self._db.read() as session:
            rows = await session.execute(
                select(StaffRecord, PersonRecord.full_name, ChatRecord.id)
                .outerjoin(PersonRecord, PersonRecord.iin == StaffRecord.iin)
                .outerjoin(ChatRecord, ChatRecord.person_id == PersonRecord.id)
                .where(StaffRecord.revoked_at.is_(None))
                .order_by(StaffRecord.id)
            )
            return [
                Colleague(member_of(record), Iin(record.iin), name, chat_id, record.granted_at)
                for record, name, chat_id in rows
            ]

    async def with_iin(self, iin: Iin) -> Member | None:
        """The role of the person with that IIN."""
        async with self._db.read() as session:
            record = await session.scalar(_held_by(iin))
            return None if record is None else member_of(record)


def member_of(record: StaffRecord) -> Member:
    """The record as a value."""
    return Member(record.id, Role(record.role), record.district)


def _held_by(iin: Iin) -> Select[StaffRecord]:
    return select(StaffRecord).where(StaffRecord.iin == iin.value, StaffRecord.revoked_at.is_(None))


async def _revoke(
    session: AsyncSession, record: StaffRecord, by: Member | None, moment: datetime
) -> None:
    if record.role == Role.ADMINISTRATOR:
        # all of them are locked: two who end each other's role at once must not both succeed
        administrators = await session.scalars(
            select(StaffRecord.id)
            .where(StaffRecord.role == Role.ADMINISTRATOR.value, StaffRecord.revoked_at.is_(None))
            .order_by(StaffRecord.id)
            .with_for_update()
        )
        if by is not None and set(administrators) <= {record.id}:
            raise LastAdministrator
    record.revoked_at, record.revoked_by = moment, by.id if by else None
    await session.flush()
    log.note(session, by, "role_revoked", moment, subjects={"staff": [record.id]})
