"""Queue applications, by registration number.

A new one enters the queue. Of one that is here, names, dates of birth, phone, address, category
and privilege may change; where it stands in its lifecycle is never a matter of a file, and what it
is (whose, for which child, registered when and in which district) cannot change. A phone that
staff have corrected stays.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.rules import Status
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.db.base import Instant
from core.families import names
from core.registry import readers
from core.registry.rows import ApplicationRow
from core.registry.values import Outcome, Reason, Verdict, Wrong
from core.registry.verdicts import CHANGED, NEW, UNCHANGED, differing, refused, those

REGISTERED = "registered"
CORRECTED = "data_corrected"
"""Events of the history that are none of the lifecycle."""
TO_THE_MINUTE = timedelta(minutes=1)
"""A file that tells no seconds means the same moment."""


class Applications:
    """See `core.registry.upsert.Upsert`."""

    async def compare(
        self, session: AsyncSession, rows: Sequence[ApplicationRow], *, lock: bool
    ) -> list[Verdict]:
        known = await _known(session, rows, lock=False)
        verdicts = [_against(known.get(row.registration_number), row) for row in rows]
        changed = those(rows, verdicts, Outcome.CHANGED)
        if not lock or not changed:
            return verdicts
        # the others' families go on meanwhile: a file has many thousands that stay as they are
        known |= await _known(session, changed, lock=True)
        return [_against(known.get(row.registration_number), row) for row in rows]

    async def write(
        self,
        session: AsyncSession,
        rows: Sequence[ApplicationRow],
        verdicts: Sequence[Verdict],
        *,
        actor: str,
        moment: datetime,
    ) -> None:
        new = those(rows, verdicts, Outcome.NEW)
        changed = those(rows, verdicts, Outcome.CHANGED)
        if new:
            await session.execute(insert(ApplicationRecord), [_new(row) for row in new])
            await session.execute(_registered(new, actor, moment))
        if changed:
            known = await _known(session, changed, lock=False)
            pairs = [(known[row.registration_number], row) for row in changed]
            await session.execute(
                update(ApplicationRecord), [{"id": had.id, **_data(row, had)} for had, row in pairs]
            )
            await session.execute(
                insert(HistoryRecord),
                [
                    {
                        "application_id": had.id,
                        "at": moment,
                        "event": CORRECTED,
                        "from_status": had.status,
                        "to_status": had.status,
                        "actor": actor,
                        "person_id": None,
                        "details": {"fields": differing(had, _data(row, had))},
                    }
                    for had, row in pairs
                ],
            )
        if written := [*new, *changed]:
            numbers = [row.registration_number for row in written]
            await names.index(session, ApplicationRecord.registration_number.in_(numbers))


async def _known(
    session: AsyncSession, rows: Sequence[ApplicationRow], *, lock: bool
) -> dict[str, Any]:
    table = ApplicationRecord.__table__
    wanted = [name for name in table.c.keys() if name not in ("deadline", "missed")]  # noqa: SIM118
    numbers = [row.registration_number for row in rows]
    query = (
        select(*(table.c[name] for name in wanted))
        .where(table.c.registration_number.in_(numbers))
        .order_by(table.c.id)
    )
    found = await session.execute(query.with_for_update() if lock else query)
    return {record.registration_number: record for record in found}


def _against(known: Any | None, row: ApplicationRow) -> Verdict:
    if known is None:
        return NEW
    if changed := differing(known, _identity(row)):
        return refused(changed[0], Reason.CANNOT_CHANGE)
    if abs(known.registered_at - row.registered_at) >= TO_THE_MINUTE:
        return refused("registered_at", Reason.CANNOT_CHANGE)
    return CHANGED if differing(known, _data(row, known)) else UNCHANGED


def _registered(new: Sequence[ApplicationRow], actor: str, moment: datetime) -> Any:
    """The first line of the history of each of them, in one statement."""
    values: dict[str, Any] = {
        "application_id": ApplicationRecord.id,
        "at": literal(moment, Instant()),
        "event": literal(REGISTERED),
        "to_status": ApplicationRecord.status,
        "actor": literal(actor),
        "details": literal({}, HistoryRecord.__table__.c.details.type),
    }
    numbers = [row.registration_number for row in new]
    chosen = select(*values.values()).where(ApplicationRecord.registration_number.in_(numbers))
    return insert(HistoryRecord).from_select(list(values), chosen.order_by(ApplicationRecord.id))


def _new(row: ApplicationRow) -> dict[str, Any]:
    return {
        "registration_number": row.registration_number,
        "registered_at": row.registered_at,
        "status": Status.IN_QUEUE.value,
        "version": 1,
        **_identity(row),
        **_data(row),
    }


def _identity(row: ApplicationRow) -> dict[str, Any]:
    return {
        "district": row.district,
        "applicant_iin": row.applicant_iin,
        "child_iin": row.child_iin,
    }


def _data(row: ApplicationRow, had: Any | None = None) -> dict[str, Any]:
    """What may change. An e-mail that is not told stays as it was, and so does the name by which
    a child is called, unless the whole name changes."""
    email, given, phone = row.applicant_email, row.given_name, row.applicant_phone
    if had is not None:
        email = email or had.applicant_email
        if row.child_given_name is None and row.child_name == had.child_name:
            given = had.child_given_name
        same = _dialled(had.applicant_phone) == phone  # written otherwise
        if same or had.phone_corrected_at is not None:  # staff know better than the file
            phone = had.applicant_phone
    return {
        "category": row.category,
        "privilege": row.privilege,
        "applicant_name": row.applicant_name,
        "applicant_birth_date": row.applicant_birth_date,
        "applicant_phone": phone,
        "applicant_email": email,
        "applicant_address": row.applicant_address,
        "child_name": row.child_name,
        "child_given_name": given,
        "child_birth_date": row.child_birth_date,
    }


def _dialled(written: str) -> str | None:
    try:
        return readers.phone(written)
    except Wrong:
        return None
