"""Sanatorium leaves (R15, D17): registered, listed, ended early."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.applications.rules import Event
from core.applications.tables import ApplicationRecord
from core.applications.values import UnknownApplication
from core.places.leave_book import Leaves
from core.places.leave_values import Ended, LeaveProblem, LeaveRefused, NoSuchLeave
from core.places.tables import PlaceRecord, StayRecord
from core.staff.rules import Member
from tests import factories
from tests.integration.vouchers import queues
from tests.integration.way import Way

NUMBER = "ОДО.2026.2"
FIRST, LAST = date(2026, 4, 20), date(2026, 5, 15)


@pytest.fixture
async def by(way: Way) -> Member:
    return await queues.operator(way.desk.db, way.desk.clock)


@pytest.fixture
def leaves(way: Way) -> Leaves:
    return Leaves(way.desk.db)


@pytest.fixture
async def enrolled(way: Way) -> int:
    """Another family's child, who holds a place."""
    place = await factories.place(way.desk.db, free=0)
    application = await factories.application(way.desk.db, way.now, 2)
    async with way.desk.db.write() as session:
        record = await session.get(ApplicationRecord, application)
        assert record is not None
        record.status, record.place_id = "enrolled", place
    return application


async def temporary(way: Way) -> list[tuple[int, int, date | None]]:
    """The temporary places: id, how many are free, until when."""
    async with way.desk.db.read() as session:
        places = await session.scalars(
            select(PlaceRecord).where(PlaceRecord.mode == "temporary").order_by(PlaceRecord.id)
        )
        return [(place.id, place.free, place.until) for place in places]


async def taken(way: Way) -> int:
    """The parent of the way takes the temporary place; its id."""
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    way.desk.clock.move(way.now + timedelta(minutes=2))
    [(place, _, _)] = await temporary(way)
    await way.do(Event.TAKE_TEMPORARY_PLACE, place_id=place)
    return place


async def test_a_registered_leave_opens_a_temporary_place_and_closes_it_by_itself(
    way: Way, by: Member, leaves: Leaves, enrolled: int
) -> None:
    child = await leaves.child(by, NUMBER, way.now)
    assert (child.application_id, child.kindergarten, child.language) == (
        enrolled,
        "«Мадина»",
        "ru",
    )
    await leaves.register(by, enrolled, FIRST, LAST, way.now)
    [(place, free, until)] = await temporary(way)
    assert (free, until) == (0, LAST)
    await way.travel(4, 20, 0, 1)
    assert await way.free(place) == 1
    page = await leaves.listed(by, None, 0, way.now)
    assert [(leave.open, leave.child) for leave in page.leaves] == [(True, "Child 2")]
    await way.travel(5, 16, 0, 1)
    assert (await leaves.listed(by, None, 0, way.now)).total == 0


async def test_leaves_of_one_kindergarten_share_a_row_and_each_opens_one_place(
    way: Way, by: Member, leaves: Leaves, enrolled: int
) -> None:
    other = await factories.application(way.desk.db, way.now, 3)
    async with way.desk.db.write() as session:
        first = await session.get(ApplicationRecord, enrolled)
        second = await session.get(ApplicationRecord, other)
        assert first is not None
        assert second is not None
        second.status, second.place_id = "enrolled", first.place_id
    today = way.now.date()
    for application in (enrolled, other):
        await leaves.register(by, application, today, LAST, way.now)
    await way.travel(4, 7, 11, 31)
    assert [free for _, free, _ in await temporary(way)] == [2]


@pytest.mark.parametrize(
    ("first", "last", "problem"),
    [
        (LAST, FIRST, LeaveProblem.WRONG_ORDER),
        (date(2026, 3, 1), date(2026, 4, 6), LeaveProblem.OVER),
        (date(2026, 4, 20), date(2036, 5, 15), LeaveProblem.TOO_LONG),
    ],
)
async def test_days_that_cannot_be_meant_are_refused(
    way: Way, by: Member, leaves: Leaves, enrolled: int, first: date, last: date, problem: str
) -> None:
    with pytest.raises(LeaveRefused) as refused:
        await leaves.register(by, enrolled, first, last, way.now)
    assert refused.value.problem == problem
    assert await temporary(way) == []


