"""SQLite in fewer trips: aiosqlite sends each step of a statement to its thread and waits for it;
here a statement and all its rows are one trip instead of four, and what is small is none."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite
import structlog

log = structlog.get_logger(__name__)

FETCHED = 64
"""Rows that aiosqlite fetches at a time, where it is asked to iterate."""
BUSY_TIMEOUT = 10_000
"""Milliseconds that a writer waits for another process."""
CHECKPOINT = 500
"""Rows that a connection changes before the log is written back into the file. SQLite would do that
in whichever commit comes next, and wait for the disk there."""


class Cursor:
    """One statement after the other; its rows are there as soon as it is done."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.arraysize = 1
        self.description: Any = None
        self.lastrowid: int | None = None
        self.rowcount = -1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Self:
        await self._connection.trip(partial(self._run, "execute", statement, parameters))
        return self

    async def executemany(self, statement: str, parameters: Sequence[Any]) -> Self:
        await self._connection.trip(partial(self._run, "executemany", statement, parameters))
        return self

    async def fetchall(self) -> list[Any]:
        """The rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """SQLite's own cursor is closed already."""

    def _run(self, how: str, statement: str, parameters: Sequence[Any]) -> None:
        """In the connection's thread."""
        cursor = self._connection.own.cursor()
        try:
            getattr(cursor, how)(statement, parameters)
            self._rows = cursor.fetchall() if cursor.description else []
            self.description, self.lastrowid = cursor.description, cursor.lastrowid
            self.rowcount = cursor.rowcount  # of what returns rows, known when all are read
        finally:
            cursor.close()


class Connection(aiosqlite.Connection):
    """aiosqlite's connection, with these cursors."""

    _begins = False
    _away = False  # a trip has begun, and has not come back with a result
    _checkpoint_at = CHECKPOINT

    @property
    def own(self) -> sqlite3.Connection:
        """For use in its thread."""
        return self._conn

    def begin_with_next(self) -> None:
        """A transaction that writes begins on the next trip."""
        self._begins = True

    async def trip(self, work: Any) -> Any:
        """Have `work` done in the connection's thread; what it returns."""
        if self._begins:
            self._begins, work = False, partial(self._begin_and, work)
        self._away = True
        result = await self._execute(work)  # type: ignore[no-untyped-call]
        self._away = False
        return result

    def _begin_and(self, work: Any) -> Any:
        self.own.execute("BEGIN IMMEDIATE")
        return work()

    async def at_once(self, work: Callable[[], Any]) -> Any:
        """Have `work` done here and now, and what it returns: of a few rows, which are read or
        written sooner than threads are changed. What may have to wait has its trip: for another
        process that writes, or for the disk."""
        if self._begins and not self._begin_now():
            return await self.trip(work)
        return work()

    def _begin_now(self) -> bool:
        """Whether nobody else writes."""
        self.own.execute("PRAGMA busy_timeout = 0")
        try:
            self.own.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        finally:
            self.own.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
        self._begins = False
        return True

    async def end(self, how: str) -> None:
        """COMMIT or ROLLBACK, if anything has begun. What was cut off on its way to the thread is
        done there all the same, and may begin only now: then that is looked at there."""
        self._begins = False
        if self._away:
            await self.trip(partial(self._end, how))
        else:
            self._end(how)
        if self.own.total_changes >= self._checkpoint_at:
            self._checkpoint_at = self.own.total_changes + CHECKPOINT
            await self.trip(self._checkpoint)

    def _end(self, how: str) -> None:
        if self.own.in_transaction:
            self.own.execute(how)

    def _checkpoint(self) -> None:
        """What is committed stays so, whether or not the log can be written back now."""
        try:
            self.own.execute("PRAGMA wal_checkpoint").fetchall()
        except sqlite3.Error as error:
            log.error("the log is not written back", error=type(error).__name__)

    async def rollback(self) -> None:
        """SQLAlchemy's, after whatever was asked: no trip where nothing has begun."""
        if self.own.in_transaction:
            await super().rollback()

    def cursor(self, *_: Any) -> Any:
        return Cursor(self)


async def connect(*where: Any, **options: Any) -> Connection:
    """As `sqlite3.connect`."""
    connection = Connection(partial(sqlite3.connect, *where, **options), FETCHED)
    connection._thread.daemon = True  # as SQLAlchemy does: a process may end without closing
    return await connection  # type: ignore[return-value]


def fewer_trips(_dialect: Any, _record: Any, _where: Any, options: dict[str, Any]) -> None:
    """For SQLAlchemy's event `do_connect`."""
    options["async_creator_fn"] = connect
