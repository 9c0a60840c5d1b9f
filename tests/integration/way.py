"""A parent and an application on their way, for the tests of core."""

from datetime import datetime

from sqlalchemy import func, select

from core import agenda
from core.applications.rules import Event
from core.applications.service import Applications
from core.applications.values import NumberedCard
from core.clock import ALMATY
from core.login.values import Person
from core.notices.plan import Channel
from core.notices.tables import NoticeRecord
from core.places.tables import PlaceRecord
from tests.factories import Desk


class Way:
    """One parent, one application, and the desk that they stand at."""

    def __init__(self, desk: Desk, person: Person, application_id: int) -> None:
        self.desk = desk
        self.person = person
        self.id = application_id
        self.applications = Applications(desk.db, desk.book)

    @property
    def now(self) -> datetime:
        return self.desk.clock.now()

    async def card(self) -> NumberedCard:
        card = await self.applications.card(self.id, self.person, self.now)
        return await self.applications.numbered(card)

    async def voucher(self) -> None:
        number = (await self.card()).registration_number
        await self.applications.issue_voucher(number, actor="portal", moment=self.now)

    async def do(self, act: Event, **more: int) -> None:
        await self.desk.act(self.id, self.person, act, **more)

    async def travel(self, month: int, day: int, hour: int, minute: int) -> None:
        """Move to that moment of 2026, stopping at what falls due."""
        target = datetime(2026, month, day, hour, minute, tzinfo=ALMATY)
        while (due := (await agenda.due(self.desk.db, self.now)).sweep) and due <= target:
            self.desk.clock.move(max(due, self.now))
            await self.desk.sweep.run(self.now)
        self.desk.clock.move(target)

    async def free(self, place_id: int) -> int:
        async with self.desk.db.read() as session:
            place = await session.get(PlaceRecord, place_id)
            assert place is not None
            return place.free

    async def told(self) -> list[str]:
        until = func.coalesce(NoticeRecord.ended_at, self.now)
        async with self.desk.db.read() as session:
            kinds = await session.scalars(
                select(NoticeRecord.kind)
                .where(NoticeRecord.channel == Channel.TELEGRAM, NoticeRecord.planned_at <= until)
                .order_by(NoticeRecord.planned_at, NoticeRecord.id)
            )
            return list(kinds)
