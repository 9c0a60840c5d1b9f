"""What is asked of a country's database all day, each as the product asks it."""

import itertools
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import update

from bench.country.filling import NOW, has_chat, place_of
from bench.country.year import AWAITING, CALENDAR, ISSUED, QUEUE, STOPPED
from bot.maintenance import prepare_database
from core import agenda
from core.applications.rules import RESTORING, Event
from core.applications.service import Applications
from core.applications.tables import ApplicationRecord
from core.broadcasts import audience as audiences
from core.broadcasts import outbox as broadcasts
from core.broadcasts.rules import Audience, Kind
from core.calendar.rules import count
from core.calendar.service import CalendarBook
from core.clock import TravelClock, local
from core.codes.service import Codes
from core.db.engine import Database
from core.families.service import Families
from core.figures.service import Figures
from core.identity.rules import Iin
from core.login.visitors import Visitors
from core.notices.outbox import Notices
from core.places.districts import DISTRICTS
from core.places.service import Places
from core.places.values import PlaceFilter
from core.queue import service as queue
from core.queue.tables import NightlyRecord
from core.retention.service import Kept, Retention
from core.signing.service import Signing
from core.sms.service import SmsSender
from core.staff.rules import Member, Role
from core.sweep import Sweep
from core.vouchers.turns import rooms
from core.watch.figures import figures
from core.watch.impossible import impossible_states
from core.watch.values import MINUTE
from core.watch.watchdogs import watchdogs

DUE = 20
"""Terms that end at once, for a sweep."""
LEFT = 10
"""Children who leave the queue before its numbers of the night are written."""
LOOKS = {
    "start": "what a start asks of the database",
    "agenda_": "what falls due next, asked every two seconds",
    "tap": "a tap that confirms, up to its code",
    "waiting_tap": "a tap of somebody who waits, with the queue number",
    "places_page": "a page of places",
    "idle_sweep": "a sweep with nothing due",
    "due_sweep": "a sweep with 20 due",
    "search_number": "staff search by registration number",
    "search_iin": "staff search by IIN",
    "search_name": "staff search by name",
    "rooms_": "for how many vouchers a district has room",
    "minute_watchdogs": "the watchdogs of every minute",
    "metrics": "metrics",
    "impossible": "states that must not be",
    "retention": "deleting, with nothing to delete",
    "stats_district": "figures of a district",
    "stats_region": "figures of all",
    "broadcast_progress": "how far a broadcast to all who wait is",
    "audience": "counting an audience of all",
    "night_part": "the queue numbers of the night: of one transaction",
    "nightly": "the queue numbers of the night: of all",
}
"""The name of a look -> what it is. From the figures on they count what there is more of."""
ENDED = count(CALENDAR, RESTORING, local(NOW).date())
EVERYWHERE = Member(1, Role.ADMINISTRATOR, None)


