"""Records for tests: an application, its applicant with a chat, kindergartens with places."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.applications.rules import Event
from core.applications.tables import ApplicationRecord, CategoryRecord
from core.calendar.service import CalendarBook
from core.clock import TravelClock
from core.codes.service import Codes
from core.db.engine import Database
from core.identity.rules import Iin, Phone
from core.login.tables import ChatRecord, PersonRecord
from core.login.values import Person
from core.places.search import fold
from core.places.tables import KindergartenRecord, PlaceRecord
from core.signing import requests
from core.signing.service import Signing
from core.sms.port import Accepted, Rejected, Sms, Unknown
from core.sms.service import SmsSender
from core.sweep import Sweep

WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)


def iin(number: int, born: date = date(1990, 5, 17), century: str = "4") -> str:
    """A valid IIN, another one for every `number`."""
    serial = number
    while True:
        digits = f"{born:%y%m%d}{century}{serial:04d}"
        check = sum(w * int(d) for w, d in zip(WEIGHTS, digits, strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"
        serial += 5000


class Pocket:
    """A gateway that keeps what it is given; `dead` makes it refuse; it hangs until `answers`."""

    name = "pocket"

    def __init__(self) -> None:
        self.messages: list[Sms] = []
        self.dead = False
        self.answers = asyncio.Event()
        self.answers.set()

    async def send(self, sms: Sms) -> Accepted | Rejected | Unknown:
        await self.answers.wait()
        if self.dead:
            return Rejected("dead")
        self.messages.append(sms)
        return Accepted(str(sms.id), 1, None)

    async def status(self, sms: Sms) -> Accepted | Rejected | Unknown:
        return Rejected("unknown id")

    @property
    def newest_code(self) -> str:
        """The digits of the newest message."""
        return self.messages[-1].text


@dataclass(frozen=True)
class Desk:
    """Core's services over one database, with a gateway that can be looked into."""

    db: Database
    clock: TravelClock
    book: CalendarBook
    codes: Codes
    signing: Signing
    sweep: Sweep
    pocket: Pocket

    async def press(self, application_id: int, person: Person, act: Event, **more: Any) -> int:
        """Press an act and have its code sent; the request's id."""
        now = self.clock.now()
        asked = await self.signing.press(application_id, person, person.id, act, "kk", now, **more)
        await self.codes.deliver(asked.code_id)
        return asked.request_id

    async def act(self, application_id: int, person: Person, act: Event, **more: Any) -> None:
        """Press an act and sign it with the code that comes."""
        request_id = await self.press(application_id, person, act, **more)
        digits = self.pocket.newest_code
        await self.signing.enter(request_id, person, digits, self.clock.now(), f"{request_id}")


async def desk(db: Database, clock: TravelClock) -> Desk:
    """Core's services, on a calendar of 2024-2028."""
    book = CalendarBook(db)
    await book.seed(range(2024, 2029))
    pocket = Pocket()
    codes = Codes(db, SmsSender(db, [pocket], clock), b"k" * 32, lambda p, la, d: d, clock)
    signing = Signing(db, codes, book, lambda act, facts, language: f"{act} {sorted(facts)}")
    codes.still_wanted, codes.on_delivered = requests.still_wanted, requests.delivered
    codes.on_given_up = requests.given_up
    return Desk(db, clock, book, codes, signing, Sweep(db, book), pocket)


async def parent(db: Database, now: datetime, number: int = 1) -> Person:
    """A parent who has entered from the chat of the same number."""
    async with db.write() as session:
        session.add(
            PersonRecord(
                id=number,
                iin=iin(number),
                full_name=f"Parent {number}",
                birth_date=date(1990, 5, 17),
                phone=f"+7775{number:07d}",
                created_at=now,
            )
        )
        await session.flush()
        session.add(ChatRecord(id=number, language="kk", person_id=number, created_at=now))
    return Person(
        id=number,
        iin=Iin(iin(number)),
        full_name=f"Parent {number}",
        phone=Phone(f"+7775{number:07d}"),
    )


async def application(
    db: Database, now: datetime, number: int = 1, applicant: int | None = None
) -> int:
    """An application in the queue of Kokshetau; its applicant is parent `applicant` or `number`."""
    async with db.write() as session:
        if await session.get(CategoryRecord, "age3") is None:
            session.add(
                CategoryRecord(
                    code="age3", position=1, name_kk="3 жас", name_ru="3 года", name_en="age 3"
                )
            )
            await session.flush()
        record = ApplicationRecord(
            registration_number=f"ОДО.2026.{number}",
            registered_at=now,
            district="kokshetau",
            category="age3",
            applicant_iin=iin(applicant or number),
            applicant_name=f"Parent {applicant or number}",
            applicant_birth_date=date(1990, 5, 17),
            applicant_phone="87750000000",
            applicant_email=None,
            applicant_address="Көкшетау",
            child_iin=iin(number, date(2022, 9, 17), "6"),
            child_name=f"Child {number}",
            child_given_name=f"Child{number}",
            child_birth_date=date(2022, 9, 17),
            privilege=None,
            status="in_queue",
        )
        session.add(record)
        await session.flush()
        return record.id


async def place(
    db: Database,
    *,
    free: int = 1,
    mode: str = "general",
    until: date | None = None,
    district: str = "kokshetau",
    name: str = "«Мадина»",
    language: str = "ru",
) -> int:
    """A kindergarten with one row of places."""
    async with db.write() as session:
        home = KindergartenRecord(
            district=district,
            name=name,
            folded_name=fold(name),
            kind="nursery_kindergarten",
            ownership="state",
            phone="87758759999",
            address="Абай к-сі, 1",
            latitude=53.28,
            longitude=69.39,
        )
        session.add(home)
        await session.flush()
        row = PlaceRecord(
            kindergarten_id=home.id, language=language, mode=mode, free=free, until=until
        )
        session.add(row)
        await session.flush()
        return row.id
