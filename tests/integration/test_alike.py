"""What happens to many alike leaves exactly what it leaves when it happens to each alone."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from core.applications.alike import Alike, change_alike
from core.applications.changes import change, locked, situation
from core.applications.rules import Event
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.clock import TravelClock
from core.db.engine import Database
from core.notices.tables import NoticeRecord
from core.portal.tables import PortalOutboxRecord
from tests import factories

OWN = {"id", "registration_number", "applicant_iin", "applicant_name", "iin", "token"}
OWN |= {"child_iin", "child_name", "child_given_name", "application_id", "changed_at"}


async def left_behind(db: Database, application_id: int) -> list[dict[str, Any]]:
    """All its rows, but for what names it."""
    rows = []
    async with db.read() as session:
        for record, of in (
            (ApplicationRecord, ApplicationRecord.id),
            (HistoryRecord, HistoryRecord.application_id),
            (NoticeRecord, NoticeRecord.application_id),
            (PortalOutboxRecord, PortalOutboxRecord.application_id),
        ):
            table: Any = record.__table__
            found = await session.execute(
                select(table).where(of == application_id).order_by(table.c.id)
            )
            for row in found.mappings():
                told = {name: value for name, value in row.items() if name not in OWN}
                for name in ("key", "series"):
                    if told.get(name):
                        told[name] = told[name].replace(f":{application_id}:", ":N:")
                if "registration_number" in (told.get("data") or {}):
                    told["data"] = {**told["data"], "registration_number": "N"}
                rows.append(told)
    return rows


@pytest.mark.parametrize("told", [False, True])
async def test_alike_is_as_alone(database: Database, clock: TravelClock, told: bool) -> None:
    database.portal_told = told
    desk = await factories.desk(database, clock)
    calendar, now = await desk.book.load(), clock.now()
    ids = [await factories.application(database, now, number) for number in (1, 2)]
    for event in (Event.ISSUE_VOUCHER, Event.CONFIRMATION_MISSED, Event.RESTORING_MISSED):
        async with database.write() as session:
            alone, other = [await locked(session, id_) for id_ in ids]
            assert alone is not None
            assert other is not None
            at = alone.ends_at or now
            how: dict[str, Any] = {"calendar": calendar, "pressed_at": at, "at": at}
            last_day = other.deadline["last_day"] if other.deadline else None
            alike = Alike(
                ids=[other.id],
                version=other.version,
                situation=situation(other),
                last_day=date.fromisoformat(last_day) if last_day else None,
            )
            await change(session, alone, event, **how, actor="operator")
            await session.flush()
            await change_alike(session, alike, event, **how, actor="operator")
        first, second = [await left_behind(database, id_) for id_ in ids]
        assert first == second
        assert len(first) > 2
