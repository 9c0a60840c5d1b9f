"""What goes straight to the driver says and does what it would by way of a session."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from datetime import date
from typing import Any

import pytest
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.sqlite import aiosqlite
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.cards import CARD, NUMBER, NUMBERED_CARD
from core.applications.changes import CHANGE, LOCKED, change, locked
from core.applications.rules import Event
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.clock import TravelClock
from core.db.engine import Database, DatabaseDown, leave_work, run, run_many, together
from core.db.ready import REQUIRED, Ready, insert
from core.db.sqlite import CHECKPOINT, Connection
from core.login.visitors import VISITOR
from core.notices.service import CANCEL
from tests import factories

WRITE = insert(HistoryRecord, "application_id", "at", "event", "to_status", "actor", "details")
NAME = Ready(select(ApplicationRecord.id).where(ApplicationRecord.district == bindparam("place")))


END_MYSELF = text("SELECT pg_terminate_backend(pg_backend_pid())")


async def lines(db: Database) -> int:
    async with db.read() as session:
        return await session.scalar(select(func.count()).select_from(HistoryRecord)) or 0


def line(application_id: int, clock: TravelClock, event: str = "seen") -> dict[str, Any]:
    return {
        "application_id": application_id,
        "at": clock.now(),
        "event": event,
        "to_status": "in_queue",
        "actor": "operator",
        "details": {"ә": [1, None]},
    }


def plain(value: Any) -> Any:
    """A record's columns, or the value as it is."""
    if isinstance(value, tuple) or value is None or not hasattr(value, "__table__"):
        return value
    return tuple(getattr(value, column.key) for column in value.__mapper__.columns)


@pytest.mark.parametrize(
    ("ready", "asked"),
    [
        (VISITOR, {"chat_id": 1, "message_id": 7}),
        (CARD, {"application_id": 1}),
        (NUMBERED_CARD, {"application_id": 1}),
        (NUMBER, {"application_id": 1}),
        (LOCKED, {"application_id": 1}),
    ],
)
async def test_rows_are_those_of_a_session(
    database: Database, clock: TravelClock, ready: Ready, asked: dict[str, Any]
) -> None:
    desk = await factories.desk(database, clock)
    await factories.parent(database, clock.now())
    application = await factories.application(database, clock.now())
    async with database.write() as session:
        record = await locked(session, application)
        assert record is not None
        calendar, now = await desk.book.load(), clock.now()
        how: dict[str, Any] = {"calendar": calendar, "pressed_at": now, "at": now}
        await change(session, record, Event.ISSUE_VOUCHER, **how, actor="portal")
    async with database.read() as session:
        [expected] = (await session.execute(ready._statement, asked)).all()
        [found] = await database.ask(ready, **asked)
        assert [plain(value) for value in found] == [plain(value) for value in expected]


@pytest.mark.parametrize("ready", [VISITOR, CARD, NUMBERED_CARD, NUMBER, LOCKED, CHANGE, CANCEL])
def test_only_what_differs_goes_into_a_statement(ready: Ready) -> None:
    """SQLite plans anew for each value that may decide which index it can use."""
    made = ready.of(aiosqlite.dialect(paramstyle="qmark"))
    limit_without_offset = "param_2"  # SQLAlchemy's own, where no index hangs on it
    always = [name for name, own, _ in made.given if own is not REQUIRED]
    assert {*always} <= {limit_without_offset}


async def test_what_is_written_is_there_with_the_commit_and_not_before(
    database: Database, clock: TravelClock
) -> None:
    await factories.desk(database, clock)
    ids = [await factories.application(database, clock.now(), number) for number in (1, 2)]
    before = await lines(database)
    async with database.write() as session:
        await run(session, WRITE, **line(ids[0], clock))
        await run_many(session, WRITE, [line(id_, clock) for id_ in ids])
        await together(
            session, (WRITE, [line(id_, clock) for id_ in ids]), (WRITE, [line(ids[0], clock)])
        )
        assert await session.scalar(select(func.count()).select_from(HistoryRecord)) == before + 6
        assert await lines(database) == before
    assert await lines(database) == before + 6


async def write_and(
    db: Database, written: dict[str, Any], then: Callable[[AsyncSession], Awaitable[object]]
) -> None:
    """Write a line, and then something else in the same transaction."""
    async with db.write() as session:
        await run(session, WRITE, **written)
        await then(session)


async def test_what_fails_leaves_nothing(database: Database, clock: TravelClock) -> None:
    await factories.desk(database, clock)
    written = line(await factories.application(database, clock.now()), clock)
    before = await lines(database)

    async def wrong(_: AsyncSession) -> None:
        raise ValueError("of our own")

    with pytest.raises(Exception, match=r"null|NULL"):
        await write_and(database, written, lambda s: run(s, WRITE, **{**written, "actor": None}))
    with pytest.raises(ValueError, match="of our own"):
        await write_and(database, written, wrong)
    assert await lines(database) == before


