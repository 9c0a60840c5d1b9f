"""A district's queue for the tests: stages, children in them, places, and members of staff."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from core.applications.tables import ApplicationRecord, CategoryRecord
from core.clock import TravelClock
from core.db.engine import Database
from core.identity.rules import Iin
from core.notices.tables import NoticeRecord
from core.staff.rules import Member, Role
from core.staff.service import Staff
from tests import factories

STAGES = (("first", 1, None), ("aged_3", 2, 3), ("aged_2", 3, 2), ("aged_1", 4, 0))
"""Code, position, age: `first` is for children with a privilege."""


async def stages(db: Database) -> None:
    async with db.write() as session:
        session.add_all(
            CategoryRecord(
                code=code,
                position=position,
                min_age=age,
                name_kk=f"{code} kk",
                name_ru=f"{code} ru",
                name_en=code,
            )
            for code, position, age in STAGES
        )


def waiting(
    number: int,
    registered_at: datetime,
    *,
    district: str = "kokshetau",
    stage: str = "aged_3",
    born: date = date(2022, 9, 17),
    status: str = "in_queue",
    phone: str = "+77010000000",
) -> ApplicationRecord:
    """An application in a queue, not yet in a database. Its applicant is of the same number."""
    return ApplicationRecord(
        registration_number=f"ОДО.2026.{number}",
        registered_at=registered_at,
        district=district,
        category=stage,
        applicant_iin=factories.iin(number),
        applicant_name=f"Parent {number}",
        applicant_birth_date=date(1990, 5, 17),
        applicant_phone=phone,
        applicant_email=None,
        applicant_address="Көкшетау",
        child_iin=factories.iin(number, born, "6"),
        child_name=f"Child {number}",
        child_given_name=f"Child{number}",
        child_birth_date=born,
        privilege=None,
        status=status,
    )


async def queue(
    db: Database, clock: TravelClock, count: int, *, first: int = 1, district: str = "kokshetau"
) -> list[int]:
    """So many children of three, a minute apart; their ids in the order of the queue."""
    records = [
        waiting(
            number, clock.now() - timedelta(days=9) + timedelta(minutes=number), district=district
        )
        for number in range(first, first + count)
    ]
    async with db.write() as session:
        session.add_all(records)
        await session.flush()
        return [record.id for record in records]


async def member(
    db: Database, clock: TravelClock, number: int, role: Role, district: str | None = None
) -> Member:
    """Somebody of staff."""
    iin = Iin(factories.iin(number))
    return await Staff(db).grant(iin, role, district, by=None, moment=clock.now())


async def operator(
    db: Database, clock: TravelClock, number: int = 9001, district: str = "kokshetau"
) -> Member:
    return await member(db, clock, number, Role.OPERATOR, district)


async def statuses(db: Database) -> dict[int, str]:
    """Application id -> its status."""
    async with db.read() as session:
        rows = await session.execute(select(ApplicationRecord.id, ApplicationRecord.status))
        return {row[0]: row[1] for row in rows}


async def with_voucher(db: Database) -> list[int]:
    """The applications that await confirmation."""
    found = await statuses(db)
    return sorted(id_ for id_, status in found.items() if status == "awaiting_confirmation")


async def told(db: Database, kind: str) -> list[int | None]:
    """The applications about which a notice of that kind is owed to a chat."""
    theirs = NoticeRecord.kind == kind, NoticeRecord.channel == "telegram"
    async with db.read() as session:
        found = await session.scalars(select(NoticeRecord.application_id).where(*theirs))
        return sorted(found, key=lambda id_: id_ or 0)
