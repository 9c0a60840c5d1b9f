"""The words of names, kept beside the applications so that a part of a name finds them by index."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, delete, event, insert, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from core.applications.tables import ApplicationRecord
from core.families.tables import WORD, NameWordRecord
from core.places.search import fold

NAMED = ("applicant_name", "child_name", "district")
"""The columns that the words come from."""


def words(text: str) -> list[str]:
    """The words of a name as they are looked for: folded, each once."""
    return list(dict.fromkeys(word[:WORD] for word in fold(text).split()))


async def index(session: AsyncSession, which: ColumnElement[bool]) -> None:
    """Keep the words of the applications that fit `which` as they stand now: for whoever writes
    applications by statement, a few hundred at a time. What a session adds or changes is kept by
    itself."""
    columns = [getattr(ApplicationRecord, name) for name in ("id", *NAMED)]
    found = (await session.execute(select(*columns).where(which))).all()
    stale = NameWordRecord.application_id.in_([row[0] for row in found])
    await session.execute(
        delete(NameWordRecord).where(stale).execution_options(synchronize_session=False)
    )
    if rows := [row for one in found for row in rows_of(*one)]:
        await session.execute(insert(NameWordRecord), rows)


def rows_of(
    application_id: int, applicant_name: str, child_name: str, district: str
) -> list[dict[str, Any]]:
    """The rows of one application."""
    return [
        {"word": word, "application_id": application_id, "district": district}
        for word in words(f"{applicant_name} {child_name}")
    ]


@event.listens_for(Session, "after_flush")
def _keep(session: Session, _: object) -> None:
    """The words follow whatever is flushed: no writer of applications can forget them."""
    new = [record for record in session.new if isinstance(record, ApplicationRecord)]
    renamed = [record for record in session.dirty if _is_renamed(record)]
    if renamed:
        stale = NameWordRecord.application_id.in_([record.id for record in renamed])
        session.connection().execute(delete(NameWordRecord).where(stale))
    if rows := list(_rows([*new, *renamed])):
        session.connection().execute(insert(NameWordRecord), rows)


def _is_renamed(record: object) -> bool:
    if not isinstance(record, ApplicationRecord):
        return False
    state = inspect(record)
    return any(state.attrs[name].history.has_changes() for name in NAMED)


def _rows(records: Iterable[ApplicationRecord]) -> Iterable[dict[str, Any]]:
    for record in records:
        yield from rows_of(record.id, *(getattr(record, name) for name in NAMED))