class Country:
    """A filled database, and those who look into it."""

    def __init__(self, db: Database, size: int) -> None:
        self.db = db
        self.size = size
        self.clock = TravelClock(NOW, running=False)
        book = CalendarBook(db)
        codes = Codes(db, SmsSender(db, [], self.clock), b"k" * 32, lambda *_: "", self.clock)
        self.visitors, self.applications = Visitors(db), Applications(db, book)
        self.signing = Signing(db, codes, book, lambda act, facts, language: act)
        self.notices, self.places, self.sweeper = Notices(db), Places(db), Sweep(db, book)
        self.families, self.figures = Families(db, book), Figures(db)
        self._turn = itertools.count()
        self._whose: dict[tuple[int, int], Iterator[int]] = {}

    async def _some(self, low: int, high: int) -> tuple[int, str]:
        """Another application each time, and its applicant's IIN: of those who have a chat and
        whose number among the thousand is between."""
        if (low, high) not in self._whose:
            fit = (n + 1 for n in range(self.size) if low <= place_of(n) < high and has_chat(n))
            self._whose[low, high] = itertools.cycle(itertools.islice(fit, 1000))
        number = next(self._whose[low, high])
        async with self.db.read() as session:
            record = await session.get_one(ApplicationRecord, number)
        return number, record.applicant_iin

    async def start(self) -> None:
        """What a process asks before it serves."""
        await prepare_database(self.db, self.clock)
        await agenda.due(self.db, NOW)

    async def tap(self) -> None:
        """A parent confirms interest: up to the code that is asked for."""
        await self._tap(QUEUE, AWAITING, Event.CONFIRM_INTEREST)

    async def waiting_tap(self) -> None:
        """A parent opens an application that waits."""
        await self._tap(0, QUEUE, None)

    async def _tap(self, low: int, high: int, act: Event | None) -> None:
        number, _ = await self._some(low, high)
        visitor = await self.visitors.load(number, NOW, 1)
        assert visitor.person is not None
        if visitor.noticed:
            await self.notices.seen(number, visitor.person.iin.value, 1, NOW)
        await self.applications.card(number, visitor.person, NOW)
        if act is not None:
            await self.signing.press(number, visitor.person, number, act, "kk", NOW)

    async def places_page(self) -> None:
        page = await self.places.page(
            list(DISTRICTS)[next(self._turn) % 20], PlaceFilter(), 0, first_day=local(NOW).date()
        )
        assert page.rows

    async def idle_sweep(self) -> None:
        assert await self.sweeper.run(NOW) == 0

    async def due_sweep(self) -> None:
        """Terms on the stop list end: so many a time."""
        past = NOW - timedelta(seconds=1)
        async with self.db.write() as session:
            ids = [(await self._some(ISSUED, STOPPED))[0] for _ in range(DUE)]
            await session.execute(
                update(ApplicationRecord)
                .where(ApplicationRecord.id.in_(ids))
                .values(
                    status="stop_list",
                    archived_because=None,
                    deadline=ENDED.to_json(),
                    ends_at=past,
                    next_event_at=past,
                )
            )
        assert await self.sweeper.run(NOW) == DUE

    async def search_number(self) -> None:
        number, _ = await self._some(0, 1000)
        assert (await self.families.find(EVERYWHERE, f"ОДО.2026.{number}", NOW)).ids

    async def search_iin(self) -> None:
        _, iin = await self._some(0, 1000)
        assert (await self.families.find(EVERYWHERE, Iin(iin), NOW)).ids

    async def search_name(self) -> None:
        async with self.db.read() as session:
            name = (await session.get_one(ApplicationRecord, next(self._turn) + 1)).applicant_name
        assert (await self.families.find(EVERYWHERE, name, NOW)).ids

    async def stats_region(self) -> None:
        await self.figures.report(None, None, NOW)

    async def stats_district(self) -> None:
        await self.figures.report(None, "burabay", NOW)

    async def night_part(self) -> None:
        """Whoever else wants to write waits for so long at most."""
        await self._begin_night()
        await self._part_of_night()

    async def nightly(self) -> None:
        await self._begin_night()
        while await self._part_of_night():
            pass

    async def _begin_night(self) -> None:
        ids = [(await self._some(0, QUEUE))[0] for _ in range(LEFT)]
        async with self.db.write() as session:
            await session.execute(
                update(ApplicationRecord)
                .where(ApplicationRecord.id.in_(ids))
                .values(status="archived", archived_because="remove_from_queue")
            )
            await session.execute(
                update(NightlyRecord).values(due_at=NOW, district=None, category=None)
            )

    async def _part_of_night(self) -> int:
        async with self.db.write() as session:
            return await queue.sweep(session, NOW)

    async def minute_watchdogs(self) -> None:
        for duty in watchdogs(["smsc"], portal=True):
            if duty.every == MINUTE:
                await duty.run(self.db, NOW)

    async def impossible(self) -> None:
        await impossible_states(self.db, NOW)

    async def metrics(self) -> None:
        await figures(self.db, NOW)

    async def agenda_(self) -> None:
        await agenda.due(self.db, NOW)

    async def broadcast_progress(self) -> None:
        async with self.db.read() as session:
            await broadcasts.progress(session, 1, 1, written=True, now=NOW)

    async def audience(self) -> None:
        async with self.db.read() as session:
            await audiences.count(session, Audience(), Kind.STATUTORY)

    async def rooms_(self) -> None:
        async with self.db.read() as session:
            await rooms(session, ["burabay"])

    async def retention(self) -> None:
        await Retention(Kept(notices=366, sms=366, portal_events=366, portal_outbox=366)).purge(
            self.db, NOW
        )
