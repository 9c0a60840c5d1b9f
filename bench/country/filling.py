"""A database of a whole country after a year, filled by set statements: families, applications and
what became of them, notices, a broadcast; nobody in it exists."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from operator import mul
from typing import Any

from sqlalchemy import Connection, delete, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.country import families, traffic
from bench.country.year import Year
from core.db.engine import Database
from core.db.schema import metadata
from core.figures import days
from core.figures.tables import SummedRecord
from core.identity.rules import SECOND_WEIGHTS, WEIGHTS
from core.places.districts import DISTRICTS
from core.places.search import fold
from seed.categories import AGED_1, AGED_2, AGED_3, FIRST, OUT_OF_TURN
from seed.names import KAZAKH, RUSSIAN

NOW = datetime(2026, 4, 7, 5, tzinfo=UTC)
"""A working morning in Kazakhstan, at which nothing is due."""
STAGES = (AGED_3, AGED_2, AGED_1, AGED_2, FIRST, AGED_3, AGED_1, OUT_OF_TURN)
CODES = tuple(DISTRICTS)
FAMILIES_A_DAY = 3_000
"""With one birthday: an IIN has four digits for them, and not all of them are valid."""
SORTING, USUAL = 500_000, 2_000
"""KB that SQLite keeps of its pages: while it is filled, and by default."""
UNNUMBERED = {"digests", "nightly"}
COLUMNS = """i BIGINT PRIMARY KEY, family BIGINT, k INTEGER, iin TEXT, child_iin TEXT, born DATE,
    child_born DATE, name TEXT, child TEXT, given TEXT, district TEXT, category TEXT,
    first TEXT, second TEXT, third TEXT, fourth TEXT"""


async def fill(db: Database, size: int) -> None:
    """`size` applications and what belongs to them, into a database that has but the stages of the
    queue."""
    async with _writing(db) as connection:
        await connection.run_sync(_bare)
        await connection.execute(text(f"CREATE TABLE people ({COLUMNS})"))
    await _bring(db, size)
    for statement in _statements(Year(size, NOW, sqlite=db.is_sqlite)):
        async with _writing(db) as connection:
            if not db.is_sqlite:  # as when a backup is restored: what refers to what is known
                await connection.execute(text("SET LOCAL session_replication_role = replica"))
            await connection.exec_driver_sql(statement)
    async with _writing(db) as connection:
        await connection.execute(text("DROP TABLE people"))
        await connection.run_sync(_indexed)
        if not db.is_sqlite:
            for statement in _counters():
                await connection.exec_driver_sql(statement)
    await _nights(db)
    async with db.engine.connect() as connection:
        alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await alone.execute(text("ANALYZE" if db.is_sqlite else "VACUUM ANALYZE"))


@asynccontextmanager
async def _writing(db: Database) -> AsyncIterator[AsyncConnection]:
    """A transaction to which SQLite gives memory to sort in; what is measured has none of it."""
    async with db.engine.execution_options(writes=True).begin() as connection:
        if db.is_sqlite:
            await connection.exec_driver_sql(f"PRAGMA cache_size = {-SORTING}")
        yield connection
        if db.is_sqlite:
            await connection.exec_driver_sql(f"PRAGMA cache_size = {-USUAL}")


async def _nights(db: Database) -> None:
    """The history's sums, as the nights before would have left them."""
    async with db.write() as session:
        await session.execute(delete(SummedRecord))
        await days.plan(session, NOW - timedelta(days=1))
    while await _night(db):
        pass


async def _night(db: Database) -> int:
    async with db.write() as session:
        return await days.sweep(session, NOW)


PARTS = (
    families.places,
    families.people,
    families.applications,
    families.words,
    families.changes,
    traffic.notices,
    traffic.broadcast,
    traffic.signed,
    traffic.around,
)


def _statements(year: Year) -> Iterator[str]:
    """One after the other, each from `people`."""
    for part in PARTS:
        for table, columns, source in part(year):
            names, values = ", ".join(columns), ", ".join(columns.values())
            yield f"INSERT INTO {table} ({names}) SELECT {values} FROM people {source}"


