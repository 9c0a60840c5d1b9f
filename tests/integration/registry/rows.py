"""Rows of files for the tests, as raw cells."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.tables import CategoryRecord, PrivilegeRecord
from core.db.engine import Database
from core.registry.rows import Reading, Row, read
from core.registry.upsert import alone, apply
from core.registry.values import Kind, Verdict
from core.registry.vocabulary import vocabulary
from tests import factories

TODAY = date(2026, 4, 7)


def citizen(number: int, **other: Any) -> dict[str, Any]:
    return {
        "iin": factories.iin(number),
        "phone": f"+7775{number:07d}",
        "full_name": f"Ахметова Айгүл {number}",
        "birth_date": "17.05.1990",
        **other,
    }


def application(number: int, **other: Any) -> dict[str, Any]:
    return {
        "registration_number": f"ОДО.2026.{number}",
        "registered_at": "08.07.2024 01:28:10",
        "district": "Көкшетау қаласы",
        "category": "3 жастағы балалар",
        "applicant_iin": factories.iin(number),
        "applicant_name": "Ахметова Айгүл Серікқызы",
        "applicant_birth_date": "1990-05-17",
        "applicant_phone": "8 775 000 00 01",
        "applicant_address": "Көкшетау қаласы, Абай көшесі, 98",
        "child_iin": factories.iin(number, date(2023, 2, 1), "6"),
        "child_name": "Ахметова Айару Нұрланқызы",
        "child_birth_date": "01.02.2023",
        **other,
    }


def kindergarten(**other: Any) -> dict[str, Any]:
    return {
        "district": "г. Кокшетау",
        "name": "«Қарлығаш» бөбекжай-бақшасы",
        "kind": "ясли-сад",
        "ownership": "мемлекеттік",
        "phone": "87162255112",
        "address": "Абай көшесі, 1",
        **other,
    }


def place(**other: Any) -> dict[str, Any]:
    return {
        "district": "kokshetau",
        "kindergarten": "«Қарлығаш» бөбекжай-бақшасы",
        "language": "қазақ",
        "mode": "общий",
        "total": 10,
        **other,
    }


def day(**other: Any) -> dict[str, Any]:
    return {"date": datetime(2026, 5, 8), "kind": "мереке", "note": "Bridge", **other}  # noqa: DTZ001


async def words(session: AsyncSession) -> None:
    """Two queue stages and a privilege."""
    session.add_all(
        [
            CategoryRecord(
                code="aged_3", position=3, name_kk="3 жастағы балалар", name_ru="3", name_en="3y"
            ),
            CategoryRecord(
                code="first", position=2, name_kk="Бірінші кезек", name_ru="1", name_en="1st"
            ),
            PrivilegeRecord(code="orphan", name_kk="Жетім бала", name_ru="сирота", name_en="o"),
        ]
    )


async def bring(db: Database, kind: Kind, *raws: dict[str, Any], moment: datetime) -> list[Verdict]:
    """Read and apply these rows, none of which may be faulty."""
    async with db.write() as session:
        await alone(session)
        reading = Reading(await vocabulary(session), TODAY)
        rows = [read(kind, raw, reading) for raw in raws]
        sound: list[Row] = [row for row in rows if not isinstance(row, tuple)]
        assert len(sound) == len(rows), rows
        return await apply(session, kind, sound, actor="operator", moment=moment)
