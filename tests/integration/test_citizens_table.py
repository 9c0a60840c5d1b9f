"""The citizens' base as a table: both the phone and the IIN must match (R3)."""

from dataclasses import replace
from datetime import date

from core.citizens.port import Citizen, CitizensBase
from core.citizens.table import TableCitizens
from core.db.engine import Database
from core.identity.rules import Iin, Phone

AIGUL = Citizen(
    Iin("870515300129"), Phone("+77758759999"), "Әлиева Айгүл Серікқызы", date(1987, 5, 15)
)
DANIYAR = Citizen(Iin("900101300017"), Phone("+77716250916"), "Омаров Данияр", date(1990, 1, 1))


async def base_of(database: Database, *citizens: Citizen) -> TableCitizens:
    base = TableCitizens(database)
    await base.add(citizens)
    return base


async def test_a_pair_that_matches_is_found(database: Database) -> None:
    base: CitizensBase = await base_of(database, AIGUL, DANIYAR)
    assert await base.find(AIGUL.iin, AIGUL.phone) == AIGUL
    assert await base.find(DANIYAR.iin, DANIYAR.phone) == DANIYAR


async def test_someone_elses_phone_finds_nobody(database: Database) -> None:
    base = await base_of(database, AIGUL, DANIYAR)
    assert await base.find(AIGUL.iin, DANIYAR.phone) is None


async def test_an_unknown_person_is_not_found(database: Database) -> None:
    base = await base_of(database, AIGUL)
    assert await base.find(DANIYAR.iin, DANIYAR.phone) is None


async def test_one_phone_may_belong_to_several_people(database: Database) -> None:
    shared = replace(DANIYAR, phone=AIGUL.phone)
    base = await base_of(database, AIGUL, shared)
    assert await base.find(shared.iin, AIGUL.phone) == shared
    assert await base.find(AIGUL.iin, AIGUL.phone) == AIGUL


async def test_a_new_phone_replaces_the_old_one(database: Database) -> None:
    base = await base_of(database, AIGUL)
    moved = replace(AIGUL, phone=Phone("+77716250916"))
    await base.add([moved])
    assert await base.find(AIGUL.iin, AIGUL.phone) is None
    assert await base.find(moved.iin, moved.phone) == moved