def _counters() -> Iterator[str]:
    """PostgreSQL numbers on from what stands there."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None and table.name not in UNNUMBERED:
            yield f"""SELECT setval(s, COALESCE(max({column.name}), 1))
                FROM {table.name}, pg_get_serial_sequence('{table.name}', '{column.name}') s
                GROUP BY s"""


def _bare(connection: Connection) -> None:
    """Without the indexes: they are quicker made at the end."""
    for table in metadata.sorted_tables:
        for index in table.indexes:
            index.drop(connection)


def _indexed(connection: Connection) -> None:
    for table in metadata.sorted_tables:
        for index in table.indexes:
            index.create(connection)


async def _bring(db: Database, size: int) -> None:
    """The families themselves, whose numbers SQL cannot reckon."""
    async with db.engine.execution_options(writes=True).begin() as connection:
        raw: Any = (await connection.get_raw_connection()).driver_connection
        if db.is_sqlite:
            statement = f"INSERT INTO people VALUES ({', '.join('?' * 16)})"
            for batch in _batches(size):
                kept = [(*one[:5], str(one[5]), str(one[6]), *one[7:]) for one in batch]
                await raw.executemany(statement, kept)
        else:
            for batch in _batches(size):
                await raw.copy_records_to_table("people", records=batch)


def _batches(size: int, many: int = 50_000) -> Iterator[list[Sequence[Any]]]:
    for first in range(0, size, many):
        yield [_family(number) for number in range(first, min(first + many, size))]


def _family(number: int) -> Sequence[Any]:
    """One application: every tenth is of a family that has another one."""
    whose = number - (number % 10 == 9)
    tongue = (KAZAKH, RUSSIAN)[whose % 3 == 0]
    surname = tongue.surnames[whose // 3 % len(tongue.surnames)]
    parts = (
        f"{surname.female[:-1]}{_ending(whose)}",
        tongue.girls[whose // 39 % len(tongue.girls)],
        tongue.daughters[whose // 429 % len(tongue.daughters)],
    )
    given = tongue.boys[number // 7 % len(tongue.boys)]
    born = date(1980, 1, 1) + timedelta(days=whose // FAMILIES_A_DAY)
    child_born = date(2020, 3, 1) + timedelta(days=number * 7919 % 2000)
    return (
        number + 1,
        whose + 1,
        place_of(number),
        _iin(_six(born) + "4", whose % FAMILIES_A_DAY),
        _iin(_six(child_born) + "6", number // 2000 % FAMILIES_A_DAY),
        born,
        child_born,
        " ".join(parts),
        f"{parts[0]} {given}",
        given,
        CODES[number * 31 % len(CODES)],
        STAGES[number * 17 // 20 % len(STAGES)],
        *map(_folded, (*parts, given)),
    )


def place_of(number: int) -> int:
    """Its place among the thousand (`bench.country.year`), from 0."""
    return number * 48_271 % 65_537 % 1000


def has_chat(number: int) -> bool:
    """Whether its applicant has one, with the same id."""
    return number % 10 != 9 and (number + 1) % 4 != 0


def _ending(number: int) -> str:
    """What makes a surname one of ten thousand: two syllables of it."""
    syllables = "бадагажакаламанарасатауахаба"
    first, second = number // 50 % 14, number // 700 % 14
    return syllables[2 * first : 2 * first + 2] + syllables[2 * second : 2 * second + 2]


@cache
def _six(born: date) -> str:
    return f"{born:%y%m%d}"


@cache
def _folded(word: str) -> str:
    return fold(word)


@cache
def _sums(digits: str, first: int) -> tuple[int, ...]:
    """What these digits, from that place on, add to the two sums of an IIN's check digit."""
    return tuple(
        sum(map(mul, weights[first:], map(int, digits))) for weights in (WEIGHTS, SECOND_WEIGHTS)
    )


def _iin(born: str, serial: int) -> str:
    """Of whoever was `born` then (six digits and the century's)."""
    while True:
        number = f"{serial:04d}"
        for begun, ended in zip(_sums(born, 0), _sums(number, 7), strict=True):
            check = (begun + ended) % 11
            if check < 10:
                return f"{born}{number}{check}"
        serial += FAMILIES_A_DAY
