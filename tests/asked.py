"""What is asked of a database, whichever way it goes there."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import event

from core.db.connections import Taken
from core.db.drivers import Driver, Step, Values
from core.db.engine import Database
from core.db.ready import Ready


@contextmanager
def asked(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """Each statement with its parameters, those of sessions and those that go straight to the
    driver."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        seen.append((statement, parameters))

    one = database._connections.one

    @asynccontextmanager
    async def noted() -> AsyncIterator[Taken]:
        async with one() as taken:
            yield Taken(taken.connection, Noting(database, taken.driver, seen))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    database._connections.one = noted  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        database._connections.one = one  # type: ignore[method-assign]
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


class Noting:
    """A driver whose statements are noted."""

    def __init__(
        self, database: Database, driver: Driver, seen: list[tuple[str, tuple[Any, ...]]]
    ) -> None:
        self._dialect = database.engine.dialect
        self._driver = driver
        self._seen = seen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    async def run(self, ready: Ready, values: Values) -> list[Any]:
        self._note(ready, values)
        return await self._driver.run(ready, values)

    async def run_many(self, ready: Ready, rows: Sequence[Values]) -> None:
        for row in rows:
            self._note(ready, row)
        await self._driver.run_many(ready, rows)

    async def together(self, steps: Sequence[Step]) -> list[Any]:
        for ready, rows in steps:
            for row in rows:
                self._note(ready, row)
        return await self._driver.together(steps)

    def _note(self, ready: Ready, values: Values) -> None:
        made = ready.of(self._dialect)
        self._seen.append((made.text, tuple(made.positional(values))))
