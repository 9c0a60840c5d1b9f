"""Writing and reading the audit log."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.audit.tables import AuditRecord
from core.db.engine import Database
from core.staff.rules import Member, Right, require

BATCH = 1_000


@dataclass(frozen=True)
class Entry:
    """One line of the log."""

    id: int
    at: datetime
    staff_id: int | None
    act: str
    subjects: Mapping[str, Any]
    details: Mapping[str, Any]


def note(
    session: AsyncSession,
    by: Member | None,
    act: str,
    moment: datetime,
    *,
    subjects: Mapping[str, Sequence[int]],
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write an act down in the transaction that does it: there is never one without the other.

    `subjects` are ids by kind; `details` codes, numbers and reasons, never a name, an IIN or a
    phone.
    """
    session.add(
        AuditRecord(
            at=moment,
            staff_id=by.id if by else None,
            act=act,
            subjects={kind: list(ids) for kind, ids in subjects.items()},
            details=dict(details or {}),
        )
    )


class Audit:
    """The log by itself."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def looked(
        self, by: Member, act: str, moment: datetime, *, subjects: Mapping[str, Sequence[int]]
    ) -> None:
        """Write down that somebody looks at a person's data, before it is shown."""
        async with self._db.write() as session:
            note(session, by, act, moment, subjects=subjects)

    async def export(
        self, by: Member, since: datetime, until: datetime, moment: datetime
    ) -> AsyncIterator[Sequence[Entry]]:
        """The entries, to be taken out of the house: which is itself written down first. Raises
        NotAllowed."""
        require(by, Right.AUDIT)
        period = {"since": since.isoformat(), "until": until.isoformat()}
        async with self._db.write() as session:
            note(session, by, "audit_exported", moment, subjects={}, details=period)
        async for batch in self.entries(by, since, until):
            yield batch

    async def entries(
        self, by: Member, since: datetime, until: datetime
    ) -> AsyncIterator[Sequence[Entry]]:
        """The log in batches, the oldest first. Raises NotAllowed."""
        require(by, Right.AUDIT)
        after = 0
        while True:
            async with self._db.read() as session:
                records = (
                    await session.scalars(
                        select(AuditRecord)
                        .where(
                            AuditRecord.id > after, AuditRecord.at >= since, AuditRecord.at < until
                        )
                        .order_by(AuditRecord.id)
                        .limit(BATCH)
                    )
                ).all()
            if not records:
                return
            after = records[-1].id
            yield [
                Entry(
                    record.id,
                    record.at,
                    record.staff_id,
                    record.act,
                    record.subjects,
                    record.details,
                )
                for record in records
            ]
