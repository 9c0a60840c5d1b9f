"""The list of places (R12), on both databases: what a typed name finds, and in which order."""

from datetime import date

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from core.db.engine import Database
from core.db.migrate import configuration
from core.places.search import sort_key
from core.places.service import Places
from core.places.tables import PlaceRecord
from core.places.values import PlaceFilter
from tests import factories

TODAY = date(2026, 4, 7)
IN_ORDER = ["ГККП «Ясли-сад «Айгөлек»", "«Әсем» ЖШС", "ТОО «Ясли-сад «Жар-птица»", "«Нұрлы»"]
NAMES = IN_ORDER[::-1]


async def listed(database: Database, search: str | None = None) -> list[str]:
    """The names on the first page."""
    page = await Places(database).page("kokshetau", PlaceFilter(search=search), 0, first_day=TODAY)
    return [row.kindergarten for row in page.rows]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("жарптица", ["ТОО «Ясли-сад «Жар-птица»"]),
        ("яслисад жар", ["ТОО «Ясли-сад «Жар-птица»"]),
        ("птица жар", ["ТОО «Ясли-сад «Жар-птица»"]),
        ("Бобек12", ["«Бөбек №12»"]),
        ("№ 12", ["«Бөбек №12»"]),
        ("нурлы", ["«Нұрлы»"]),
        ("джар", []),
        ("!!!", []),
    ],
)
async def test_a_name_is_found_however_its_words_are_set_apart(
    database: Database, search: str, found: list[str]
) -> None:
    for name in ("ТОО «Ясли-сад «Жар-птица»", "«Нұрлы»", "«Бөбек №12»"):
        await factories.place(database, name=name)
    assert await listed(database, search) == found


async def test_kindergartens_stand_in_the_order_of_what_is_shown(database: Database) -> None:
    for name in NAMES:
        await factories.place(database, name=name)
    assert await listed(database) == IN_ORDER


async def test_rows_of_two_kindergartens_that_are_called_the_same_do_not_mix(
    database: Database,
) -> None:
    for name in ("ГККП «Ясли-сад «Арман»", "ТОО «Арман»"):
        await factories.place(database, name=name)
    async with database.write() as session:
        session.add(PlaceRecord(kindergarten_id=1, language="kk", mode="temporary", free=1))
    assert [name[:3] for name in await listed(database)] == ["ГКК", "ГКК", "ТОО"]


async def test_kindergartens_that_are_there_already_come_into_that_order(
    database: Database,
) -> None:
    """Kept by an older version under their official names."""
    for name in NAMES:
        await factories.place(database, name=name)
    former = [{"name": name, "key": sort_key(name)} for name in NAMES]
    async with database.engine.execution_options(writes=True).begin() as connection:
        update = text("UPDATE kindergartens SET sort_key = :key WHERE name = :name")
        await connection.execute(update, former)
        await connection.run_sync(_sort)
    assert await listed(database) == IN_ORDER


def _sort(connection: Connection) -> None:
    scripts = ScriptDirectory.from_config(configuration(connection))
    scripts.get_revision("0018").module.sort(connection)
