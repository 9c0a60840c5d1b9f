"""Roles of staff, and the audit log that nothing is taken out of."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.audit.log import Audit
from core.clock import TravelClock
from core.db.engine import Database
from core.identity.rules import Iin
from core.staff.rules import Member, NotAllowed, Right, Role
from core.staff.service import LastAdministrator, NoSuchMember, Staff
from tests import factories

DAY = timedelta(days=1)


def iin(number: int) -> Iin:
    return Iin(factories.iin(number))


async def administrator(staff: Staff, clock: TravelClock, number: int = 1) -> Member:
    return await staff.grant(iin(number), Role.ADMINISTRATOR, None, by=None, moment=clock.now())


async def test_a_person_holds_one_role_at_a_time(database: Database, clock: TravelClock) -> None:
    staff = Staff(database)
    boss = await administrator(staff, clock)
    first = await staff.grant(iin(2), Role.OPERATOR, "akkol", by=boss, moment=clock.now())
    again = await staff.grant(iin(2), Role.OPERATOR, "akkol", by=boss, moment=clock.now())
    assert again == first
    second = await staff.grant(iin(2), Role.HEAD, None, by=boss, moment=clock.now())
    assert [c.member for c in await staff.colleagues()] == [boss, second]
    assert await staff.with_iin(iin(2)) == second


@pytest.mark.parametrize(("role", "district"), [(Role.OPERATOR, None), (Role.HEAD, "akkol")])
async def test_an_operator_serves_a_district_the_others_all(
    database: Database, clock: TravelClock, role: Role, district: str | None
) -> None:
    with pytest.raises(ValueError, match="district"):
        await Staff(database).grant(iin(1), role, district, by=None, moment=clock.now())


async def test_only_administrators_grant_and_revoke(database: Database, clock: TravelClock) -> None:
    staff = Staff(database)
    boss = await administrator(staff, clock)
    for role, district in ((Role.OPERATOR, "akkol"), (Role.HEAD, None)):
        member = await staff.grant(iin(2), role, district, by=boss, moment=clock.now())
        with pytest.raises(NotAllowed):
            await staff.grant(iin(3), Role.HEAD, None, by=member, moment=clock.now())
        with pytest.raises(NotAllowed):
            await staff.revoke(boss.id, by=member, moment=clock.now())
    assert len(await staff.colleagues()) == 2


async def test_the_last_administrator_stays(database: Database, clock: TravelClock) -> None:
    """But for the command line, which can grant the role again."""
    staff = Staff(database)
    boss = await administrator(staff, clock)
    with pytest.raises(LastAdministrator):
        await staff.revoke(boss.id, by=boss, moment=clock.now())
    with pytest.raises(LastAdministrator):
        await staff.grant(iin(1), Role.HEAD, None, by=boss, moment=clock.now())
    other = await administrator(staff, clock, 2)
    ended = await asyncio.gather(
        staff.revoke(boss.id, by=other, moment=clock.now()),
        staff.revoke(other.id, by=boss, moment=clock.now()),
        return_exceptions=True,
    )
    assert sum(isinstance(one, LastAdministrator) for one in ended) == 1
    [left] = await staff.colleagues()
    await staff.revoke(left.member.id, by=None, moment=clock.now())
    with pytest.raises(NoSuchMember):
        await staff.revoke(left.member.id, by=None, moment=clock.now())


async def test_the_audit_log_tells_who_did_what_and_names_nobody(
    database: Database, clock: TravelClock
) -> None:
    staff, audit = Staff(database), Audit(database)
    boss = await administrator(staff, clock)
    member = await staff.grant(iin(2), Role.OPERATOR, "akkol", by=boss, moment=clock.now())
    await staff.revoke(member.id, by=boss, moment=clock.now())
    now = clock.now()
    entries = [e async for batch in audit.entries(boss, now - DAY, now + DAY) for e in batch]
    assert [(e.staff_id, e.act, e.subjects) for e in entries] == [
        (None, "role_granted", {"staff": [boss.id]}),
        (boss.id, "role_granted", {"staff": [member.id]}),
        (boss.id, "role_revoked", {"staff": [member.id]}),
    ]
    assert iin(2).value not in str(entries)
    with pytest.raises(NotAllowed):
        _ = [batch async for batch in audit.entries(member, now - DAY, now + DAY)]


@pytest.mark.parametrize("statement", ["UPDATE audit_log SET act = 'x'", "DELETE FROM audit_log"])
async def test_the_database_itself_keeps_the_audit_log(
    database: Database, clock: TravelClock, statement: str
) -> None:
    await administrator(Staff(database), clock)
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.write() as session:
            await session.execute(text(statement))


def test_each_role_may_do_what_the_one_below_it_may() -> None:
    operator, head, boss = (Member(1, role, None) for role in Role)
    for right in Right:
        assert operator.may(right) <= head.may(right) <= boss.may(right)
    assert all(boss.may(right) for right in Right)


def test_an_operator_covers_the_own_district_only() -> None:
    operator = Member(1, Role.OPERATOR, "akkol")
    assert operator.covers("akkol")
    assert not operator.covers("esil")
    assert Member(2, Role.HEAD, None).covers("esil")
