"""Families with a chat and a voucher, for measurements."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import update

from bench.bot import MORNING
from bench.processes import House
from bot.maintenance import prepare_database
from core.applications.service import Applications
from core.applications.tables import ApplicationRecord, CategoryRecord
from core.calendar.service import CalendarBook
from core.db.engine import Database
from core.login.tables import ChatRecord, PersonRecord
from core.notices.tables import NoticeRecord

BORN = date(1992, 5, 14)
LATER = timedelta(hours=2)
"""When the vouchers' notices go out that nobody has released."""


async def settle_in(house: House, db: Database, count: int) -> list[int]:
    """So many families with a chat and a voucher whose notice has not gone out; their chats."""
    await prepare_database(db, house.clock)
    seated = await house.post("/sim/users", users=[{"started": True} for _ in range(count)])
    await give_vouchers(db, seated["users"], MORNING)
    async with db.write() as session:
        await session.execute(
            update(NoticeRecord)
            .where(NoticeRecord.due_at <= MORNING)
            .values(due_at=MORNING + LATER)
        )
    return [user["id"] for user in seated["users"]]


async def give_vouchers(db: Database, users: Sequence[dict[str, Any]], moment: datetime) -> None:
    """These people of the desk get a chat with a session, an application and a voucher."""
    async with db.write() as session:
        await session.merge(
            CategoryRecord(code="age3", position=1, name_kk="3", name_ru="3", name_en="3")
        )
        session.add_all(_person(user, moment) for user in users)
        await session.flush()
        session.add_all(_chat(user, moment) for user in users)
        session.add_all(_application(user, moment) for user in users)
    applications = Applications(db, CalendarBook(db))
    for user in users:
        await applications.issue_voucher(_number(user), actor="portal", moment=moment)


async def release(house: House, db: Database, chats: Sequence[int]) -> None:
    """Have the notices of these families' vouchers go out now."""
    async with db.write() as session:
        await session.execute(
            update(NoticeRecord)
            .where(
                NoticeRecord.kind == "voucher_issued",
                NoticeRecord.channel == "telegram",
                NoticeRecord.application_id.in_(chats),
            )
            .values(due_at=house.clock.now())
        )


def _number(user: dict[str, Any]) -> str:
    return f"ОДО.2026.{user['id']}"


def _person(user: dict[str, Any], moment: datetime) -> PersonRecord:
    return PersonRecord(
        id=user["id"],
        iin=user["iin"],
        full_name="Parent",
        birth_date=BORN,
        phone=user["phone"],
        created_at=moment,
    )


def _chat(user: dict[str, Any], moment: datetime) -> ChatRecord:
    return ChatRecord(
        id=user["id"],
        language="kk",
        district="kokshetau",
        person_id=user["id"],
        linked_at=moment,
        session_until=moment + timedelta(days=30),
        created_at=moment,
    )


def _application(user: dict[str, Any], moment: datetime) -> ApplicationRecord:
    return ApplicationRecord(
        id=user["id"],
        registration_number=_number(user),
        registered_at=moment,
        district="kokshetau",
        category="age3",
        applicant_iin=user["iin"],
        applicant_name="Parent",
        applicant_birth_date=BORN,
        applicant_phone=user["phone"],
        applicant_email=None,
        applicant_address="Көкшетау",
        child_iin=user["iin"],
        child_name="Child",
        child_given_name="Child",
        child_birth_date=BORN,
        privilege=None,
        status="in_queue",
    )
