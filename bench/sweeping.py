"""Sweeping: with nothing due, however many vouchers are open; and what each that is due costs."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial

from sqlalchemy import delete, func, select, update

from bench import databases
from bench.contest import Aim, Contest, Side
from bench.open_vouchers import DEADLINE, NAMES, NOW, fill, new_databases
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.calendar.service import CalendarBook
from core.db.engine import Database
from core.notices.tables import NoticeRecord
from core.sweep import Sweep

FEW, MANY = 1_000, 1_000_000
TURNS = 200
"""Sweeps with nothing due in one measurement."""
DUE = 2_000
ENDED = NOW - timedelta(seconds=1)


def idle(share: float = 1.0) -> Contest:
    """Row 7."""
    many = max(FEW, round(MANY * share))
    aims = [
        Aim(
            7,
            f"nothing due, {MANY:,} / {FEW:,} open, {name}",
            "milliseconds",
            f"{kind}_many",
            f"{kind}_few",
            must=3,
            aim=1.2,
        )
        for kind, name in NAMES.items()
    ]
    return Contest(
        name="idle_sweep",
        title="A sweep with nothing due",
        figures={"milliseconds": "ms a sweep"},
        sides=partial(_idle_sides, many, max(1, round(TURNS * share))),
        aims=aims,
    )


MUSTS = {"sqlite": (0.3, 0.1), "postgresql": (0.1, 0.02)}


def due(share: float = 1.0) -> Contest:
    """Row 8."""
    return Contest(
        name="sweep",
        title="A sweep of terms that have ended, each with its history and its notice",
        figures={"each": "ms each"},
        sides=partial(_due_sides, max(1, round(DUE * share))),
        aims=[
            Aim(8, f"each due, {name}, ms", "each", kind, must=MUSTS[kind][0], aim=MUSTS[kind][1])
            for kind, name in NAMES.items()
        ],
    )


@asynccontextmanager
async def _idle_sides(many: int, turns: int) -> AsyncIterator[Sequence[Side]]:
    async with AsyncExitStack() as stack:
        new = await stack.enter_async_context(new_databases())
        sides = []
        for kind, name in NAMES.items():
            for size, count in (("few", FEW), ("many", many)):
                db = await stack.enter_async_context(new(kind))
                await fill(db, count)
                title = f"{count:,} open, {name}"
                sides.append(Side(f"{kind}_{size}", title, partial(_sweep_idly, db, turns)))
        yield sides


async def _sweep_idly(db: Database, turns: int) -> Mapping[str, float]:
    sweep = Sweep(db, CalendarBook(db))
    await sweep.run(NOW)
    began = time.perf_counter()
    for _ in range(turns):
        assert await sweep.run(NOW) == 0
    return {"milliseconds": 1000 * (time.perf_counter() - began) / turns}


@asynccontextmanager
async def _due_sides(count: int) -> AsyncIterator[Sequence[Side]]:
    async with AsyncExitStack() as stack:
        new = await stack.enter_async_context(new_databases())
        sides = []
        for kind, name in NAMES.items():
            db = await stack.enter_async_context(new(kind))
            await fill(db, count)
            await _end(db)
            sides.append(Side(kind, f"{count:,} due, {name}", partial(_sweep_due, db, count)))
        yield sides


async def _sweep_due(db: Database, count: int) -> Mapping[str, float]:
    sweep = Sweep(db, CalendarBook(db))
    began = time.perf_counter()
    assert await sweep.run(NOW) == count
    seconds = time.perf_counter() - began
    async with db.read() as session:
        assert await session.scalar(select(func.count()).select_from(NoticeRecord)) == count
    await _end(db)
    return {"each": 1000 * seconds / count}


async def _end(db: Database) -> None:
    """All have a voucher whose term has just ended, and nobody has been told."""
    async with db.write() as session:
        for record in (NoticeRecord, HistoryRecord):
            await session.execute(delete(record))
        await session.execute(
            update(ApplicationRecord).values(
                status="voucher_issued",
                version=3,
                deadline=DEADLINE.to_json(),
                ends_at=ENDED,
                next_event_at=ENDED,
                archived_because=None,
                missed=None,
            )
        )
    await databases.tidy(db)
