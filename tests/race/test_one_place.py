"""A thousand parents, two processes, one place (D6): exactly one child gets it."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
from sqlalchemy import func, select, text

from core.applications.tables import ApplicationRecord, CategoryRecord
from core.calendar.rules import WorkingDays, count
from core.calendar.seed import seeded_calendar
from core.calendar.service import CalendarBook
from core.db.engine import Database
from core.login.tables import ChatRecord, PersonRecord
from core.places.tables import HoldRecord, PlaceRecord
from core.signing.tables import SignatureRecord
from tests import factories
from tests.race.crowd import NOW, PLACE, parent

Crowd = Popen[str]
Fared = Counter[str]
"""Outcome -> how many parents."""
ROOT = Path(__file__).parents[2]
ALL = 1000
FEW = 40
"""Enough to see places sold twice; without the guard each of them goes all the way."""


async def test_a_thousand_parents_and_one_place(database: Database, crowds: list[Crowd]) -> None:
    """One holds it and signs; for all the others it is gone; nothing is left over."""
    await _prepare(database, ALL)
    assert await _race(database, crowds, ALL, guarded=True) == {
        "held": 1,
        "signed": 1,
        "place_gone": ALL - 1,
    }
    assert await _free(database) == 0
    async with database.read() as session:
        statuses = await session.execute(
            select(ApplicationRecord.status, func.count()).group_by(ApplicationRecord.status)
        )
        assert {row[0]: row[1] for row in statuses} == {"enrolled": 1, "voucher_issued": ALL - 1}
        enrolled = select(func.count()).where(ApplicationRecord.place_id == PLACE)
        assert await session.scalar(enrolled) == 1
        assert await session.scalar(select(func.count(SignatureRecord.id))) == 1
        assert await session.scalar(select(func.count()).select_from(HoldRecord)) == 0


async def test_without_the_guard_the_place_is_oversold(
    database: Database, crowds: list[Crowd]
) -> None:
    """The test above would see it: `take` without its condition, the table without its check."""
    await _prepare(database, FEW)
    if not database.is_sqlite:
        async with database.write() as session:
            await session.execute(
                text("ALTER TABLE places DROP CONSTRAINT ck_places_never_below_zero")
            )
    outcomes = await _race(database, crowds, FEW, guarded=False)
    assert outcomes["signed"] > 1
    assert await _free(database) == 1 - outcomes["signed"]


@pytest.fixture
def postgresql_url(own_postgresql_url: str) -> str:
    """A test here takes a check away from its table."""
    return own_postgresql_url


@pytest.fixture(scope="module")
def crowds() -> Iterator[list[Crowd]]:
    """Two processes of parents, kept for all races: a process takes long to start."""
    with ExitStack() as stack:
        started = [
            stack.enter_context(
                Popen(
                    [sys.executable, "-W", "error", "-m", "tests.race.crowd"],
                    cwd=ROOT,
                    text=True,
                    stdin=PIPE,
                    stdout=PIPE,
                )
            )
            for _ in range(2)
        ]
        yield started
        for crowd in started:
            crowd.terminate()


async def _race(database: Database, crowds: list[Crowd], parents: int, *, guarded: bool) -> Fared:
    """Each process runs with half of the parents, both at the same time; how they fared."""
    url = database.engine.url.set(drivername=database.engine.dialect.name)
    half = parents // len(crowds)
    for number, crowd in enumerate(crowds):
        race = {
            "url": url.render_as_string(hide_password=False),
            "first": number * half + 1,
            "last": (number + 1) * half,
            "guarded": guarded,
        }
        _say(crowd, json.dumps(race))
    for crowd in crowds:
        assert await _hear(crowd) == "ready"
    for crowd in crowds:
        _say(crowd, "")
    return sum([Counter(json.loads(await _hear(crowd))) for crowd in crowds], Counter())


def _say(crowd: Crowd, line: str) -> None:
    assert crowd.stdin is not None
    crowd.stdin.write(f"{line}\n")
    crowd.stdin.flush()


async def _hear(crowd: Crowd) -> str:
    assert crowd.stdout is not None
    return (await asyncio.to_thread(crowd.stdout.readline)).strip()


async def _prepare(database: Database, parents: int) -> None:
    """Parents with live vouchers, and one place free."""
    await CalendarBook(database).seed(range(2026, 2027))
    deadline = count(seeded_calendar(range(2026, 2027)), WorkingDays(5), NOW.date())
    assert await factories.place(database, free=1) == PLACE
    async with database.write() as session:
        session.add(CategoryRecord(code="age3", position=1, name_kk="3", name_ru="3", name_en="3"))
        people = [parent(number) for number in range(1, parents + 1)]
        session.add_all(
            PersonRecord(
                id=person.id,
                iin=person.iin.value,
                full_name=person.full_name,
                birth_date=date(1990, 5, 17),
                phone=person.phone.value,
                created_at=NOW,
            )
            for person in people
        )
        await session.flush()
        session.add_all(
            ChatRecord(id=person.id, language="kk", person_id=person.id, created_at=NOW)
            for person in people
        )
        session.add_all(
            ApplicationRecord(
                id=person.id,
                registration_number=f"ОДО.2026.{person.id}",
                registered_at=NOW,
                district="kokshetau",
                category="age3",
                applicant_iin=person.iin.value,
                applicant_name=person.full_name,
                applicant_birth_date=date(1990, 5, 17),
                applicant_phone=person.phone.value,
                applicant_email=None,
                applicant_address="Көкшетау",
                child_iin=factories.iin(person.id, date(2022, 9, 17), "6"),
                child_name=f"Child {person.id}",
                child_given_name=f"Child{person.id}",
                child_birth_date=date(2022, 9, 17),
                privilege=None,
                status="voucher_issued",
                deadline=deadline.to_json(),
                ends_at=deadline.ends_at,
                next_event_at=deadline.ends_at,
            )
            for person in people
        )


async def _free(database: Database) -> int | None:
    async with database.read() as session:
        return await session.scalar(select(PlaceRecord.free).where(PlaceRecord.id == PLACE))
