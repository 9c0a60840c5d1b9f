"""The sweep and the worker go on, whatever one of the things that are due does."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update
from structlog.testing import capture_logs

from core import agenda
from core.applications.rules import Event, Status
from core.applications.service import Applications
from core.applications.tables import ApplicationRecord
from core.calendar.tables import CalendarYear
from core.clock import ALMATY, TravelClock
from core.db.engine import Database
from core.login.values import Person
from tests import factories
from tests.factories import Desk

MIDNIGHT = datetime(2026, 4, 10, 0, 0, tzinfo=ALMATY)
"""The end of the term of a voucher issued on 7 April (R7)."""


@pytest.fixture
async def desk(database: Database, clock: TravelClock) -> Desk:
    return await factories.desk(database, clock)


async def with_voucher(desk: Desk, number: int) -> tuple[int, Person]:
    """An application whose voucher is to be confirmed until the end of 9 April, and its parent."""
    now = desk.clock.now()
    person = await factories.parent(desk.db, now, number)
    application_id = await factories.application(desk.db, now, number)
    applications = Applications(desk.db, desk.book)
    await applications.issue_voucher(f"ОДО.2026.{number}", actor="portal", moment=now)
    return application_id, person


async def status(desk: Desk, application_id: int) -> Status:
    async with desk.db.read() as session:
        return Status((await session.get_one(ApplicationRecord, application_id)).status)


async def test_an_application_that_the_rules_cannot_handle_holds_up_no_other(desk: Desk) -> None:
    broken, _ = await with_voucher(desk, 1)
    sound, _ = await with_voucher(desk, 2)
    async with desk.db.write() as session:
        await session.execute(
            update(ApplicationRecord).where(ApplicationRecord.id == broken).values(deadline={})
        )
    desk.clock.move(MIDNIGHT)
    with capture_logs() as logs:
        await desk.sweep.run(desk.clock.now())
    assert await status(desk, sound) is Status.STOP_LIST
    assert await status(desk, broken) is Status.AWAITING_CONFIRMATION
    assert [entry["application_id"] for entry in logs if "application_id" in entry] == [broken]


async def test_a_year_that_the_calendar_lacks_is_told_again_until_it_is_there(desk: Desk) -> None:
    """The 28 days of the stop list run through 2026, so without 2026 they cannot be counted."""
    application_id, _ = await with_voucher(desk, 1)
    async with desk.db.write() as session:
        await session.execute(delete(CalendarYear).where(CalendarYear.year == 2026))
    await desk.book.reload()
    desk.clock.move(MIDNIGHT)
    await desk.sweep.run(desk.clock.now())
    assert await status(desk, application_id) is Status.AWAITING_CONFIRMATION
    due = await agenda.due(desk.db, desk.clock.now())
    assert due.sweep == MIDNIGHT + timedelta(minutes=1)
    await desk.book.seed(range(2024, 2029))
    desk.clock.move(MIDNIGHT + timedelta(minutes=1))
    await desk.sweep.run(desk.clock.now())
    assert await status(desk, application_id) is Status.STOP_LIST


async def test_a_part_that_fails_holds_up_no_other_part(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An act whose code is over cannot be ended, and still the term ends."""
    application_id, person = await with_voucher(desk, 1)
    await desk.press(application_id, person, Event.CONFIRM_INTEREST)

    async def fails(*_: object) -> int:
        raise LookupError

    monkeypatch.setattr("core.sweep.requests.sweep", fails)
    desk.clock.move(MIDNIGHT)
    with capture_logs() as logs:
        await desk.sweep.run(desk.clock.now())
    assert await status(desk, application_id) is Status.STOP_LIST
    failed = {entry["part"] for entry in logs if entry["log_level"] == "error"}
    assert failed == {"core.signing.requests"}
