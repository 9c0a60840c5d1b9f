"""The database: one engine, short transactions, and a bell for work that a commit leaves behind."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from prometheus_client import Counter
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from core.db.connections import Connections, Taken
from core.db.drivers import Driver, Step
from core.db.ready import Ready
from core.db.sqlite import BUSY_TIMEOUT, fewer_trips
from core.db.turns import Turns

DRIVER = "driver"
"""In the `info` of a session that writes: what it writes by."""
PORTAL_TOLD = "portal_told"
"""In a session's `info`: whether somebody outside hears of what it changes."""

PASSING = ("08", "40", "53", "57P")
"""How PostgreSQL's SQLSTATE begins where nothing is wrong with what was asked: the connection is
lost, the transaction was given up for another one's sake, there is no room, the server stops."""


LOST = ("InterfaceError", "InternalClientError", "ConnectionDoesNotExistError")
"""What asyncpg says of a connection that is gone, or that it has given up."""

DOWN = Counter(
    "oryn_database_refusals", "How often the database could not do what this process asked of it."
)


class DatabaseDown(Exception):
    """The database cannot do it now: nothing was changed, and the same may succeed later."""


class Database:
    """SQLite (WAL) or PostgreSQL behind the same two doors: `read()` and `write()`.

    No network call is made inside either. A use case opens one `write()` and is done.
    """

    def __init__(self, url: str | URL, *, pool_size: int = 10, portal_told: bool = False) -> None:
        """`portal_told`: changes are noted for the portal (`core.portal.outbox.tell`)."""
        parsed = make_url(url)
        self.portal_told = portal_told
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        driver = "sqlite+aiosqlite" if self.is_sqlite else "postgresql+asyncpg"
        self.engine: AsyncEngine = create_async_engine(
            parsed.set(drivername=driver), hide_parameters=True, pool_size=pool_size
        )
        # where SQLAlchemy begins nothing by itself: readers need no transaction, writers say BEGIN
        plain: dict[str, Any] = {} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._connections = Connections(self.engine.execution_options(**plain), pool_size)
        # SQLite has one writer, and lets those who wait for it in by chance: they wait here
        self._writers = Turns(1) if self.is_sqlite else self._connections.turns
        self._bells: dict[str, list[Callable[[], None]]] = {}
        self.tell_others: Callable[[str], None] = lambda name: None
        """Called as the bells are, with the work's name: for those who wait in other processes."""
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "do_connect", fewer_trips)
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)

    @property
    def crowded(self) -> bool:
        """Whether people wait for the database: whatever can wait for another day, waits."""
        return self._connections.turns.crowded or self._writers.crowded

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that only reads: each statement sees what is committed when it begins, and no
        transaction is opened for it. Raises DatabaseDown."""
        with _down_if_down():
            async with (
                self._connections.one() as taken,
                AsyncSession(taken.connection, expire_on_commit=False) as session,
            ):
                yield session

    async def ask(self, ready: Ready, **values: Any) -> list[Any]:
        """The rows of one statement that only reads, straight from the driver. Raises
        DatabaseDown."""
        with _down_if_down():
            async with self._connections.one() as taken:
                return await taken.driver.run(ready, values)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction: committed at the end, rolled back on any error.
        Raises DatabaseDown.

        On SQLite it begins IMMEDIATE: a read that turns into a write under a deferred BEGIN
        fails at once, whatever the busy timeout.
        """
        with _down_if_down():
            async with self._writers.turn(), self._connections.one() as taken:
                info = {DRIVER: taken.driver, PORTAL_TOLD: self.portal_told}
                session = AsyncSession(taken.connection, expire_on_commit=False, info=info)
                try:
                    await taken.driver.begin()
                    yield session
                    await _flush(session)
                    await taken.driver.commit()
                except BaseException:
                    await asyncio.shield(_give_up(taken))
                    raise
                finally:
                    await _close(session, taken)
        for name in session.info.get("work", ()):
            self.ring(name)
            self.tell_others(name)

    def on_work(self, name: str, ring: Callable[[], None]) -> None:
        """Call `ring` after each commit that left work of that name (see `leave_work`)."""
        self._bells.setdefault(name, []).append(ring)

    def ring(self, name: str) -> None:
        """There is work of that name: a commit of this process, or of another one, has left it."""
        for ring in self._bells.get(name, ()):
            ring()

    async def close(self) -> None:
        """Close all connections."""
        await self._connections.close()
        await self.engine.dispose()


async def _give_up(taken: Taken) -> None:
    """Roll back; a connection that cannot even do that is done with."""
    try:
        await taken.driver.rollback()
    except Exception:  # noqa: BLE001 what went wrong first is what is told
        await taken.connection.invalidate()


async def _close(session: AsyncSession, taken: Taken) -> None:
    """What is over; here and now, where all that was asked went past SQLAlchemy."""
    if taken.connection.in_transaction():
        await asyncio.shield(session.close())
    else:
        session.sync_session.close()


async def run(session: AsyncSession, ready: Ready, **values: Any) -> list[Any]:
    """The rows of one statement, straight from the driver, inside the session's transaction."""
    await _flush(session)
    driver: Driver = session.info[DRIVER]
    return await driver.run(ready, values)


async def run_many(session: AsyncSession, ready: Ready, rows: Sequence[dict[str, Any]]) -> None:
    """One statement for each of these rows, in one go."""
    await _flush(session)
    driver: Driver = session.info[DRIVER]
    await driver.run_many(ready, rows)


async def together(session: AsyncSession, *steps: Step) -> list[Any]:
    """Several statements that write, in one trip; the rows of the one that returns some. None may
    need what another one does: PostgreSQL runs them as one."""
    await _flush(session)
    driver: Driver = session.info[DRIVER]
    return await driver.together(steps)


async def _flush(session: AsyncSession) -> None:
    """What the session has not written yet comes first, as with any statement of its own."""
    if session.new or session.dirty or session.deleted:
        await session.flush()


def leave_work(session: AsyncSession, name: str) -> None:
    """Note that this transaction leaves work behind; its worker is woken after the commit."""
    session.info.setdefault("work", set()).add(name)


@contextmanager
def _down_if_down() -> Iterator[None]:
    """Say DatabaseDown for all the ways in which a database, or the way to it, can be down. No
    network is called inside a transaction, so an OSError can only be the database's."""
    try:
        yield
    except (PoolTimeout, OSError, sqlite3.OperationalError) as error:
        DOWN.inc()
        raise DatabaseDown from error
    except DBAPIError as error:
        outside = error.statement is None  # while connecting, whatever keeps us out
        passing = isinstance(error, OperationalError | InterfaceError)
        if outside or passing or error.connection_invalidated or _passes(error.orig):
            DOWN.inc()
            raise DatabaseDown from error
        raise
    except Exception as error:
        if _passes(error):
            DOWN.inc()
            raise DatabaseDown from error
        raise


def _passes(error: BaseException | None) -> bool:
    """Whether the driver says that nothing is wrong with what was asked."""
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return str(state).startswith(PASSING)
    kind = type(error)
    return kind.__module__.startswith("asyncpg") and kind.__name__ in LOST


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "wal_autocheckpoint = 0",  # see CHECKPOINT
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
