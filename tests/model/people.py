"""A small world in the house's database: three parents with four children, five places."""

from datetime import date, datetime, timedelta

from core.applications.tables import ApplicationRecord, CategoryRecord
from core.clock import ALMATY, start_of
from core.db.engine import Database
from core.identity.rules import Iin
from core.login.tables import ChatRecord, ConsentRecord, PersonRecord
from core.places.search import fold
from core.places.tables import KindergartenRecord, LeaveRecord, PlaceRecord
from core.queue.tables import NightlyRecord
from core.staff.rules import Role
from core.staff.service import Staff
from seed.people import AINUR, ELENA, START, TIMUR, VIKTOR
from tests.factories import iin
from tests.model.rules import Child, Parent, Place, at
from tests.model.world import World

PARENTS = (AINUR, ELENA, TIMUR)
"""Each reads another language."""
NAMES = ("Алуа", "Бекзат", "Дана", "Марк")
HOME, ELSEWHERE = "kokshetau", "zerendi"
LEAVE_BEGINS = date(2026, 4, 20)
FOR_EVER = datetime(2027, 1, 1, tzinfo=ALMATY)
"""How long the parents' sessions last: entering is tested elsewhere."""


def new_world() -> World:
    """The world as `plant` puts it into the database."""
    parents = [Parent(person.id) for person in PARENTS]
    children = [Child(number, parents[number % 3]) for number in range(1, 5)]
    return World(
        START,
        children,
        [
            Place(1, "general", 1),
            Place(2, "general", 2),
            Place(3, "temporary", 1, until=date(2026, 4, 30), opens=at(LEAVE_BEGINS)),
            Place(4, "temporary", 1, until=date(2026, 5, 29)),
            Place(5, "general", 5, ours=False),
        ],
    )


async def plant(db: Database) -> None:
    """Fill an empty database."""
    world = new_world()
    await Staff(db).grant(Iin(VIKTOR.iin), Role.HEAD, None, by=None, moment=START)
    async with db.write() as session:
        # no rule hangs on the nightly noting of queue numbers, and each night takes its time
        session.add(NightlyRecord(id=1, due_at=FOR_EVER))
        session.add(CategoryRecord(code="age3", position=1, name_kk="3", name_ru="3", name_en="3"))
        for person in PARENTS:
            session.add(
                PersonRecord(
                    id=person.id,
                    iin=person.iin,
                    full_name=person.full_name,
                    birth_date=person.birth_date,
                    phone=person.phone,
                    created_at=START,
                )
            )
        for place in world.places:
            session.add(_kindergarten(place))
        await session.flush()
        for person in PARENTS:
            session.add(
                ChatRecord(
                    id=person.id,
                    language=person.language_code,
                    district=HOME,
                    person_id=person.id,
                    linked_at=START,
                    session_until=FOR_EVER,
                    created_at=START,
                )
            )
        session.add_all(_place(place) for place in world.places)
        session.add_all(_application(child) for child in world.children)
        await session.flush()
        for person in PARENTS:
            session.add(
                ConsentRecord(
                    chat_id=person.id, person_id=person.id, version="2026-04", given_at=START
                )
            )
        session.add_all(
            LeaveRecord(
                place_id=place.id,
                first_day=LEAVE_BEGINS,
                last_day=place.until,
                opens_at=start_of(LEAVE_BEGINS),
            )
            for place in world.places
            if place.opens
        )


def number_of(child: Child) -> str:
    """The registration number."""
    return f"ОДО.2026.90{child.id}"


def registered_at(child: Child) -> datetime:
    """The earlier the number, the earlier in the queue."""
    return START - timedelta(days=40 - child.id)


def _application(child: Child) -> ApplicationRecord:
    person = next(person for person in PARENTS if person.id == child.parent.id)
    name = NAMES[child.id - 1]
    return ApplicationRecord(
        id=child.id,
        registration_number=number_of(child),
        registered_at=registered_at(child),
        district=HOME,
        category="age3",
        applicant_iin=person.iin,
        applicant_name=person.full_name,
        applicant_birth_date=person.birth_date,
        applicant_phone=person.phone,
        applicant_email=None,
        applicant_address="Көкшетау",
        child_iin=iin(child.id, date(2022, 9, 17), "6"),
        child_name=name,
        child_given_name=name,
        child_birth_date=date(2022, 9, 17),
        privilege=None,
        status=child.status,
    )


def _kindergarten(place: Place) -> KindergartenRecord:
    name = f"Балапан {place.id}"
    return KindergartenRecord(
        id=place.id,
        district=HOME if place.ours else ELSEWHERE,
        name=name,
        folded_name=fold(name),
        kind="nursery_kindergarten",
        ownership="state",
        phone="87758759999",
        address="Абай к-сі, 1",
        latitude=53.28,
        longitude=69.39,
    )


def _place(place: Place) -> PlaceRecord:
    return PlaceRecord(
        id=place.id,
        kindergarten_id=place.id,
        language="kk",
        mode=place.mode,
        free=place.total,
        until=place.until,
    )
