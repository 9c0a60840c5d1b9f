"""Exports: the journal of applications and the changes of a day, in batches, each written down."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from core.applications.rules import WAITING, Status
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.audit import log
from core.clock import local, start_of
from core.db.engine import Database
from core.registry.vocabulary import Stages, stages
from core.staff.rules import Member, Right, require

BATCH = 1_000
ONE_DAY = timedelta(days=1)
DATA = (
    "registration_number",
    "registered_at",
    "district",
    "category",
    "applicant_iin",
    "applicant_name",
    "applicant_birth_date",
    "applicant_phone",
    "applicant_address",
    "child_iin",
    "child_name",
    "child_birth_date",
    "applicant_email",
    "child_given_name",
    "privilege",
)
"""What the journal tells of an application: the fields of its import, in the same order."""


@dataclass(frozen=True)
class JournalLine:
    """An application. `data` by the fields of DATA; `number` its place in the queue, `last_day`
    of the term that runs."""

    id: int
    data: dict[str, Any] = field(repr=False)
    status: Status
    number: int | None
    last_day: date | None


@dataclass(frozen=True)
class Change:
    """One line of an application's history."""

    id: int
    at: datetime
    registration_number: str
    district: str
    child: str = field(repr=False)
    event: str
    from_status: Status | None
    to_status: Status
    actor: str
    details: Mapping[str, Any]


class Exports:
    """What a member of staff may take out: of the own district, or of the region."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def stages(self) -> Stages:
        """The names of queue stages and privileges."""
        async with self._db.read() as session:
            return await stages(session)

    async def journal(
        self,
        by: Member,
        moment: datetime,
        write: Callable[[Sequence[JournalLine]], Awaitable[None]],
    ) -> int:
        """All applications, in batches for `write`; how many. Raises NotAllowed."""
        require(by, Right.EXPORT, by.district)
        async with self._db.read() as session:
            numbers = {row.id: row.number for row in await session.execute(_numbers(by))}

        def line(row: Any) -> JournalLine:
            return _line(row, numbers.get(row.id))

        query = _journal(by)
        return await self._export(by, moment, "journal_exported", query, line, write, {})

    async def changes(
        self,
        by: Member,
        day: date,
        moment: datetime,
        write: Callable[[Sequence[Change]], Awaitable[None]],
    ) -> int:
        """What happened to applications on a day of Kazakhstan, as it was written down."""
        require(by, Right.EXPORT, by.district)
        told = {"day": day.isoformat()}
        query = _changes(by, day)
        return await self._export(by, moment, "changes_exported", query, _change, write, told)

    async def _export(
        self,
        by: Member,
        moment: datetime,
        act: str,
        query: Select[Any],
        line: Callable[[Any], Any],
        write: Callable[[Sequence[Any]], Awaitable[None]],
        details: dict[str, Any],
    ) -> int:
        """`query` has a column `key`, by which the batches follow one another."""
        rows, ids, after = 0, _Ranges(), 0
        key = query.selected_columns.key
        while True:
            next_ones = query.where(key > after).order_by(key).limit(BATCH)
            async with self._db.read() as session:
                batch = (await session.execute(next_ones)).all()
            if not batch:
                break
            after = batch[-1].key
            ids.add(row.id for row in batch)
            rows += len(batch)
            await write([line(row) for row in batch])
        told = {**details, "district": by.district, "rows": rows, "applications": ids.told}
        async with self._db.write() as session:
            log.note(session, by, act, moment, subjects={}, details=told)
        return rows


class _Ranges:
    """Ids as [first, last], so that 100,000 of them are one line of the audit log."""

    def __init__(self) -> None:
        self._ids: set[int] = set()

    def add(self, ids: Any) -> None:
        self._ids.update(ids)

    @property
    def told(self) -> list[list[int]]:
        ranges: list[list[int]] = []
        for one in sorted(self._ids):
            if ranges and ranges[-1][1] == one - 1:
                ranges[-1][1] = one
            else:
                ranges.append([one, one])
        return ranges


def _journal(by: Member) -> Select[Any]:
    table = ApplicationRecord.__table__
    columns = [table.c[name] for name in (*DATA, "id", "status", "ends_at")]
    return _theirs(select(table.c.id.label("key"), *columns), by)


def _numbers(by: Member) -> Select[Any]:
    """The queue numbers (R5), all at once: each depends on the others."""
    table = ApplicationRecord.__table__
    place = func.row_number().over(
        partition_by=(table.c.district, table.c.category),
        order_by=(table.c.registered_at, table.c.id),
    )
    waiting = [status.value for status in WAITING]
    query = select(table.c.id, place.label("number")).where(table.c.status.in_(waiting))
    return _theirs(query, by)


def _changes(by: Member, day: date) -> Select[Any]:
    columns: tuple[Any, ...] = (
        HistoryRecord.id.label("key"),
        HistoryRecord.at,
        HistoryRecord.event,
        HistoryRecord.from_status,
        HistoryRecord.to_status,
        HistoryRecord.actor,
        HistoryRecord.details,
        ApplicationRecord.id,
        ApplicationRecord.registration_number,
        ApplicationRecord.district,
        ApplicationRecord.child_name,
    )
    query = (
        select(*columns)
        .join(ApplicationRecord, ApplicationRecord.id == HistoryRecord.application_id)
        .where(HistoryRecord.at >= start_of(day), HistoryRecord.at < start_of(day + ONE_DAY))
    )
    return _theirs(query, by)


def _theirs(query: Select[Any], by: Member) -> Select[Any]:
    if by.district is None:
        return query
    return query.where(ApplicationRecord.district == by.district)


def _line(row: Any, number: int | None) -> JournalLine:
    return JournalLine(
        id=row.id,
        data={name: getattr(row, name) for name in DATA},
        status=Status(row.status),
        number=number,
        last_day=local(row.ends_at).date() - ONE_DAY if row.ends_at else None,
    )


def _change(row: Any) -> Change:
    return Change(
        id=row.id,
        at=row.at,
        registration_number=row.registration_number,
        district=row.district,
        child=row.child_name,
        event=row.event,
        from_status=Status(row.from_status) if row.from_status else None,
        to_status=Status(row.to_status),
        actor=row.actor,
        details=row.details,
    )
