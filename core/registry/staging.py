"""The staged rows of an import: how they are kept, found again and counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.registry.readers import MIDNIGHT
from core.registry.rows import Row, to_json
from core.registry.tables import ImportRecord, ImportRowRecord
from core.registry.upsert import BATCH
from core.registry.values import Kind, Outcome, Problem, Verdict

KEPT = 1_000
"""Characters of a refused cell."""
SOUND = ImportRowRecord.outcome != Outcome.REFUSED.value


@dataclass(frozen=True)
class Report:
    """What an import would do, or has done; numbers of rows."""

    id: int
    kind: Kind
    new: int
    changed: int
    unchanged: int
    refused: int

    @property
    def concerned(self) -> int:
        """The rows that something is done with."""
        return self.new + self.changed


@dataclass(frozen=True)
class Given:
    """A row of a file: its number, its cells by field as they were, and as it was read."""

    number: int
    raw: Mapping[str, Any] = field(repr=False)
    read: Row | tuple[Problem, ...] = field(repr=False)


@dataclass(frozen=True)
class Refused:
    """A row to be mended."""

    number: int
    cells: Mapping[str, Any] = field(repr=False)
    problems: tuple[Problem, ...]


async def next_rows(
    session: AsyncSession, import_id: int, after: int, wanted: Any
) -> Sequence[Any]:
    """The next BATCH of the rows that are `wanted`, in the order of the file."""
    rows = ImportRowRecord.__table__
    query = select(rows).where(rows.c.import_id == import_id, rows.c.number > after, wanted)
    return (await session.execute(query.order_by(rows.c.number).limit(BATCH))).all()


async def keys_before(
    session: AsyncSession, import_id: int, rows: Sequence[Row]
) -> set[str | None]:
    """Those of the rows' keys that stand further up in the file."""
    keys = [row.key for row in rows]
    known = select(ImportRowRecord.key).where(
        ImportRowRecord.import_id == import_id, ImportRowRecord.key.in_(keys)
    )
    return set(await session.scalars(known)) if keys else set()


async def count(session: AsyncSession, record: ImportRecord) -> Report:
    """All rows are staged: the report, which is kept with the import."""
    rows = ImportRowRecord
    grouped = select(rows.outcome, func.count()).where(rows.import_id == record.id)
    counted = dict((await session.execute(grouped.group_by(rows.outcome))).all())
    record.new = counted.get(Outcome.NEW.value, 0)
    record.changed = counted.get(Outcome.CHANGED.value, 0)
    record.unchanged = counted.get(Outcome.UNCHANGED.value, 0)
    record.refused = counted.get(Outcome.REFUSED.value, 0)
    record.state = "reported"
    return told(record)


def told(record: ImportRecord) -> Report:
    """The report as it was kept."""
    return Report(
        record.id,
        Kind(record.kind),
        record.new,
        record.changed,
        record.unchanged,
        record.refused,
    )


def staged(import_id: int, given: Given, verdict: Verdict | None) -> dict[str, Any]:
    """A row as it is kept; `verdict` None: it could not be read."""
    read = given.read
    refused = verdict is None or verdict.problem is not None
    faults = read if isinstance(read, tuple) else ()
    problems = [[problem.field, problem.reason.value] for problem in faults]
    return {
        "import_id": import_id,
        "number": given.number,
        "key": None if isinstance(read, tuple) else read.key,
        "outcome": verdict.outcome.value if verdict else Outcome.REFUSED.value,
        "row": None if isinstance(read, tuple) else to_json(read),
        "raw": {name: _kept(cell) for name, cell in given.raw.items()} if refused else None,
        "problems": problems_of(verdict) if verdict else problems,
    }


def problems_of(verdict: Verdict) -> list[Any]:
    """How the problem of a row is kept."""
    problem = verdict.problem
    return [[problem.field, problem.reason.value]] if problem else []


def _kept(cell: object) -> object:
    """A cell as JSON takes it; one that is far too long is cut, as it is refused anyhow."""
    if isinstance(cell, str):
        return cell[:KEPT].encode(errors="replace").decode().replace("\0", "")
    if isinstance(cell, bool | int) or cell is None or (isinstance(cell, float) and isfinite(cell)):
        return cell
    if isinstance(cell, datetime) and cell.time() != MIDNIGHT:
        return cell.isoformat(" ")
    if isinstance(cell, datetime):  # a day alone, as the sheet has shown it
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
