"""The words by which files and partners name what the records keep as codes.

Codes themselves are known everywhere. Words are compared as `fold` makes them: without case,
quotation marks, and the difference between Kazakh letters and their look-alikes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.tables import CategoryRecord, PrivilegeRecord
from core.calendar.rules import DayKind
from core.named import Named
from core.places.districts import DISTRICTS
from core.places.search import fold
from core.places.values import Mode

Words = Mapping[str, str]
"""Folded word -> code."""

KIND_OF_PLACE = {"қаласы", "ауданы", "город", "г", "район", "city", "district"}
NONE_AT_ALL = {"", "жоқ", "нет", "без льгот", "none", "no", "-", "—"}
"""How a file says that there is no privilege."""


def _words(known: Mapping[str, Iterable[str]]) -> Words:
    return {fold(word): code for code, words in known.items() for word in (code, *words)}


def _district_names() -> Words:
    known: dict[str, list[str]] = {}
    for code, name in DISTRICTS.items():
        names = [name.kk, name.ru, name.en]
        short = [
            " ".join(w for w in one.replace(".", " ").split() if w.lower() not in KIND_OF_PLACE)
            for one in names
        ]
        known[code] = [*names, *short]
    return _words(known)


DISTRICT_WORDS = _district_names()
LANGUAGE_WORDS = _words(
    {
        "kk": ("қазақ", "қазақша", "қазақ тілі", "каз", "казахский", "казахский язык",
               "на казахском", "kazakh", "kazakh language"),
        "ru": ("орыс", "орысша", "орыс тілі", "рус", "русский", "русский язык", "на русском",
               "russian", "russian language"),
        "en": ("ағылшын", "ағылшынша", "ағылшын тілі", "англ", "английский", "английский язык",
               "на английском", "english", "english language"),
    }
)  # fmt: skip
MODE_WORDS = _words(
    {
        Mode.GENERAL.value: ("жалпы", "жалпы белгіленген", "общий", "общий режим",
                             "общеустановленный", "постоянный", "general admission mode"),
        Mode.TEMPORARY.value: ("уақытша", "уақытша болу", "временный", "временное",
                               "временное пребывание", "temporary stay", "temporary stay mode"),
    }
)  # fmt: skip
OWNERSHIP_WORDS = _words(
    {
        "state": ("мемлекеттік", "государственный", "государственная", "государственное", "гос",
                  "state-owned"),
        "private": ("жекеменшік", "жеке", "частный", "частная", "частное", "privately owned"),
    }
)  # fmt: skip
HOME_WORDS = _words(
    {
        "nursery_garden": ("бөбекжай-бақша", "бөбекжай-балабақша", "бөбекжай-бақшасы", "ясли-сад",
                           "nursery and kindergarten"),
        "kindergarten": ("балабақша", "детский сад", "детсад", "сад",
                         "kindergarten without a nursery"),
        "mini_centre": ("шағын орталық", "мектепке дейінгі шағын орталық", "мини-центр",
                        "дошкольный мини-центр", "mini-centre", "preschool mini-centre"),
        "sanatorium": ("санаторий", "санаторлық балабақша", "санаторий-сад",
                       "санаторный детский сад", "sanatorium preschool organisation"),
    }
)  # fmt: skip
DAY_WORDS = _words(
    {
        DayKind.WORKING.value: ("жұмыс күні", "рабочий", "рабочий день", "working day"),
        DayKind.WEEKEND.value: ("демалыс", "демалыс күні", "выходной", "выходной день",
                                "day off"),
        DayKind.HOLIDAY.value: ("мереке", "мереке күні", "праздник", "праздничный день",
                                "public holiday"),
        DayKind.TRANSFERRED_OFF.value: ("ауыстырылған демалыс", "ауыстырылған демалыс күні",
                                        "перенесённый выходной", "перенесённый выходной день",
                                        "transferred day off"),
        DayKind.TRANSFERRED_WORKING.value: ("ауыстырылған жұмыс күні",
                                            "перенесённый рабочий день",
                                            "transferred working day"),
    }
)  # fmt: skip


@dataclass(frozen=True)
class Vocabulary:
    """The words that are data themselves: queue stages and privileges."""

    categories: Words
    privileges: Words


async def vocabulary(session: AsyncSession) -> Vocabulary:
    """The queue stages and privileges by code and by name in each language."""
    return Vocabulary(
        _names(await session.scalars(select(CategoryRecord))),
        _names(await session.scalars(select(PrivilegeRecord))),
    )


def _names(records: Iterable[CategoryRecord | PrivilegeRecord]) -> Words:
    return _words({r.code: (r.name_kk, r.name_ru, r.name_en) for r in records})


@dataclass(frozen=True)
class Stages:
    """The names of queue stages and of privileges, by code, in their order."""

    categories: Mapping[str, Named]
    privileges: Mapping[str, Named]


async def stages(session: AsyncSession) -> Stages:
    """Those that the records have."""
    categories = select(CategoryRecord).order_by(CategoryRecord.position)
    privileges = select(PrivilegeRecord).order_by(PrivilegeRecord.code)
    return Stages(
        {r.code: Named(r.name_kk, r.name_ru, r.name_en) for r in await session.scalars(categories)},
        {r.code: Named(r.name_kk, r.name_ru, r.name_en) for r in await session.scalars(privileges)},
    )
