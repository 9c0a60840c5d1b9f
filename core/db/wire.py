"""The wire between the processes on one PostgreSQL: words that all of them hear at once, statements
too small and too many for the pool, and a sign of life.

It is one connection that each process keeps for itself: it listens (LISTEN), tells (NOTIFY), and
holds an advisory lock that says that the process lives. PostgreSQL lets go of it as soon as the
process is gone, however it ended.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from core.db.engine import PASSING, Database, DatabaseDown

log = structlog.get_logger(__name__)

CHANNEL = "oryn"
LIFE = 0x6F72796E
"""The first key of the advisory locks by which processes live; the second is the process."""
DUTY = 0x6F72796F
"""The same of work that one process does at a time."""
AGAIN = 0.5
"""Seconds between two tries to connect."""
PATIENCE = 5.0
"""Seconds that one statement may take."""
GATHER = 0.02
"""Seconds for which words are gathered after others have just been told."""
SETTINGS = {
    # what stands on the wire is of no use after a crash: no statement of it waits for the disk
    "synchronous_commit": "off",
    # a machine that has vanished is noticed soon, and its locks are free
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "application_name": "orynbot wire",
}
LIVING = f"""SELECT objid::bigint AS process FROM pg_locks
    WHERE locktype = 'advisory' AND classid = {LIFE} AND objsubid = 2 AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
"""The processes that live: a statement, or part of one."""


class Wire:
    """What is told while the connection is away is lost: whoever listens looks by itself, too."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.process = secrets.randbelow(2**31)
        """Names this process among the others, until it ends."""
        self._engine = engine
        self._connection: Any = None
        self._asking = asyncio.Lock()
        self._hearers: dict[str, list[Callable[[str], object]]] = {}
        self._words: dict[str, None] = {}  # in their order, each once
        self._stir = asyncio.Event()

    def on(self, word: str, hear: Callable[[str], object]) -> None:
        """Call `hear` with what another process has told under that word."""
        self._hearers.setdefault(word, []).append(hear)

    def tell(self, word: str, what: str) -> None:
        """Tell the other processes soon; ids and numbers only."""
        self._words[f"{word} {what}"] = None
        self._stir.set()

    async def fetch(self, statement: str, *values: Any) -> Sequence[Any]:
        """The rows of one short statement, a transaction of its own. Raises DatabaseDown."""
        async with self._asking:
            if self._connection is None:
                raise DatabaseDown
            try:
                rows: Sequence[Any] = await self._connection.fetch(
                    statement, *values, timeout=PATIENCE
                )
            except Exception as error:
                state = getattr(error, "sqlstate", None)
                if state is not None and not state.startswith(PASSING):
                    raise
                if state is None:
                    self._lose()  # the connection's fault, or nobody knows what it is doing
                raise DatabaseDown from error
            return rows

    @asynccontextmanager
    async def alone(self, name: str) -> AsyncIterator[bool]:
        """Whether this process, of all, has that work for as long as the context lasts. Another one
        can have it as soon as this one is through with it, or dead. Raises DatabaseDown."""
        lock = (DUTY, name)
        (row,) = await self.fetch("SELECT pg_try_advisory_lock($1, hashtext($2)) AS mine", *lock)
        try:
            yield row["mine"]
        finally:
            if row["mine"]:
                try:
                    await self.fetch("SELECT pg_advisory_unlock($1, hashtext($2))", *lock)
                except DatabaseDown:
                    self._lose()  # and the lock with it

    async def run(self) -> None:
        """Stay connected, and tell what is to be told, for ever."""
        while True:
            if self._connection is None:
                try:
                    await self.connect()
                except Exception as error:  # noqa: BLE001 whatever it is: once more
                    log.warning("the database is down", work="wire", error=type(error).__name__)
                    await asyncio.sleep(AGAIN)
                    continue
            await self._stir.wait()
            self._stir.clear()
            words, self._words = list(self._words), {}
            if words and self._connection is not None:
                try:
                    await self.fetch(
                        f"SELECT pg_notify('{CHANNEL}', word) FROM unnest($1::text[]) word", words
                    )
                except Exception as error:  # noqa: BLE001 whoever listens looks by itself, too
                    log.warning("words not told", error=type(error).__name__, words=len(words))
                await asyncio.sleep(GATHER)

    async def connect(self) -> None:
        """Connect now, and begin to live."""
        import asyncpg  # type: ignore[import-untyped]  # not on SQLite: it would only take memory

        _, options = self._engine.dialect.create_connect_args(self._engine.url)
        options.pop("prepared_statement_cache_size", None)
        connection = await asyncpg.connect(
            **options, server_settings=SETTINGS, timeout=PATIENCE, command_timeout=PATIENCE
        )
        try:
            await connection.execute("SELECT pg_advisory_lock($1, $2)", LIFE, self.process)
            await connection.add_listener(CHANNEL, self._hear)
        except BaseException:
            connection.terminate()
            raise
        connection.add_termination_listener(self._lost)
        self._connection = connection

    async def close(self) -> None:
        """Be gone: what this process held is free."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close(timeout=PATIENCE)

    def _hear(self, connection: Any, pid: int, _channel: str, told: str) -> None:
        if pid == connection.get_server_pid():
            return
        word, _, what = told.partition(" ")
        for hear in self._hearers.get(word, ()):
            hear(what)

    def _lost(self, connection: Any) -> None:
        if connection is self._connection:
            self._connection = None
            self._stir.set()

    def _lose(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()
        self._stir.set()


@asynccontextmanager
async def connected(db: Database) -> AsyncIterator[Wire]:
    """The wire of that database: work that a commit leaves is heard of in all processes."""
    wire = Wire(db.engine)
    wire.on("work", db.ring)
    db.tell_others = partial(wire.tell, "work")
    await wire.connect()
    try:
        yield wire
    finally:
        await wire.close()
