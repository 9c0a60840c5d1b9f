"""Vouchers that are open, by the thousand or by the million: applications and nothing else."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import text

from bench import databases
from bot.maintenance import prepare_database
from core.applications.rules import CHOOSING
from core.calendar.rules import count
from core.calendar.seed import seeded_calendar
from core.clock import TravelClock, local
from core.db.engine import Database
from seed.categories import AGED_3, categories, privileges

NOW = datetime(2026, 4, 7, 5, tzinfo=UTC)
"""A working morning in Kazakhstan: no term of these has ended."""
DEADLINE = count(seeded_calendar(range(2026, 2028)), CHOOSING, local(NOW).date())
SERIES = {
    True: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})",
    False: "WITH n AS (SELECT i FROM generate_series(1, {count}) i)",
}
"""The numbers from 1 on: on SQLite, and on PostgreSQL."""
COLUMNS = {
    "id": "i",
    "registration_number": "'B' || i",
    "registered_at": ":now",
    "district": "'kokshetau'",
    "category": f"'{AGED_3}'",
    "applicant_iin": "CAST(100000000000 + i AS VARCHAR(12))",
    "applicant_name": "'Parent'",
    "applicant_birth_date": ":born",
    "applicant_phone": "'87750000000'",
    "applicant_address": "'Көкшетау'",
    "child_iin": "CAST(200000000000 + i AS VARCHAR(12))",
    "child_name": "'Child'",
    "child_given_name": "'Child'",
    "child_birth_date": ":born",
    "status": ":status",
    "version": ":version",
    "deadline": ":deadline",
    "ends_at": ":ends_at",
    "next_event_at": ":ends_at",
}


NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@asynccontextmanager
async def new_databases() -> AsyncIterator[Callable[[str], AbstractAsyncContextManager[Database]]]:
    """What opens a new database of a kind, with all tables, for as long as its context lasts."""
    with databases.folder() as folder, databases.server(folder) as server:

        @asynccontextmanager
        async def opened(kind: str) -> AsyncIterator[Database]:
            new = (
                databases.sqlite(folder) if kind == "sqlite" else await databases.postgresql(server)
            )
            db = Database(new)
            try:
                await prepare(db)
                yield db
            finally:
                await db.close()

        yield opened


async def prepare(db: Database) -> None:
    """An empty database: the schema, the calendar, the stages of the queue."""
    await prepare_database(db, TravelClock(NOW, running=False))
    async with db.write() as session:
        session.add_all([*categories(), *privileges()])


async def fill(db: Database, count: int, *, status: str = "voucher_issued") -> None:
    """So many applications in that status: in the queue, or in a term that has not ended."""
    waits = status == "in_queue"
    moment = {key: _kept(value, db) for key, value in MOMENTS.items()}
    columns = dict(COLUMNS)
    if waits:
        for name in ("deadline", "ends_at", "next_event_at"):
            del columns[name]
    values = ", ".join(columns.values())
    for name, value in {**moment, "status": status, "version": 1 if waits else 3}.items():
        told = str(value) if isinstance(value, int) else f"'{value}'"
        values = values.replace(f":{name}", told)
    statement = SERIES[db.is_sqlite].format(count=count)
    inserted = f"INSERT INTO applications ({', '.join(columns)})"
    async with db.engine.execution_options(writes=True).begin() as connection:
        with_ = f"{inserted} {statement} SELECT {values} FROM n"
        await connection.exec_driver_sql(with_)
    async with db.engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await alone.execute(text("ANALYZE" if db.is_sqlite else "VACUUM ANALYZE applications"))


MOMENTS: dict[str, datetime | str] = {
    "now": NOW,
    "born": "1995-05-17",
    "ends_at": DEADLINE.ends_at,
    "deadline": json.dumps(DEADLINE.to_json()),
}


def _kept(value: datetime | str, db: Database) -> str:
    if isinstance(value, str):
        return value
    return f"{value:%Y-%m-%d %H:%M:%S.%f}" if db.is_sqlite else value.isoformat()
