"""The report counts what happened, each thing once, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core.applications.rules import Event, Status
from core.clock import TravelClock
from core.db.engine import Database
from core.figures.service import Figures
from core.figures.values import LONG, SHORT, Report, Span, Way
from core.notices.outbox import Notices
from core.notices.plan import Channel, Lane
from core.notices.tables import NoticeRecord
from core.notices.values import Sent
from core.sms.tables import SmsRecord
from core.staff.rules import Member, NotAllowed, Role
from tests import factories
from tests.factories import Desk
from tests.integration.figures.families import family, issue

HOUR = timedelta(hours=1)
OPERATOR = Member(1, Role.OPERATOR, "kokshetau")
HEAD = Member(2, Role.HEAD, None)


@pytest.fixture
async def desk(database: Database, clock: TravelClock) -> Desk:
    return await factories.desk(database, clock)


async def report(desk: Desk, district: str | None = None, by: Member | None = None) -> Report:
    return await Figures(desk.db).report(by, district, desk.clock.now())


async def test_who_waits_is_counted_by_district_and_category(desk: Desk) -> None:
    for number, district in enumerate(("kokshetau", "kokshetau", "esil"), start=1):
        await family(desk, number, district)
    await issue(desk, 2)
    region = await report(desk)
    assert region.by_district == {"kokshetau": 1, "esil": 1}
    assert region.by_category == {"age3": 2}
    assert region.categories["age3"].en == "age 3"
    assert (await report(desk, "esil")).queue == {("esil", "age3"): 1}
    assert (await report(desk, "akkol")).waiting == 0


async def test_running_terms_are_counted_by_the_days_left(desk: Desk) -> None:
    await family(desk, 1)
    await issue(desk, 1)  # Tuesday: two working days end on Thursday
    first = await report(desk)
    assert first.left == {(Status.AWAITING_CONFIRMATION, 2): 1}
    assert first.open(Status.AWAITING_CONFIRMATION) == 1
    assert first.left_within(Status.AWAITING_CONFIRMATION, 0, 0) == 0
    desk.clock.move(desk.clock.now() + timedelta(days=2))
    assert (await report(desk)).left == {(Status.AWAITING_CONFIRMATION, 0): 1}
    desk.clock.move(desk.clock.now() + timedelta(days=1))
    late = await report(desk)  # ended, and not swept yet
    assert late.left_within(Status.AWAITING_CONFIRMATION, 0, 0) == 1


async def test_an_answer_falls_into_the_hours_that_it_took(desk: Desk) -> None:
    families = [await family(desk, number) for number in (1, 2, 3)]
    for number in (1, 2, 3):
        await issue(desk, number)
    desk.clock.move(desk.clock.now() + 3 * HOUR)
    await desk.act(*families[0], Event.CONFIRM_INTEREST)
    desk.clock.move(desk.clock.now() + 20 * HOUR)
    await desk.act(*families[1], Event.REFUSE_VOUCHER)
    desk.clock.move(desk.clock.now() + timedelta(days=3))
    await desk.sweep.run(desk.clock.now())  # the third family has not answered
    answers = (await report(desk)).answers
    assert answers[SHORT] == answers[LONG]
    assert answers[SHORT].hours == {3: 1, 23: 1}
    assert answers[SHORT].spans[Span.FOUR] == answers[SHORT].spans[Span.DAY] == 1
    assert (answers[SHORT].median, answers[SHORT].missed) == (4, 1)
    assert (await report(desk, "esil")).answers[SHORT].count == 0


async def test_what_is_older_than_thirty_days_counts_for_ninety(desk: Desk) -> None:
    application, person = await family(desk, 1)
    await issue(desk, 1)
    desk.clock.move(desk.clock.now() + HOUR / 2)
    await desk.act(application, person, Event.CONFIRM_INTEREST)
    desk.clock.move(desk.clock.now() + timedelta(days=31))
    answers = (await report(desk)).answers
    assert answers[SHORT].count == 0
    assert answers[SHORT].median is None
    assert answers[LONG].hours == {0: 1}
    desk.clock.move(desk.clock.now() + timedelta(days=60))
    assert (await report(desk)).answers[LONG].count == 0


async def test_each_voucher_is_reached_by_the_first_way_that_worked(desk: Desk) -> None:
    for number in (1, 2, 3):
        await family(desk, number)
        await issue(desk, number)
    notices = Notices(desk.db)
    for notice in await notices.claim(desk.clock.now(), Channel.TELEGRAM, Lane.VOUCHER):
        await notices.record([(notice, Sent(notice.id))], desk.clock.now())
    await notices.seen(1, factories.iin(1), None, desk.clock.now())
    async with desk.db.write() as session:
        await session.execute(  # the second one's SMS has arrived
            update(NoticeRecord)
            .where(NoticeRecord.iin == factories.iin(2), NoticeRecord.channel == Channel.SMS)
            .values(delivered_at=desk.clock.now())
        )
    reached = (await report(desk)).reached
    assert reached == {Way.TELEGRAM: 1, Way.SMS: 1, Way.CALL: 0, Way.NOBODY: 1}
    assert sum((await report(desk, "esil")).reached.values()) == 0
    desk.clock.move(desk.clock.now() + timedelta(days=31))
    assert sum((await report(desk)).reached.values()) == 0


async def test_text_messages_cost_what_the_gateways_said_month_by_month(desk: Desk) -> None:
    async with desk.db.write() as session:
        for at, cost in ((desk.clock.now(), 42), (desk.clock.now() - timedelta(days=10), 21)):
            session.add(
                SmsRecord(
                    purpose="code",
                    phone="+77750000001",
                    segments=2,
                    gateway="smsc",
                    state="delivered",
                    cost=cost,
                    created_at=at,
                )
            )
    found = await report(desk)
    assert (found.this_month.messages, found.this_month.segments) == (1, 2)
    assert (found.this_month.cost, found.last_month.cost) == (42, 21)
    assert (await report(desk, "kokshetau")).this_month.messages == 0  # codes are the region's


async def test_the_week_tells_what_happened_and_how_the_queue_moved(desk: Desk) -> None:
    await family(desk, 1)
    await family(desk, 2)
    await issue(desk, 1)
    desk.clock.move(desk.clock.now() + HOUR)
    found = await report(desk)
    assert found.week == {Event.ISSUE_VOUCHER: 1}
    assert found.week_queue == -1
    desk.clock.move(desk.clock.now() + timedelta(days=8))
    assert (await report(desk)).week == {}


async def test_an_operator_reads_about_no_other_district_nor_the_region(desk: Desk) -> None:
    await report(desk, "kokshetau", OPERATOR)
    for district in ("esil", "no such one", None):
        with pytest.raises(NotAllowed):
            await report(desk, district, OPERATOR)
    await report(desk, "esil", HEAD)
    with pytest.raises(NotAllowed):
        await report(desk, "no such one", HEAD)