async def test_who_is_cancelled_leaves_nothing_and_keeps_nobody_out(
    database: Database, clock: TravelClock
) -> None:
    await factories.desk(database, clock)
    written = line(await factories.application(database, clock.now()), clock)
    before, wrote = await lines(database), asyncio.Event()

    async def stay(_: AsyncSession) -> None:
        wrote.set()
        await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(write_and(database, written, stay))
        await wrote.wait()
        task.cancel()
    async with database.write() as session:
        await run(session, WRITE, **written)
    assert await lines(database) == before + 1


@asynccontextmanager
async def waiting_writer(
    url: str, clock: TravelClock, pool_size: int = 5
) -> AsyncIterator[tuple[Database, asyncio.Task[None]]]:
    """A database, and who writes one line into it, and waits: another process writes meanwhile.
    In the end that process takes back what it wrote, and the line is there, or was cut off."""
    database = Database(url, pool_size=pool_size)
    written = line(await factories.application(database, clock.now()), clock)
    before = await lines(database)
    with closing(sqlite3.connect(make_url(url).database or "")) as other:
        other.execute("BEGIN IMMEDIATE")
        async with asyncio.TaskGroup() as group:
            waits = group.create_task(write_and(database, written, lambda s: s.flush()))
            async with asyncio.timeout(2):  # it waits for ten seconds
                await asyncio.sleep(0.05)  # it waits in its thread by now
                yield database, waits
            other.rollback()
    assert await lines(database) == before + (not waits.cancelled())
    await write_and(database, written, lambda s: s.flush())
    assert await lines(database) == before + (not waits.cancelled()) + 1
    await database.close()


async def test_who_is_cancelled_while_the_database_is_busy_leaves_no_transaction(
    sqlite_url: str, clock: TravelClock
) -> None:
    """What waits in SQLite's thread is carried out all the same, after its task has gone."""
    async with waiting_writer(sqlite_url, clock, pool_size=1) as (_, cut_off):
        cut_off.cancel()
        await asyncio.sleep(0)
    assert cut_off.cancelled()


async def test_who_waits_for_another_process_holds_up_nobody(
    sqlite_url: str, clock: TravelClock
) -> None:
    async with waiting_writer(sqlite_url, clock) as (database, waits):
        await lines(database)
        assert await database.ask(NAME, place="kokshetau")
        assert not waits.done()


async def test_the_log_of_sqlite_does_not_grow_for_ever(
    sqlite_url: str, clock: TravelClock
) -> None:
    database = Database(sqlite_url)
    written = line(await factories.application(database, clock.now()), clock)
    log = f"{make_url(sqlite_url).database}-wal"
    sizes = []
    for _ in range(2):
        for _ in range(CHECKPOINT):
            await write_and(database, written, lambda s: run(s, NAME, place=""))
        sizes.append(await asyncio.to_thread(os.path.getsize, log))
    assert sizes[1] < 1.2 * sizes[0]
    await database.close()


async def test_what_is_committed_stays_so_where_the_log_cannot_be_written_back(
    sqlite_url: str, clock: TravelClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full, perhaps."""
    database, rung = Database(sqlite_url), list[int]()
    database.on_work("work", lambda: rung.append(1))
    written = line(await factories.application(database, clock.now()), clock)
    monkeypatch.setattr(Connection, "own", property(FullDisk))
    monkeypatch.setattr(Connection, "_checkpoint_at", 0)
    async with database.write() as session:
        await run(session, WRITE, **written)
        leave_work(session, "work")
    assert rung == [1]
    assert await lines(database) == 1
    await database.close()


class FullDisk:
    """A connection to SQLite whose log cannot be written back."""

    def __init__(self, connection: Connection) -> None:
        self._own = connection._conn

    def execute(self, statement: str, *parameters: Any) -> Any:
        if "checkpoint" in statement:
            raise sqlite3.OperationalError("disk I/O error")
        return self._own.execute(statement, *parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)


async def test_records_and_statements_see_each_other(
    database: Database, clock: TravelClock
) -> None:
    await factories.desk(database, clock)
    application = await factories.application(database, clock.now())
    async with database.write() as session:
        record = await locked(session, application)
        assert record is not None
        record.district, record.applicant_birth_date = "shchuchye", date(1990, 5, 17)
        assert [row.id for row in await run(session, NAME, place="shchuchye")] == [application]
        assert await locked(session, application) is record
    async with database.read() as session:
        kept = await session.get_one(ApplicationRecord, application)
        assert (kept.district, kept.applicant_birth_date) == ("shchuchye", date(1990, 5, 17))


async def test_a_connection_that_was_lost_is_replaced(
    database: Database, clock: TravelClock
) -> None:
    await factories.desk(database, clock)
    await factories.application(database, clock.now())
    if not database.is_sqlite:
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        async with database.read() as session:
            await session.execute(
                text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
            )
        with pytest.raises(DatabaseDown):
            await write_and(database, line(1, clock), lambda s: s.execute(END_MYSELF))
    assert len(await database.ask(NAME, place="kokshetau")) == 1
    async with database.write() as session:
        assert await locked(session, 1) is not None
