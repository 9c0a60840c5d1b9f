"""Bringing rows of one kind into the records: set statements, never a query for one row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.registry.applications import Applications
from core.registry.citizens import Citizens
from core.registry.days import Days
from core.registry.kindergartens import Kindergartens
from core.registry.places import Places
from core.registry.rows import Row
from core.registry.values import Kind, Outcome, Problem, Reason, Verdict

BATCH = 500
"""Rows that go to the database at once: what `compare` and `apply` are handed at most."""
LOCK, FEW = 7_302_001, 7_302_002
"""Name the registry among PostgreSQL's advisory locks: a file has the first for itself, those who
bring a few rows in share it, and take turns by the second."""


class Upsert(Protocol):
    """How one kind meets its records."""

    async def compare(
        self, session: AsyncSession, rows: Sequence[Any], *, lock: bool
    ) -> list[Verdict]:
        """What each row would do; `lock` the records that would change until the transaction
        ends."""

    async def write(
        self,
        session: AsyncSession,
        rows: Sequence[Any],
        verdicts: Sequence[Verdict],
        *,
        actor: str,
        moment: datetime,
    ) -> None:
        """Do it, for those that are new or changed."""


UPSERTS: dict[Kind, Upsert] = {
    Kind.CITIZENS: Citizens(),
    Kind.APPLICATIONS: Applications(),
    Kind.KINDERGARTENS: Kindergartens(),
    Kind.PLACES: Places(),
    Kind.DAYS: Days(),
}


async def compare(session: AsyncSession, kind: Kind, rows: Sequence[Row]) -> list[Verdict]:
    """What `apply` would do with each row, without doing it."""
    return _once_each(rows, await UPSERTS[kind].compare(session, rows, lock=False))


class FileComesIn(Exception):
    """A file is being brought in, which takes its time: nothing was changed, come again later."""


async def alone(session: AsyncSession) -> None:
    """Until the transaction ends, nobody else brings rows in: of two who meet, the second sees
    what the first has made. On SQLite that holds for every writer anyhow."""
    if _many_write(session):
        await session.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": LOCK})


async def beside_no_file(session: AsyncSession) -> None:
    """The same for a few rows, which wait for other few rows only: whoever waited for a file would
    keep a connection from the parents. Raises FileComesIn."""
    if not _many_write(session):
        return
    free = text("SELECT pg_try_advisory_xact_lock_shared(:name)")
    if not await session.scalar(free, {"name": LOCK}):
        raise FileComesIn
    await session.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": FEW})


def _many_write(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "postgresql"


async def apply(
    session: AsyncSession, kind: Kind, rows: Sequence[Row], *, actor: str, moment: datetime
) -> list[Verdict]:
    """Bring these rows in, BATCH at most, in the transaction of `session`; what each one did.

    Refused rows change nothing; whoever wants all or nothing rolls back. `actor` (operator,
    portal) stands in the history of applications. Call `alone` or `beside_no_file` first, once in
    the transaction.
    """
    upsert = UPSERTS[kind]
    verdicts = _once_each(rows, await upsert.compare(session, rows, lock=True))
    if any(v.outcome in (Outcome.NEW, Outcome.CHANGED) for v in verdicts):
        await upsert.write(session, rows, verdicts, actor=actor, moment=moment)
    return verdicts


def _once_each(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Of several rows with one key only the first counts."""
    seen: set[str] = set()
    told = []
    for row, verdict in zip(rows, verdicts, strict=True):
        again = row.key in seen
        seen.add(row.key)
        told.append(_DUPLICATE if again else verdict)
    return told


_DUPLICATE = Verdict(Outcome.REFUSED, Problem(None, Reason.DUPLICATE))
