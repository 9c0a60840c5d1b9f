"""Families whose figures are counted."""

from sqlalchemy import update

from core.applications.service import Applications
from core.applications.tables import ApplicationRecord
from core.login.values import Person
from tests import factories
from tests.factories import Desk


async def family(desk: Desk, number: int, district: str = "kokshetau") -> tuple[int, Person]:
    """An application in the queue, and its parent with a chat."""
    now = desk.clock.now()
    person = await factories.parent(desk.db, now, number)
    application = await factories.application(desk.db, now, number)
    async with desk.db.write() as session:
        await session.execute(
            update(ApplicationRecord)
            .where(ApplicationRecord.id == application)
            .values(district=district)
        )
    return application, person


async def issue(desk: Desk, number: int) -> None:
    await Applications(desk.db, desk.book).issue_voucher(
        f"ОДО.2026.{number}", actor="portal", moment=desk.clock.now()
    )