async def test_a_child_is_away_once_at_a_time_and_only_from_an_own_place(
    way: Way, by: Member, leaves: Leaves, enrolled: int
) -> None:
    await leaves.register(by, enrolled, FIRST, LAST, way.now)
    with pytest.raises(LeaveRefused) as refused:  # the same press again, too
        await leaves.register(by, enrolled, LAST, LAST + timedelta(days=9), way.now)
    assert refused.value.problem is LeaveProblem.OVERLAPS
    with pytest.raises(LeaveRefused) as refused:
        await leaves.child(by, "ОДО.2026.1", way.now)
    assert refused.value.problem is LeaveProblem.NOT_ENROLLED


async def test_another_districts_children_and_leaves_look_as_if_there_were_none(
    way: Way, by: Member, leaves: Leaves, enrolled: int
) -> None:
    leave = await leaves.register(by, enrolled, FIRST, LAST, way.now)
    other = await queues.operator(way.desk.db, way.desk.clock, 9002, "akkol")
    for number in (NUMBER, "ОДО.2026.404"):
        with pytest.raises(UnknownApplication):
            await leaves.child(other, number, way.now)
    with pytest.raises(UnknownApplication):
        await leaves.register(other, enrolled, LAST, LAST, way.now)
    assert (await leaves.listed(other, None, 0, way.now)).total == 0
    for ask in (leaves.one, leaves.end):
        with pytest.raises(NoSuchLeave):
            await ask(other, leave, way.now)
    assert (await leaves.listed(by, None, 0, way.now)).total == 1


async def test_a_leave_that_ends_before_it_begins_opens_nothing(
    way: Way, by: Member, leaves: Leaves, enrolled: int
) -> None:
    leave = await leaves.register(by, enrolled, FIRST, LAST, way.now)
    assert await leaves.end(by, leave, way.now) is Ended.NOT_BEGUN
    await way.travel(4, 21, 9, 0)
    assert [free for _, free, _ in await temporary(way)] == [0]
    with pytest.raises(NoSuchLeave):
        await leaves.end(by, leave, way.now)


async def test_a_free_temporary_place_closes_with_the_early_end(
    way: Way, by: Member, leaves: Leaves, enrolled: int
) -> None:
    leave = await leaves.register(by, enrolled, date(2026, 4, 7), LAST, way.now)
    await way.travel(4, 7, 12, 0)
    assert [free for _, free, _ in await temporary(way)] == [1]
    assert await leaves.end(by, leave, way.now) is Ended.CLOSED
    assert [free for _, free, _ in await temporary(way)] == [0]


async def test_a_signed_stay_outlasts_the_early_end_of_the_leave(
    way: Way, by: Member, leaves: Leaves, enrolled: int
) -> None:
    """D17: its last day stays as signed; and a place that comes back later is not lent again."""
    leave = await leaves.register(by, enrolled, date(2026, 4, 7), LAST, way.now)
    await way.travel(4, 7, 12, 0)
    place = await taken(way)
    assert await leaves.end(by, leave, way.now) is Ended.TAKEN
    async with way.desk.db.read() as session:
        stay = await session.scalar(select(StayRecord))
        assert stay is not None
        assert (stay.last_day, stay.ended_at) == (LAST, None)
    permanent = await factories.place(way.desk.db, free=1, name="«Арман»")
    await way.voucher()  # the turn comes during the stay (D4)
    way.desk.clock.move(way.now + timedelta(minutes=2))
    await way.do(Event.CONFIRM_INTEREST)
    way.desk.clock.move(way.now + timedelta(minutes=2))
    await way.do(Event.TAKE_PLACE, place_id=permanent)
    assert await way.free(place) == 0
    again = await leaves.register(by, enrolled, date(2026, 4, 8), LAST, way.now)
    await way.travel(4, 8, 0, 1)
    assert await way.free(place) == 1
    assert await leaves.end(by, again, way.now) is Ended.CLOSED
