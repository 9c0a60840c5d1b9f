"""Imports: a file's rows are staged with what each would do, looked at, and then brought in, all
or nothing.

Staging and the report are many short transactions; bringing in is one, which asks the records
again and gives up when they have changed since the report.
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.audit import log
from core.clock import local
from core.db.engine import Database
from core.registry.rows import Reading, from_json
from core.registry.staging import (
    SOUND,
    Given,
    Refused,
    Report,
    count,
    keys_before,
    next_rows,
    problems_of,
    staged,
    told,
)
from core.registry.tables import ImportRecord, ImportRowRecord
from core.registry.upsert import alone, apply, compare
from core.registry.values import Kind, Outcome, Problem, Reason, Verdict
from core.registry.vocabulary import vocabulary
from core.staff.rules import Member, Right, require

WIPED = 5_000
"""Staged rows that are deleted in one transaction."""
DUPLICATE = Verdict(Outcome.REFUSED, Problem(None, Reason.DUPLICATE))


class NoSuchImport(Exception):
    """No such import, somebody else's, or one that is over: applied, dropped, forgotten."""


class Outdated(Exception):
    """The records have changed since the report: nothing was brought in, the report is new."""


class Imports:
    """Every method raises NotAllowed, and those that name an import NoSuchImport. `by` None is the
    operator of the service, at the command line."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def reading(self, moment: datetime) -> Reading:
        """How rows are read today."""
        async with self._db.read() as session:
            return Reading(await vocabulary(session), local(moment).date())

    async def begin(self, by: Member | None, kind: Kind, moment: datetime) -> int:
        """A new import; one of the same person's that still waits is dropped."""
        _require(by)
        earlier = select(ImportRecord.id).where(
            ImportRecord.staff_id == (by.id if by else None),
            ImportRecord.state.in_(("reading", "reported")),
        )
        async with self._db.read() as session:
            waiting = (await session.scalars(earlier)).all()
        for one in waiting:
            with suppress(NoSuchImport):  # another file of theirs, at the same time, was faster
                await self.drop(by, one)
        async with self._db.write() as session:
            record = ImportRecord(
                staff_id=by.id if by else None, kind=kind.value, state="reading", created_at=moment
            )
            session.add(record)
            await session.flush()
            return record.id

    async def stage(self, import_id: int, kind: Kind, given: Sequence[Given]) -> None:
        """Keep these rows, BATCH at most, with what each would do. Raises NoSuchImport once
        another file has taken its place: nothing of this one is kept any more."""
        sound = [(row, row.read) for row in given if not isinstance(row.read, tuple)]
        rows = [read for _, read in sound]
        async with self._db.read() as session:
            verdicts = await compare(session, kind, rows) if rows else []
            seen = await keys_before(session, import_id, rows)
        outcome = {
            row.number: DUPLICATE if read.key in seen else verdict
            for (row, read), verdict in zip(sound, verdicts, strict=True)
        }
        kept = [staged(import_id, row, outcome.get(row.number)) for row in given]
        async with self._db.write() as session:
            record = await session.get(ImportRecord, import_id, with_for_update=True)
            if record is None or record.state != "reading":
                raise NoSuchImport
            await session.execute(insert(ImportRowRecord), kept)

    async def report(self, by: Member | None, import_id: int) -> Report:
        """All rows are staged: count them."""
        async with self._db.write() as session:
            record = await _own(session, by, import_id, lock=True)
            return await count(session, record)

    async def look(self, by: Member | None, import_id: int) -> Report:
        """The report as it was made last."""
        async with self._db.read() as session:
            record = await _own(session, by, import_id)
        if record.state != "reported":
            raise NoSuchImport
        return told(record)

    async def refused(self, by: Member | None, import_id: int) -> AsyncIterator[Sequence[Refused]]:
        """The rows to be mended, in batches, in the order of the file."""
        async with self._db.read() as session:
            await _own(session, by, import_id)
        refused = ImportRowRecord.outcome == Outcome.REFUSED.value
        async for records in self._batches(import_id, refused):
            yield [
                Refused(
                    record.number,
                    record.raw or {},
                    tuple(Problem(name, Reason(reason)) for name, reason in record.problems),
                )
                for record in records
            ]

    async def reasons(self, by: Member | None, import_id: int) -> list[tuple[Problem, int]]:
        """The problems of the refused rows and how many have each, the most frequent first."""
        found: Counter[Problem] = Counter()
        async for batch in self.refused(by, import_id):
            found.update(problem for row in batch for problem in row.problems)
        return found.most_common()

    async def apply(
        self,
        by: Member | None,
        import_id: int,
        concerned: int,
        moment: datetime,
        progress: Callable[[int], None] = lambda done: None,
    ) -> Report:
        """Bring in the `concerned` rows of the report, all or nothing; `progress` is told how many
        rows are through. Raises Outdated."""
        try:
            async with self._db.write() as session:
                report = await self._apply(session, by, import_id, concerned, moment, progress)
        except Outdated:
            await self._compare_anew(by, import_id)
            raise
        await self._wipe(import_id)
        return report

    async def drop(self, by: Member | None, import_id: int) -> None:
        """Forget an import that was not applied."""
        async with self._db.write() as session:
            (await _own(session, by, import_id, lock=True)).state = "dropped"
        await self._wipe(import_id)

    async def _apply(
        self,
        session: AsyncSession,
        by: Member | None,
        import_id: int,
        concerned: int,
        moment: datetime,
        progress: Callable[[int], None],
    ) -> Report:
        await alone(session)
        record = await _own(session, by, import_id, lock=True)
        if record.state != "reported":
            raise NoSuchImport
        kind, done = Kind(record.kind), 0
        counted: Counter[Outcome] = Counter()
        after = 0
        while batch := await next_rows(session, import_id, after, SOUND):
            after = batch[-1].number
            rows = [from_json(kind, one.row or {}) for one in batch]
            verdicts = await apply(session, kind, rows, actor="operator", moment=moment)
            counted.update(verdict.outcome for verdict in verdicts)
            if counted[Outcome.REFUSED]:
                raise Outdated
            done += len(batch)
            progress(done)
        if counted[Outcome.NEW] + counted[Outcome.CHANGED] != concerned:
            raise Outdated
        record.new, record.changed = counted[Outcome.NEW], counted[Outcome.CHANGED]
        record.unchanged = counted[Outcome.UNCHANGED]
        record.state, record.applied_at = "applied", moment
        report = told(record)
        log.note(
            session,
            by,
            "import_applied",
            moment,
            subjects={"import": [import_id]},
            details={
                "kind": kind.value,
                "new": report.new,
                "changed": report.changed,
                "unchanged": report.unchanged,
                "refused": report.refused,
            },
        )
        return report

    async def _compare_anew(self, by: Member | None, import_id: int) -> None:
        """What the rows would do now."""
        async with self._db.read() as session:
            kind = Kind((await _own(session, by, import_id)).kind)
        async for batch in self._batches(import_id, SOUND):
            rows = [from_json(kind, record.row or {}) for record in batch]
            async with self._db.read() as session:
                verdicts = await compare(session, kind, rows)
            changed = [
                {
                    "import_id": import_id,
                    "number": record.number,
                    "outcome": verdict.outcome.value,
                    "problems": problems_of(verdict),
                    "raw": record.row if verdict.problem else None,
                }
                for record, verdict in zip(batch, verdicts, strict=True)
                if verdict.outcome != record.outcome
            ]
            if changed:
                async with self._db.write() as session:
                    await session.execute(update(ImportRowRecord), changed)
        await self.report(by, import_id)

    async def _batches(self, import_id: int, wanted: Any) -> AsyncIterator[Sequence[Any]]:
        after = 0
        while True:
            async with self._db.read() as session:
                batch = await next_rows(session, import_id, after, wanted)
            if not batch:
                return
            after = batch[-1].number
            yield batch

    async def _wipe(self, import_id: int) -> None:
        rows = ImportRowRecord
        oldest = select(rows.number).where(rows.import_id == import_id).order_by(rows.number)
        while True:
            async with self._db.write() as session:
                numbers = (await session.scalars(oldest.limit(WIPED))).all()
                if not numbers:
                    return
                gone = delete(rows).where(rows.import_id == import_id, rows.number <= numbers[-1])
                await session.execute(gone.execution_options(synchronize_session=False))


def _require(by: Member | None) -> None:
    if by is not None:
        require(by, Right.IMPORT)


async def _own(
    session: AsyncSession, by: Member | None, import_id: int, *, lock: bool = False
) -> ImportRecord:
    _require(by)
    record = await session.get(ImportRecord, import_id, with_for_update=lock or None)
    if record is None or record.staff_id != (by.id if by else None):
        raise NoSuchImport
    if record.state in ("applied", "dropped"):
        raise NoSuchImport
    return record
