"""The families of a round, their chats and phones at the desk, and what they begin with."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from core.applications.tables import ApplicationRecord, CategoryRecord
from core.citizens.tables import CitizenRecord
from core.db.engine import Database
from core.login.tables import ChatRecord, ConsentRecord, PersonRecord
from core.places.search import fold
from core.places.tables import KindergartenRecord, PlaceRecord
from sandbox.desk import Desk
from sandbox.people import Person
from tests.factories import iin
from tests.model.rules import HERE, Place

BORN = date(1990, 5, 17)
CHILD_BORN = date(2022, 9, 17)
FAR = datetime(2027, 1, 1, tzinfo=HERE)
DISTRICTS = ("kokshetau", "zerendi")
ENTERING = 0.4
"""The share of families that have to enter before anything else."""
LANGUAGES = ("kk", "ru", "en")
NAMES = ("Алуа", "Бекзат", "Дана", "Марк", "Ерлан", "Жанар", "Ильяс", "София")


@dataclass
class Family:
    """A parent with a child in the queue of a district; `id` is the parent's chat and person and
    the application's number. `looks`: how likely they do something at a stop; `mood`: what they
    are after."""

    id: int
    iin: str
    phone: str
    language: str
    district: str
    child: str
    mood: str
    looks: float
    enters: bool  # the others are in from the start

    @property
    def number(self) -> str:
        """The registration number of their application."""
        return f"ОДО.2026.{self.id}"


MOODS = {"willing": 6, "late": 4, "absent": 3, "refusing": 1, "leaving": 1, "restless": 3}
"""willing: acts soon; late: in the last minutes; absent: lets terms pass, and may restore;
restless: changes their mind, taps old buttons, forges others'."""


def families(random: Random, count: int) -> list[Family]:
    """So many families, drawn."""
    return [
        Family(
            id=number,
            iin=iin(number),
            phone=f"+7775{number:07d}",
            language=random.choice(LANGUAGES),
            district=DISTRICTS[random.random() < 0.25],
            child=random.choice(NAMES),
            mood=random.choices(list(MOODS), list(MOODS.values()))[0],
            looks=random.choice((0.3, 0.5, 0.8)),
            enters=random.random() < ENTERING,
        )
        for number in range(1, count + 1)
    ]


def places(random: Random, count: int, today: date) -> list[Place]:
    """Fewer places than families, so that they compete; the last ones of another district."""
    until = today + timedelta(days=random.choice((12, 20)))
    return [
        Place(1, "general", max(1, count // 4)),
        Place(2, "general", 1),
        Place(3, "temporary", 2, until=until),
        Place(4, "general", max(1, count // 6), ours=False),
    ]


def seat(desk: Desk, town: list[Family]) -> None:
    """Give them chats and phones at the desk."""
    for family in town:
        person = Person(
            id=family.id,
            first_name="Parent",
            last_name=str(family.id),
            full_name="Parent",
            language_code=family.language,
            phone=family.phone,
            iin=family.iin,
            birth_date=BORN,
        )
        desk.seat(person, registered=True, started=True)


async def enrol(db: Database, town: list[Family], rows: list[Place], now: datetime) -> None:
    """Put them into the records: in the queue, known to the citizens' base, and most are in."""
    async with db.write() as session:
        session.add(CategoryRecord(code="age3", position=1, name_kk="3", name_ru="3", name_en="3"))
        session.add_all(_person(family, now) for family in town)
        session.add_all(_citizen(family) for family in town)
        session.add_all(_kindergarten(place) for place in rows)
        await session.flush()
        session.add_all(_chat(family, now) for family in town)
        session.add_all(_place(place) for place in rows)
        session.add_all(_application(family, now) for family in town)
        await session.flush()
        session.add_all(
            ConsentRecord(chat_id=f.id, person_id=f.id, version="2026-04", given_at=now)
            for f in town
            if not f.enters
        )


def _person(family: Family, now: datetime) -> PersonRecord:
    return PersonRecord(
        id=family.id,
        iin=family.iin,
        full_name="Parent",
        birth_date=BORN,
        phone=family.phone,
        created_at=now,
    )


def _citizen(family: Family) -> CitizenRecord:
    return CitizenRecord(iin=family.iin, phone=family.phone, full_name="Parent", birth_date=BORN)


def _chat(family: Family, now: datetime) -> ChatRecord:
    return ChatRecord(
        id=family.id,
        language=family.language,
        district=family.district,
        person_id=None if family.enters else family.id,
        linked_at=None if family.enters else now,
        session_until=None if family.enters else FAR,
        created_at=now,
    )


def _application(family: Family, now: datetime) -> ApplicationRecord:
    return ApplicationRecord(
        id=family.id,
        registration_number=family.number,
        registered_at=now - timedelta(days=100) + timedelta(hours=family.id),
        district=family.district,
        category="age3",
        applicant_iin=family.iin,
        applicant_name="Parent",
        applicant_birth_date=BORN,
        applicant_phone=family.phone,
        applicant_email=None,
        applicant_address="Көкшетау",
        child_iin=iin(family.id, CHILD_BORN, "6"),
        child_name=family.child,
        child_given_name=family.child,
        child_birth_date=CHILD_BORN,
        privilege=None,
        status="in_queue",
    )


def _kindergarten(place: Place) -> KindergartenRecord:
    name = f"Балапан {place.id}"
    return KindergartenRecord(
        id=place.id,
        district=DISTRICTS[not place.ours],
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
