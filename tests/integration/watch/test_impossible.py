"""Each state that must not exist is named where it does, and the others are not."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text

from core.applications.rules import Event
from core.applications.service import Applications
from core.clock import TravelClock
from core.db.engine import Database
from core.places.tables import HoldRecord, StayRecord
from core.watch.found import ids
from core.watch.impossible import QUERIES, impossible_states
from tests import factories
from tests.integration.watch.records import notice, sms

WRONG = {
    "unknown_status": "UPDATE applications SET status = 'lost' WHERE id = 2",
    "term_without_end": "UPDATE applications SET ends_at = NULL WHERE id = 1",
    "term_without_deadline": "UPDATE applications SET deadline = NULL WHERE id = 1",
    "end_without_term": "UPDATE applications SET next_event_at = ends_at, status = 'in_queue'",
    "term_without_notices": "UPDATE notices SET series = 'application:9:9'",
    "enrolled_without_place": "UPDATE applications SET status = 'enrolled' WHERE id = 2",
    "place_without_enrolment": "UPDATE applications SET place_id = 1 WHERE id = 2",
    "archived_without_reason": "UPDATE applications SET status = 'archived' WHERE id = 2",
    "reason_without_archive": "UPDATE applications SET archived_because = 'x' WHERE id = 2",
    "notice_out_of_sight": "UPDATE notices SET due_at = NULL WHERE id = 1",
    "notice_due_and_over": "UPDATE notices SET state = 'failed' WHERE id = 1",
    "sent_without_message": "UPDATE notices SET state = 'sent' WHERE id = 1",
    "notice_of_a_past_term": "UPDATE applications SET version = 9 WHERE id = 1",
}
"""Name -> what makes it so. Those that need more than a statement have a test of their own."""
PAST_THE_GUARDS = (
    "UPDATE places SET free = -1 WHERE id = 1",
    "DROP INDEX uq_signing_requests_open",
    "INSERT INTO signing_requests (id, application_id, person_id, chat_id, act, facts, text,"
    " digest, pressed_at, state) SELECT 99, application_id, person_id, chat_id, act, facts,"
    " text, digest, pressed_at, state FROM signing_requests",
)


@pytest.fixture
async def house(database: Database, clock: TravelClock) -> factories.Desk:
    return await furnished(database, clock)


async def furnished(database: Database, clock: TravelClock) -> factories.Desk:
    """An application with a running term, one in the queue, an open act with a held place."""
    desk = await factories.desk(database, clock)
    now = clock.now()
    person = await factories.parent(database, now)
    for number in (1, 2):
        await factories.application(database, now, number)
    await factories.place(database, free=2)
    applications = Applications(database, desk.book)
    await applications.issue_voucher("ОДО.2026.1", actor="portal", moment=now)
    await desk.press(1, person, Event.CONFIRM_INTEREST)
    return desk


async def named(desk: factories.Desk) -> set[str]:
    found = await impossible_states(desk.db, desk.clock.now())
    return {entry.split(":")[0] for entry in found}


class Undo(Exception):
    """Ends a transaction as if it had never been."""


async def test_a_sound_house_has_none(house: factories.Desk) -> None:
    assert await named(house) == set()


async def test_each_is_named_where_it_is(house: factories.Desk) -> None:
    for name, statement in WRONG.items():
        with suppress(Undo):
            async with house.db.write() as session:
                await session.execute(text(statement))
                assert await ids(session, name, QUERIES[name](house.clock.now())), name
                raise Undo


async def test_what_the_database_refuses_is_named_where_it_did_not(
    sqlite_url: str, clock: TravelClock
) -> None:
    database = Database(sqlite_url)
    desk = await furnished(database, clock)
    async with database.engine.execution_options(writes=True).connect() as connection:
        await connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        for statement in PAST_THE_GUARDS:
            await connection.execute(text(statement))
        await connection.commit()
    assert await named(desk) == {"fewer_places_than_none", "two_open_requests"}
    await database.close()


async def execute(desk: factories.Desk, statement: str) -> None:
    async with desk.db.write() as session:
        await session.execute(text(statement))


async def stay(desk: factories.Desk, **more: Any) -> None:
    now = desk.clock.now()
    usual = {
        "application_id": 2,
        "place_id": 1,
        "signed_at": now,
        "last_day": now.date() + timedelta(days=9),
        "withdraw_at": now + timedelta(days=9),
        "next_event_at": now + timedelta(days=9),
    }
    async with desk.db.write() as session:
        await session.execute(insert(StayRecord).values(**{**usual, **more}))


async def test_stays_that_cannot_be(house: factories.Desk) -> None:
    now = house.clock.now()
    await stay(house)
    assert await named(house) == set()
    await stay(house, signed_at=now - timedelta(days=1))
    assert await named(house) == {"two_stays"}
    await stay(house, signed_at=now - timedelta(days=2), withdraw_at=now - timedelta(hours=1))
    assert await named(house) == {"two_stays", "stay_beyond_its_end"}
    await execute(house, "UPDATE applications SET status = 'enrolled', place_id = 1 WHERE id = 2")
    assert await named(house) == {"two_stays", "stay_beyond_its_end", "stay_of_the_enrolled"}


async def test_a_hold_that_outlives_its_request(house: factories.Desk) -> None:
    async with house.db.write() as session:
        session.add(HoldRecord(application_id=1, place_id=1, request_id=1))
    assert await named(house) == set()
    await execute(house, "UPDATE signing_requests SET state = 'expired'")
    assert await named(house) == {"hold_without_request"}


async def test_an_sms_that_went_out_as_no_message(house: factories.Desk) -> None:
    now = house.clock.now()
    carried = await sms(house.db, now)
    await notice(house.db, now, channel="sms", state="delivered", due_at=None, sms_id=carried)
    assert await named(house) == set()
    await notice(house.db, now, channel="sms", state="sent", due_at=None)
    assert await named(house) == {"sent_without_sms"}


def test_every_query_has_a_test() -> None:
    own = {
        "two_stays",
        "stay_beyond_its_end",
        "stay_of_the_enrolled",
        "hold_without_request",
        "two_open_requests",
        "fewer_places_than_none",
        "sent_without_sms",
    }
    assert set(QUERIES) == {*WRONG, *own}
