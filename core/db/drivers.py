"""The two drivers behind one face, for statements that go straight to them."""

import re
from collections.abc import Sequence
from functools import cache, partial
from typing import Any, Protocol

from sqlalchemy import Dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from core.db.ready import Made, Ready
from core.db.sqlite import Connection

Values = dict[str, Any]
Step = tuple[Ready, Sequence[Values]]
"""A statement, and what goes into it: once for each of these."""


class Driver(Protocol):
    """One connection. Its errors are the driver's own."""

    @property
    def lost(self) -> bool:
        """Whether it is known that nobody is at the other end any more."""

    async def begin(self) -> None:
        """A transaction that writes."""

    async def commit(self) -> None:
        """Keep what it has done."""

    async def rollback(self) -> None:
        """Undo it."""

    async def run(self, ready: Ready, values: Values) -> list[Any]:
        """The rows of a statement."""

    async def run_many(self, ready: Ready, rows: Sequence[Values]) -> None:
        """A statement once for each of the rows."""

    async def together(self, steps: Sequence[Step]) -> list[Any]:
        """Several statements that write, none of which needs what another one does; the rows of
        the one that returns some. One trip."""


class Postgres:
    """asyncpg's connection."""

    def __init__(self, connection: Any, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    @property
    def lost(self) -> bool:
        return bool(self._connection.is_closed())

    async def begin(self) -> None:
        await self._connection.execute("BEGIN")

    async def commit(self) -> None:
        await self._connection.execute("COMMIT")

    async def rollback(self) -> None:
        # always: after a BEGIN that was cut off nobody here knows whether there is a transaction
        await self._connection.execute("ROLLBACK")

    async def run(self, ready: Ready, values: Values) -> list[Any]:
        made = ready.of(self._dialect)
        rows = await self._connection.fetch(made.text, *made.positional(values))
        return [made.row(row) for row in rows]

    async def run_many(self, ready: Ready, rows: Sequence[Values]) -> None:
        made = ready.of(self._dialect)
        await self._connection.executemany(made.text, [made.positional(row) for row in rows])

    async def together(self, steps: Sequence[Step]) -> list[Any]:
        parts = [(ready.of(self._dialect), len(rows)) for ready, rows in steps]
        text = _one_statement(tuple(parts))
        values = [
            value
            for (made, _), (_, rows) in zip(parts, steps, strict=True)
            for row in rows
            for value in made.positional(row)
        ]
        found = await self._connection.fetch(text, *values)
        return [made.row(row) for made, _ in parts if made.returns for row in found]


PLACEHOLDER = re.compile(r"\$(\d+)")


@cache
def _one_statement(parts: tuple[tuple[Made, int], ...]) -> str:
    """Each part under a name of its own (WITH), which PostgreSQL carries out whether or not anybody
    asks for it; what goes into them is numbered through."""
    named, result, before = [], "1", 0
    for number, (made, rows) in enumerate(parts):
        each = len(made.given)
        head, values, row = made.text.partition(" VALUES ")
        texts = [row if values else head] * rows
        texts = [_renumbered(text, before + each * at) for at, text in enumerate(texts)]
        named.append(f"s{number} AS ({head + values if values else ''}{', '.join(texts)})")
        before += each * rows
        if made.returns:
            result = f"* FROM s{number}"
    return f"WITH {', '.join(named)} SELECT {result}"


def _renumbered(text: str, by: int) -> str:
    return PLACEHOLDER.sub(lambda found: f"${int(found[1]) + by}", text)


FEW = 64
"""Rows that are written where they are; more of them would hold up everybody's taps."""


class Sqlite:
    """aiosqlite's connection, whose thread is left out where its work is small."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    lost = False

    async def begin(self) -> None:
        self._connection.begin_with_next()

    async def commit(self) -> None:
        await self._connection.end("COMMIT")

    async def rollback(self) -> None:
        await self._connection.end("ROLLBACK")

    async def run(self, ready: Ready, values: Values) -> list[Any]:
        return await self.together([(ready, [values])])

    async def run_many(self, ready: Ready, rows: Sequence[Values]) -> None:
        await self.together([(ready, rows)])

    async def together(self, steps: Sequence[Step]) -> list[Any]:
        made = [(ready.of(self._dialect), rows) for ready, rows in steps]
        given = [(one, [one.positional(row) for row in rows]) for one, rows in made]
        work = partial(self._all, given)
        few = sum(len(rows) for _, rows in given) <= FEW
        return await (self._connection.at_once(work) if few else self._connection.trip(work))  # type: ignore[no-any-return]

    def _all(self, given: Sequence[tuple[Made, list[list[Any]]]]) -> list[Any]:
        found: list[Any] = []
        for made, rows in given:
            for values in rows:
                found += map(made.row, self._connection.own.execute(made.text, values).fetchall())
        return found


async def driver_of(connection: AsyncConnection) -> Driver:
    """What that connection drives."""
    driven: Any = (await connection.get_raw_connection()).driver_connection
    kind = Sqlite if connection.dialect.name == "sqlite" else Postgres
    return kind(driven, connection.dialect)
