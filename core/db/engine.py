"""The database: one engine, short transactions, and a bell for work that a commit leaves behind."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from core.db.sqlite import fewer_trips

BUSY_TIMEOUT = 10_000
"""Milliseconds that a writer of SQLite waits for another."""

PORTAL_TOLD = "portal_told"
"""In a session's `info`: whether somebody outside hears of what it changes."""

PASSING = ("08", "40", "53", "57P")
"""How PostgreSQL's SQLSTATE begins where nothing is wrong with what was asked: the connection is
lost, the transaction was given up for another one's sake, there is no room, the server stops."""


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
        options: dict[str, Any] = {} if self.is_sqlite else {"pool_size": pool_size}
        self.engine: AsyncEngine = create_async_engine(
            parsed.set(drivername=driver), hide_parameters=True, **options
        )
        reading: dict[str, Any] = {} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._reading = self.engine.execution_options(**reading)
        self._writing = self.engine.execution_options(writes=True)
        self._bells: dict[str, list[Callable[[], None]]] = {}
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "do_connect", fewer_trips)
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that only reads: each statement sees what is committed when it begins, and no
        transaction is opened for it. Raises DatabaseDown."""
        with _down_if_down():
            async with AsyncSession(self._reading, expire_on_commit=False) as session:
                yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction: committed at the end, rolled back on any error.
        Raises DatabaseDown.

        On SQLite it begins IMMEDIATE: a read that turns into a write under a deferred BEGIN
        fails at once, whatever the busy timeout.
        """
        info = {PORTAL_TOLD: self.portal_told}
        async with AsyncSession(self._writing, expire_on_commit=False, info=info) as session:
            with _down_if_down():
                async with session.begin():
                    yield session
            for name in session.info.get("work", ()):
                for ring in self._bells.get(name, ()):
                    ring()

    def on_work(self, name: str, ring: Callable[[], None]) -> None:
        """Call `ring` after each commit that left work of that name (see `leave_work`)."""
        self._bells.setdefault(name, []).append(ring)

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def leave_work(session: AsyncSession, name: str) -> None:
    """Note that this transaction leaves work behind; its worker is woken after the commit."""
    session.info.setdefault("work", set()).add(name)


@contextmanager
def _down_if_down() -> Iterator[None]:
    """Say DatabaseDown for all the ways in which a database, or the way to it, can be down. No
    network is called inside a transaction, so an OSError can only be the database's."""
    try:
        yield
    except (PoolTimeout, OSError) as error:
        raise DatabaseDown from error
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None) or ""
        outside = error.statement is None  # while connecting, whatever keeps us out
        lost = error.connection_invalidated or outside or state.startswith(PASSING)
        if lost or isinstance(error, OperationalError | InterfaceError):
            raise DatabaseDown from error
        raise


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
