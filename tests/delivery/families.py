"""Families at the desk: who has a chat, who looks at it, whose phone is on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from core.applications.tables import ApplicationRecord, CategoryRecord
from core.db.engine import Database
from core.login.tables import ChatRecord, PersonRecord
from tests.e2e.player import Desk
from tests.factories import iin

BORN = date(1990, 5, 17)
CHILD_BORN = date(2022, 9, 17)
LANDLINE = "+7 (7162) 25-11-22"


@dataclass
class Family:
    """One family. `chat`: linked to the bot; `blocked`: and has blocked it; `looks`: how likely
    they look at what came, each time of the day; `receipts`: what the operator says of an SMS to
    their phone; None: they have a landline, which takes none."""

    id: int
    iin: str
    phone: str
    language: str
    chat: bool
    blocked: bool
    looks: float
    receipts: str | None
    has_looked: bool = False

    @property
    def number(self) -> str:
        """The registration number of their application."""
        return f"ОДО.2026.{self.id}"


def drawn(random: Random, number: int) -> Family:
    """Some family; ids follow those of the people whom the desk has from the start."""
    chat = random.random() < 0.7
    return Family(
        id=0,
        iin=iin(number),
        phone=f"+7775{number:07d}",
        language=random.choice(["kk", "ru", "en"]),
        chat=chat,
        blocked=chat and random.random() < 0.15,
        looks=random.choice([0, 0, 0.3, 0.6]),
        receipts=None
        if not chat and random.random() < 0.2
        else random.choices(["delivered", "undelivered", "none"], [6, 2, 2])[0],
    )


async def seat(desk: Desk, families: Sequence[Family]) -> None:
    """Give them phones at the desk, and ids."""
    seated = await desk.post(
        "/sim/users",
        users=[
            {
                "first_name": "Parent",
                "language_code": family.language,
                "phone": family.phone,
                "iin": family.iin,
                "started": family.chat,
            }
            for family in families
        ],
    )
    for family, id_ in zip(families, seated["ids"], strict=True):
        family.id = id_
        if family.receipts is not None:
            await desk.post("/sim/phones", phone=family.phone, receipts=family.receipts)
        if family.blocked:
            await desk.post(f"/sim/users/{id_}/block")


async def enrol(db: Database, families: Sequence[Family], now: datetime) -> None:
    """Put their applications into the queue, and link the chats of those who have entered."""
    async with db.write() as session:
        if await session.get(CategoryRecord, "age3") is None:
            session.add(
                CategoryRecord(code="age3", position=1, name_kk="3", name_ru="3", name_en="3")
            )
        for family in families:
            if family.chat:
                session.add(
                    PersonRecord(
                        id=family.id,
                        iin=family.iin,
                        full_name="Parent",
                        birth_date=BORN,
                        phone=family.phone,
                        created_at=now,
                    )
                )
        await session.flush()
        for number, family in enumerate(families):
            if family.chat:
                session.add(
                    ChatRecord(
                        id=family.id,
                        language=family.language,
                        person_id=family.id,
                        created_at=now,
                    )
                )
            session.add(_application(family, number, now))


def _application(family: Family, number: int, now: datetime) -> ApplicationRecord:
    return ApplicationRecord(
        registration_number=family.number,
        registered_at=now,
        district="kokshetau",
        category="age3",
        applicant_iin=family.iin,
        applicant_name="Parent",
        applicant_birth_date=BORN,
        applicant_phone=LANDLINE if family.receipts is None else family.phone,
        applicant_email=None,
        applicant_address="Көкшетау",
        child_iin=iin(number, CHILD_BORN, "6"),
        child_name="Child",
        child_given_name="Child",
        child_birth_date=CHILD_BORN,
        privilege=None,
        status="in_queue",
    )
