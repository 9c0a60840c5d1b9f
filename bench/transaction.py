"""The voucher's transaction, beside the same statements by the raw driver."""

import asyncio
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.engine import make_url

from bench import confirming, databases
from bench.bot import MORNING
from bench.contest import Aim, Contest, Side
from bench.vouchers import VERSION, Vouchers
from core.calendar.service import CalendarBook
from core.db.engine import Database

VOUCHERS = 300
SIDE_BY_SIDE = 10
"""Transactions at a time on PostgreSQL, as many as the pool has connections; SQLite takes one."""
PRESSED = MORNING + timedelta(hours=1)
NOTICES = 8
"""That a confirmed voucher owes: one for each day, two on the last, an SMS and a call."""

SELECT = "SELECT status, version, deadline, ends_at FROM applications WHERE id = $1"
UPDATE = """UPDATE applications SET status = $3, version = version + 1, deadline = $4,
    ends_at = $5, next_event_at = $5 WHERE id = $1 AND version = $2"""
HISTORY = """INSERT INTO application_history
    (application_id, at, event, from_status, to_status, actor, person_id, details)
    VALUES ($1, $2, 'confirm_interest', 'awaiting_confirmation', 'voucher_issued', 'parent', $1, $3)
    """
CANCEL = """UPDATE notices SET state = 'cancelled', because = 'answered', due_at = NULL,
    ended_at = $2 WHERE series = $1 AND state = 'pending'"""
NOTICE = """INSERT INTO notices (key, kind, channel, lane, iin, application_id, series, details,
    state, created_at, planned_at, due_at, expires_at, attempts)
    VALUES ($1, 'reminder', 'telegram', 2, '900517400000', $2, $3, $4,
            'pending', $5, $6, $6, $6, 0)"""


def contest(share: float = 1.0) -> Contest:
    """Row 4."""
    must_and_aim = (("sqlite", "SQLite", 0.025, 0.09), ("pg", "PostgreSQL", 0.3, 1.0))
    return Contest(
        name="transaction",
        title="The voucher's transaction: select, conditional update, history, 8 notices, commit",
        figures={"rate": "a second"},
        sides=partial(_sides, max(1, round(VOUCHERS * share))),
        aims=[
            Aim(4, f"ours / raw driver on {name}", "rate", f"ours_{short}", f"raw_{short}",
                must, aim, higher=True)
            for short, name, must, aim in must_and_aim
        ],
    )  # fmt: skip


@asynccontextmanager
async def _sides(vouchers: int) -> AsyncIterator[Sequence[Side]]:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(databases.folder())
        server = stack.enter_context(databases.server(folder))
        url = databases.sqlite(folder)
        sqlite = await _ours(stack, url, vouchers, 1)
        raw = sqlite3.connect(make_url(url).database or "", isolation_level=None)
        stack.callback(raw.close)
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = NORMAL")
        raw.execute("PRAGMA foreign_keys = ON")
        url = await databases.postgresql(server)
        postgresql = await _ours(stack, url, vouchers, SIDE_BY_SIDE)
        pool = await stack.enter_async_context(
            asyncpg.create_pool(url, min_size=SIDE_BY_SIDE, max_size=SIDE_BY_SIDE)
        )
        measured = partial(_measure, vouchers)
        yield [
            Side("raw_sqlite", "raw sqlite3", partial(measured, *sqlite[:1], _in_sqlite(raw), 1)),
            Side("ours_sqlite", "ours on SQLite", partial(measured, *sqlite, 1)),
            Side(
                "raw_pg",
                "raw asyncpg",
                partial(measured, postgresql[0], partial(_in_postgresql, pool), SIDE_BY_SIDE),
            ),
            Side("ours_pg", "ours on PostgreSQL", partial(measured, *postgresql, SIDE_BY_SIDE)),
        ]


Again = Callable[[], Awaitable[None]]
Transaction = Callable[[int], Awaitable[Any]]
"""Confirms the voucher of that family."""


async def _ours(
    stack: AsyncExitStack, url: str, families: int, pool_size: int
) -> tuple[Again, Transaction]:
    db = Database(url, pool_size=pool_size)
    stack.push_async_callback(db.close)
    vouchers = Vouchers(db, families)
    await vouchers.plant()
    calendar = await CalendarBook(db).load()

    async def confirm(number: int) -> None:
        await confirming.change_only(db, calendar, number, VERSION, PRESSED)

    return vouchers.again, confirm


async def _measure(
    vouchers: int, again: Again, transaction: Transaction, side_by_side: int
) -> Mapping[str, float]:
    await again()
    waiting = iter(range(1, vouchers + 1))

    async def work() -> None:
        for number in waiting:
            await transaction(number)

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(side_by_side)))
    return {"rate": vouchers / (time.perf_counter() - began)}


def _notices(number: int, at: Any, ends: Any) -> Iterable[tuple[Any, ...]]:
    series = f"application:{number}:{VERSION + 1}"
    for each in range(NOTICES):
        yield f"{each}:{series}", number, series, "{}", at, ends


def _in_sqlite(connection: sqlite3.Connection) -> Transaction:
    select, update, history, cancel, notice = (
        _numbered(statement) for statement in (SELECT, UPDATE, HISTORY, CANCEL, NOTICE)
    )

    async def confirm(number: int) -> None:
        at, ends = str(PRESSED.replace(tzinfo=None)), str(_ends().replace(tzinfo=None))
        run = connection.execute
        run("BEGIN IMMEDIATE")
        _, version, deadline, _ = run(select, (number,)).fetchone()
        updated = run(update, (number, version, "voucher_issued", deadline, ends))
        assert updated.rowcount == 1
        run(history, (number, at, "{}"))
        run(cancel, (f"application:{number}:{version}", at))
        connection.executemany(notice, _notices(number, at, ends))
        run("COMMIT")

    return confirm


async def _in_postgresql(pool: Any, number: int) -> None:
    async with pool.acquire() as connection, connection.transaction():
        row = await connection.fetchrow(f"{SELECT} FOR UPDATE", number)
        version, deadline = row["version"], json.dumps(json.loads(row["deadline"]))
        updated = await connection.execute(
            UPDATE, number, version, "voucher_issued", deadline, _ends()
        )
        assert updated == "UPDATE 1"
        await connection.execute(HISTORY, number, PRESSED, "{}")
        await connection.execute(CANCEL, f"application:{number}:{version}", PRESSED)
        await connection.executemany(NOTICE, list(_notices(number, PRESSED, _ends())))


def _numbered(statement: str) -> str:
    """PostgreSQL's $1 is SQLite's ?1."""
    return statement.replace("$", "?")


def _ends() -> datetime:
    return PRESSED + timedelta(days=7)
