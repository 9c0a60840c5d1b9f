"""Fills an empty database with the demo: the same data every time."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from random import Random

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications import terms
from core.applications.tables import CategoryRecord
from core.calendar.rules import Calendar
from core.calendar.seed import years_to_seed
from core.calendar.service import CalendarBook
from core.citizens.port import Citizen
from core.citizens.table import TableCitizens
from core.clock import at_hour, local
from core.db.engine import Database
from core.identity.rules import Iin, Phone
from core.notices.tables import NoticeRecord
from core.places.tables import StayRecord
from core.queue import service as queue
from core.queue.tables import QueueNumberRecord
from core.staff.service import Staff
from seed.applications import Filed, number_of, with_others
from seed.categories import categories, privileges
from seed.kindergartens import Home, homes, leaves
from seed.names import Registry
from seed.past import Past
from seed.people import ELENA, PEOPLE, STAFF
from seed.theirs import theirs

SEED = 248

EARLIER_NUMBERS = ((date(2025, 12, 2), 6), (date(2026, 1, 13), 3), (date(2026, 3, 3), 1))
"""Nights on which the numbers of one family changed, and by how much they were higher then."""


async def plant(db: Database, now: datetime) -> bool:
    """Fill the database as of `now`, when nothing is due and nothing waits to be sent.

    False, and nothing changed, when it has applications' categories already.
    """
    async with db.read() as session:
        if await session.scalar(select(CategoryRecord.code).limit(1)) is not None:
            return False
    calendar = await CalendarBook(db).seed(years_to_seed(local(now).date()))
    await TableCitizens(db).add(
        Citizen(Iin(person.iin), Phone(person.phone), person.full_name, person.birth_date)
        for person in PEOPLE
    )
    for person, role, district in STAFF:
        await Staff(db).grant(Iin(person.iin), role, district, by=None, moment=now)
    async with db.write() as session:
        await _fill(session, calendar, now)
    return True


async def _fill(session: AsyncSession, calendar: Calendar, now: datetime) -> None:
    random, registry = Random(SEED), Registry()
    session.add_all([*categories(), *privileges()])
    kindergartens = await _open(session)
    everybody = with_others(
        theirs(registry, random), registry, _with_stays(kindergartens), calendar, random
    )
    session.add_all(filed.record for filed in everybody)
    await session.flush()
    await Past(session, calendar, kindergartens, random).happen(everybody)
    await _open_leaves(session, kindergartens)
    while await terms.sweep(session, calendar, now):  # last days whose morning has passed
        await session.flush()
    # what was due until now was told long ago
    past = or_(NoticeRecord.due_at.is_(None), NoticeRecord.due_at <= now)
    await session.execute(delete(NoticeRecord).where(past))
    await _number(session, everybody, now)
    await queue.plan(session, now)


async def _open(session: AsyncSession) -> list[Home]:
    """The kindergartens with their places, with ids."""
    opened = homes()
    session.add_all(home.record for home in opened)
    await session.flush()
    for home in opened:
        for place in home.places:
            place.kindergarten_id = home.record.id
        session.add_all(home.places)
    await session.flush()
    return opened


def _with_stays(kindergartens: Iterable[Home]) -> set[str]:
    """Districts in which invented children may have a temporary place; not the manual's, whose
    leaves are known: nine, all free (R12)."""
    return {
        home.record.district for home in kindergartens if any(place.until for place in home.places)
    } - {"kokshetau"}


async def _open_leaves(session: AsyncSession, kindergartens: Iterable[Home]) -> None:
    taken = Counter(await session.scalars(select(StayRecord.place_id)))
    for home in kindergartens:
        session.add_all(leaves(home, taken))


async def _number(session: AsyncSession, everybody: Sequence[Filed], now: datetime) -> None:
    """The queue numbers as of `now`, and how those of one family came down."""
    for filed in everybody:
        if filed.signer is ELENA:
            current = number_of(filed, everybody)
            session.add_all(
                QueueNumberRecord(
                    application_id=filed.record.id,
                    at=at_hour(night, queue.NIGHT_HOUR),
                    number=current + higher,
                )
                for night, higher in EARLIER_NUMBERS
            )
    await session.flush()
    await queue.record_numbers(session, now)
