"""Issuing vouchers with their notices, as a distribution does, beside the bare inserts of the same
rows."""

import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

import aiosqlite
import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import delete, update

from bench import databases
from bench.contest import Aim, Contest, Side
from bench.open_vouchers import NAMES, NOW, fill, new_databases
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.calendar.service import CalendarBook
from core.db.engine import Database
from core.notices.tables import NoticeRecord
from core.places.search import fold
from core.places.tables import KindergartenRecord, PlaceRecord
from core.staff.rules import Member, Role
from core.staff.tables import StaffRecord
from core.vouchers.distribution import BATCH, Distribution
from core.vouchers.values import State

VOUCHERS = 10_000
BY = Member(1, Role.HEAD, None)
WRITTEN = (HistoryRecord, NoticeRecord)


def contest(share: float = 1.0) -> Contest:
    """Row 11."""
    return Contest(
        name="issuing",
        title="Issuing 10,000 vouchers with their history and their notices",
        figures={"each": "ms a voucher"},
        sides=partial(_sides, max(1, round(VOUCHERS * share))),
        aims=[
            Aim(
                11,
                f"issuing / the bare inserts, {name}",
                "each",
                kind,
                f"{kind}_bare",
                must=3,
                aim=1.5,
            )
            for kind, name in NAMES.items()
        ],
    )


@asynccontextmanager
async def _sides(count: int) -> AsyncIterator[Sequence[Side]]:
    async with AsyncExitStack() as stack:
        new = await stack.enter_async_context(new_databases())
        sides = []
        for kind, name in NAMES.items():
            db = await stack.enter_async_context(new(kind))
            await _prepare(db, count)
            await _ours(db, count)  # what it writes, the other side writes again
            bare = Bare(db, [await _rows(db, record) for record in WRITTEN])
            sides += [
                Side(f"{kind}_bare", f"bare inserts, {name}", partial(_bare, db, bare, count)),
                Side(kind, f"a distribution, {name}", partial(_ours, db, count)),
            ]
        yield sides


async def _ours(db: Database, count: int) -> Mapping[str, float]:
    """From the start of a distribution, whose dry run has been seen, to its end."""
    await _as_before(db)
    distribution = Distribution(db, CalendarBook(db))
    dry = await distribution.plan(BY, "kokshetau", None, NOW)
    assert dry is not None
    began = time.perf_counter()
    await distribution.start(BY, dry.id, NOW)
    while (progress := await distribution.batch(dry.id, NOW)).state is State.RUNNING:
        pass
    assert progress.issued == count
    return {"each": 1000 * (time.perf_counter() - began) / count}


async def _bare(db: Database, bare: "Bare", count: int) -> Mapping[str, float]:
    await _as_before(db)
    began = time.perf_counter()
    await bare.write()
    return {"each": 1000 * (time.perf_counter() - began) / count}


class Bare:
    """The same rows, and the same change of the applications, on the driver alone, in transactions
    of the same size."""

    def __init__(
        self, db: Database, written: Sequence[tuple[str, Sequence[Sequence[Any]]]]
    ) -> None:
        self._db = db
        self._written = written

    async def write(self) -> None:
        """All of it."""
        url = self._db.engine.url
        if self._db.is_sqlite:
            async with aiosqlite.connect(str(url.database), isolation_level=None) as connection:
                await self._all(connection.executemany, connection.execute)
        else:
            address = url.set(drivername="postgresql").render_as_string(hide_password=False)
            own = await asyncpg.connect(address)
            await self._all(own.executemany, own.execute)
            await own.close()

    async def _all(self, many: Any, once: Any) -> None:
        history = self._written[0][1]
        for start in range(0, len(history), BATCH):
            await once("BEGIN")
            for statement, rows in self._written:
                each = len(rows) // len(history) * BATCH
                first = start // BATCH * each
                await many(statement, rows[first : first + each])
            await once(
                "UPDATE applications SET status = 'awaiting_confirmation', version = 2"
                f" WHERE id BETWEEN {start + 1} AND {start + BATCH}"
            )
            await once("COMMIT")


async def _rows(db: Database, record: Any) -> tuple[str, Sequence[Sequence[Any]]]:
    """The insert of all that stands in a table, as the driver wants it."""
    table = record.__table__.name
    order = "application_id"
    async with db.engine.connect() as connection:
        found = await connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY {order}")
        names = [name for name in list(found.keys()) if name != "id"]
        kept = [tuple(_told(row[name]) for name in names) for row in found.mappings()]
    marks = ("?" * len(names)) if db.is_sqlite else [f"${n + 1}" for n in range(len(names))]
    into = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(marks)})"
    return into, kept


def _told(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value


async def _prepare(db: Database, count: int) -> None:
    """A queue, and a place for each who waits."""
    await fill(db, count, status="in_queue")
    async with db.write() as session:
        session.add(StaffRecord(id=1, iin="0" * 12, role=BY.role.value, granted_at=NOW))
        name = "«Мадина»"
        session.add(
            KindergartenRecord(
                id=1,
                district="kokshetau",
                name=name,
                folded_name=fold(name),
                kind="nursery_kindergarten",
                ownership="state",
                phone="",
                address="",
            )
        )
        await session.flush()
        session.add(PlaceRecord(kindergarten_id=1, language="kk", mode="general", free=count))


async def _as_before(db: Database) -> None:
    async with db.write() as session:
        for record in WRITTEN:
            await session.execute(delete(record))
        await session.execute(
            update(ApplicationRecord).values(
                status="in_queue", version=1, deadline=None, ends_at=None, next_event_at=None
            )
        )
    await databases.tidy(db)
