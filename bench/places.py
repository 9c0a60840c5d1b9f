"""A page of places: out of 10,000 rows, filtered and in the list's order, which is the Kazakh
alphabet's, beside the bare SQL of the same."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from functools import partial
from random import Random
from typing import Any

import aiosqlite
import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import insert, text

from bench.contest import Aim, Contest, Side
from bench.open_vouchers import NAMES, new_databases
from core.db.engine import Database
from core.places.search import fold
from core.places.service import PAGE, Places
from core.places.tables import KindergartenRecord, PlaceRecord
from core.places.values import Mode, PlaceFilter

ROWS = 10_000
TURNS = 40
"""Pages in one measurement."""
TODAY = date(2026, 4, 7)
SYLLABLES = [
    "ба",
    "ла",
    "па",
    "на",
    "жұл",
    "дыз",
    "қар",
    "лы",
    "ғаш",
    "ай",
    "гөл",
    "нұр",
    "сәу",
    "ле",
    "ер",
    "ке",
    "мақ",
    "тау",
    "шо",
    "ла",
]
WANTED = PlaceFilter(mode=Mode.GENERAL, language="kk", ownership="state")
SQL = """SELECT p.id, p.language, p.mode, p.free, p.until, k.id, k.name, k.kind, k.ownership,
    k.phone, k.address, k.latitude, k.longitude, count(*) OVER () FROM places p
    JOIN kindergartens k ON k.id = p.kindergarten_id
    WHERE k.district = 'kokshetau' AND (p.until IS NULL OR p.until >= '2026-04-07')
    AND p.mode = 'general' AND p.language = 'kk' AND k.ownership = 'state' AND p.free > 0
    ORDER BY k.sort_key, k.id, p.mode, p.language, p.id LIMIT 8 OFFSET 16"""
PAGE_WANTED = 2


def contest(share: float = 1.0) -> Contest:
    """Row 10."""
    return Contest(
        name="places",
        title=f"A page of places out of {ROWS:,} rows, filtered and sorted",
        figures={"milliseconds": "ms a page"},
        sides=partial(_sides, max(PAGE * 20, round(ROWS * share)), max(1, round(TURNS * share))),
        aims=[
            Aim(
                10,
                f"a page of places / bare SQL of the same, {name}",
                "milliseconds",
                kind,
                f"{kind}_bare",
                must=2,
                aim=1.3,
            )
            for kind, name in NAMES.items()
        ],
    )


@asynccontextmanager
async def _sides(rows: int, turns: int) -> AsyncIterator[Sequence[Side]]:
    async with AsyncExitStack() as stack:
        new = await stack.enter_async_context(new_databases())
        sides = []
        for kind, name in NAMES.items():
            db = await stack.enter_async_context(new(kind))
            await _open(db, rows)
            ask = await stack.enter_async_context(_bare(db))
            page = partial(_page, Places(db))
            sides += [
                Side(f"{kind}_bare", f"bare SQL, {name}", partial(_turns, ask, turns)),
                Side(kind, f"the product, {name}", partial(_turns, page, turns)),
            ]
        yield sides


async def _turns(ask: Callable[[], Awaitable[int]], turns: int) -> Mapping[str, float]:
    began = time.perf_counter()
    for _ in range(turns):
        assert await ask() == PAGE, "a page is full"
    return {"milliseconds": 1000 * (time.perf_counter() - began) / turns}


async def _page(places: Places) -> int:
    page = await places.page("kokshetau", WANTED, PAGE_WANTED, first_day=TODAY)
    return len(page.rows)


@asynccontextmanager
async def _bare(db: Database) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    """The statement alone, on the driver alone."""
    if db.is_sqlite:
        async with aiosqlite.connect(str(db.engine.url.database)) as connection:

            async def ask() -> int:
                return len(list(await connection.execute_fetchall(SQL)))

            yield ask
        return
    address = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    own = await asyncpg.connect(address)
    try:

        async def fetch() -> int:
            return len(await own.fetch(SQL))

        yield fetch
    finally:
        await own.close()


async def _open(db: Database, rows: int) -> None:
    """Kindergartens of one district, two rows of places each, a third of them without a place."""
    random = Random(10)
    homes = [_home(number, random) for number in range(1, rows // 2 + 1)]
    places = [
        {
            "kindergarten_id": 1 + number // 2,
            "language": ("kk", "ru")[number % 2],
            "mode": "general",
            "free": number // 2 % 3,
        }
        for number in range(rows)
    ]
    async with db.write() as session:
        await session.execute(insert(KindergartenRecord), homes)
        await session.execute(insert(PlaceRecord), places)
    async with db.write() as session:
        await session.execute(text("ANALYZE"))


def _home(number: int, random: Random) -> dict[str, Any]:
    name = f"«{''.join(random.choices(SYLLABLES, k=4)).capitalize()}» балабақшасы"
    return {
        "id": number,
        "district": "kokshetau",
        "name": name,
        "folded_name": fold(name),
        "kind": "nursery_kindergarten",
        "ownership": ("state", "private")[number % 2],
        "phone": "87758759999",
        "address": f"Абай көшесі, {number}",
        "latitude": 53 + random.random(),
        "longitude": 69 + random.random(),
    }
