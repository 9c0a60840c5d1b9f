"""A file of places and the sanatorium leaves (R15, D17): what is lent comes on top of the file."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from core.db.engine import Database
from core.places import leaves, taking
from core.places.tables import LeaveRecord, PlaceRecord, StayRecord
from core.registry.values import Kind, Outcome, Problem, Reason, Verdict
from tests import factories
from tests.integration.registry import rows

MOMENT = datetime(2026, 4, 20, 5, tzinfo=UTC)
LAST = date(2026, 5, 15)


@pytest.fixture
async def db(database: Database) -> Database:
    """A kindergarten with two temporary places of its own until that day."""
    async with database.write() as session:
        await rows.words(session)
    await rows.bring(database, Kind.KINDERGARTENS, rows.kindergarten(), moment=MOMENT)
    assert await told(database, 2) is Outcome.NEW
    return database


async def told(db: Database, total: int) -> Outcome:
    """What a file does that tells so many places."""
    [verdict] = await bring(db, total)
    return verdict.outcome


async def bring(db: Database, total: int) -> list[Verdict]:
    place = rows.place(mode="temporary", until=LAST, total=total)
    return await rows.bring(db, Kind.PLACES, place, moment=MOMENT)


async def free(db: Database) -> int:
    async with db.read() as session:
        return (await session.scalars(select(PlaceRecord.free))).one()


async def leave(db: Database, *, begun: bool = True) -> None:
    """A child's leave until the same day."""
    async with db.write() as session:
        session.add(
            LeaveRecord(
                place_id=1,
                first_day=MOMENT.date(),
                last_day=LAST,
                opens_at=MOMENT,
                opened_at=None,
                application_id=None,
                ended_at=None,
            )
        )
    if begun:
        async with db.write() as session:
            assert await leaves.sweep(session, MOMENT) == 1


async def stay(db: Database, number: int) -> None:
    """A child has signed for one of the places."""
    application = await factories.application(db, MOMENT, number)
    async with db.write() as session:
        assert await taking.take(session, 1)
        session.add(
            StayRecord(
                application_id=application,
                place_id=1,
                signed_at=MOMENT,
                last_day=LAST,
                withdraw_at=MOMENT,
            )
        )


async def test_the_same_file_again_takes_no_place_away_that_a_leave_has_lent(db: Database) -> None:
    await leave(db)
    assert await free(db) == 3
    assert await told(db, 2) is Outcome.UNCHANGED
    assert await told(db, 5) is Outcome.CHANGED
    assert await free(db) == 6
    assert await told(db, 0) is Outcome.CHANGED
    assert await free(db) == 1


async def test_a_leave_that_has_not_begun_lends_nothing_yet(db: Database) -> None:
    await leave(db, begun=False)
    assert await told(db, 2) is Outcome.UNCHANGED


async def test_a_leave_that_was_ended_early_is_on_top_until_its_place_closes(db: Database) -> None:
    """All three are taken: the lent one closes when the first of them is given back (D17)."""
    await leave(db)
    for number in (1, 2, 3):
        await stay(db, number)
    async with db.write() as session:
        await session.execute(update(LeaveRecord).values(ended_at=MOMENT))
        assert not await taking.close(session, 1)
    assert await told(db, 2) is Outcome.UNCHANGED
    assert await bring(db, 1) == [Verdict(Outcome.REFUSED, Problem("total", Reason.BELOW_TAKEN))]
    async with db.write() as session:
        gone = update(StayRecord).where(StayRecord.id == 1)
        await session.execute(gone.values(ended_at=MOMENT, ended_because="enrolled"))
        await taking.give_back(session, 1)
    assert await told(db, 2) is Outcome.UNCHANGED
    assert await free(db) == 0


async def test_a_leave_that_was_ended_early_while_its_place_was_free_is_over(db: Database) -> None:
    await leave(db)
    async with db.write() as session:
        await session.execute(update(LeaveRecord).values(ended_at=MOMENT))
        assert await taking.close(session, 1)
    assert await told(db, 2) is Outcome.UNCHANGED
    assert await free(db) == 2
