"""The list of places (R12), on both databases: what a typed name finds, and in which order."""

from datetime import date

import pytest

from core.db.engine import Database
from core.places.service import Places
from core.places.values import PlaceFilter
from tests import factories

TODAY = date(2026, 4, 7)


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
