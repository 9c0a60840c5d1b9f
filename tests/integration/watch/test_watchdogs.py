"""Each watchdog names what has been standing still for too long, and nothing else."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, update

from core.applications.service import Applications
from core.applications.tables import ApplicationRecord
from core.calendar.tables import CalendarYear
from core.clock import ALMATY, TravelClock
from core.codes.tables import CodeRecord
from core.db.engine import Database
from core.notices.tables import NoticeRecord
from core.watch import watchdogs
from tests import factories
from tests.factories import Desk
from tests.integration.watch.records import HOUR, MINUTE, notice, receipt, sms


@pytest.fixture
async def desk(database: Database, clock: TravelClock) -> Desk:
    return await factories.desk(database, clock)


async def with_voucher(desk: Desk) -> int:
    """An application whose voucher was issued now: its term ends with 9 April."""
    application_id = await factories.application(desk.db, desk.clock.now())
    applications = Applications(desk.db, desk.book)
    await applications.issue_voucher("ОДО.2026.1", actor="portal", moment=desk.clock.now())
    return application_id


async def test_where_all_is_well_nobody_barks(desk: Desk) -> None:
    await with_voucher(desk)
    now = desk.clock.now()
    for watchdog in watchdogs.watchdogs(["smsc"]):
        assert await watchdog.run(desk.db, now) == [], watchdog.name


async def test_a_notice_whose_worker_died_is_named_five_minutes_after_its_lease(
    desk: Desk,
) -> None:
    now = desk.clock.now()
    stuck = await notice(desk.db, now - HOUR, state="sending", due_at=now - 6 * MINUTE)
    await notice(desk.db, now - HOUR, state="sending", due_at=now + MINUTE)
    await notice(desk.db, now - HOUR, state="pending")
    assert await watchdogs.stuck_sending(desk.db, now) == [f"notice:{stuck}"]


async def test_a_message_or_a_code_that_nobody_sends_is_named(desk: Desk) -> None:
    now = desk.clock.now()
    stuck = await sms(desk.db, now - 11 * MINUTE, state="sending")
    await sms(desk.db, now - 9 * MINUTE, state="sending")
    await sms(desk.db, now - 11 * MINUTE)
    async with desk.db.write() as session:
        for minutes, waits in ((6, True), (4, True), (6, False)):
            session.add(
                CodeRecord(
                    purpose="sign",
                    subject="s",
                    trusted=True,
                    chat_id=1,
                    target_id=minutes,
                    phone="+77750000001",
                    language="kk",
                    created_at=now - minutes * MINUTE,
                    retry_at=now + timedelta(seconds=20) if waits else None,
                )
            )
    assert await watchdogs.stuck_sending(desk.db, now) == [f"sms:{stuck}", "code:1"]


@pytest.mark.parametrize(
    ("taken", "minutes_ago", "heard", "named"),
    [
        (5, 30, False, ["gateway:smsc"]),
        (5, 30, True, []),
        (4, 30, False, []),  # too few to tell
        (5, 5, False, []),  # its receipts may be on their way
    ],
)
async def test_a_gateway_of_which_no_receipt_comes_is_named(
    desk: Desk, taken: int, minutes_ago: int, heard: bool, named: list[str]
) -> None:
    now = desk.clock.now()
    for _ in range(taken):
        await sms(desk.db, now - minutes_ago * MINUTE)
    await sms(desk.db, now - 30 * MINUTE, gateway="mobizon", gateway_id=None, state="refused")
    if heard:
        await receipt(desk.db, now - 25 * MINUTE)
    assert await watchdogs.gateway_receipts(["smsc"], desk.db, now) == named
    assert await watchdogs.gateway_receipts([], desk.db, now) == []  # it was never told where to


async def test_a_sweep_that_does_not_come_is_seen_by_what_it_leaves(desk: Desk) -> None:
    application_id = await with_voucher(desk)
    midnight = datetime(2026, 4, 10, 0, 0, tzinfo=ALMATY)
    named = f"application:{application_id}"
    assert named not in await watchdogs.sweep_late(desk.db, midnight + MINUTE)
    assert named in await watchdogs.sweep_late(desk.db, midnight + 3 * MINUTE)


async def test_a_term_that_the_sweep_cannot_end_is_named_though_it_is_looked_at(
    desk: Desk,
) -> None:
    """As when the calendar lacks a year: it is put off by a minute, again and again."""
    application_id = await with_voucher(desk)
    desk.clock.move(datetime(2026, 4, 10, 0, 0, tzinfo=ALMATY))
    async with desk.db.write() as session:
        await session.execute(delete(CalendarYear))
    await desk.book.reload()
    await desk.sweep.run(desk.clock.now())
    assert await watchdogs.sweep_late(desk.db, desk.clock.now()) == []
    desk.clock.move(desk.clock.now() + 11 * MINUTE)
    await desk.sweep.run(desk.clock.now())
    named = await watchdogs.sweep_late(desk.db, desk.clock.now())
    assert named == [f"application:{application_id}"]


@pytest.mark.parametrize(
    ("today", "covered", "named"),
    [
        (date(2026, 9, 30), [2026], []),
        (date(2026, 10, 1), [2026], ["year:2027"]),
        (date(2026, 10, 1), [2026, 2027], []),
        (date(2027, 1, 1), [2026], ["year:2027"]),
    ],
)
async def test_from_october_on_the_calendar_has_to_cover_the_next_year(
    database: Database, today: date, covered: list[int], named: list[str]
) -> None:
    async with database.write() as session:
        session.add_all(CalendarYear(year=year, source="", estimated=False) for year in covered)
    noon = datetime(today.year, today.month, today.day, 0, 1, tzinfo=ALMATY)
    assert await watchdogs.calendar_next_year(database, noon) == named


async def test_a_family_not_called_by_noon_of_its_last_day_is_named(desk: Desk) -> None:
    await with_voucher(desk)
    desk.clock.move(datetime(2026, 4, 9, 8, 0, tzinfo=ALMATY))
    await desk.sweep.run(desk.clock.now())
    assert await watchdogs.call_list_waiting(desk.db, desk.clock.now()) == []
    noon = datetime(2026, 4, 9, 12, 0, tzinfo=ALMATY)
    (named,) = await watchdogs.call_list_waiting(desk.db, noon)
    assert named.startswith("call:")
    async with desk.db.write() as session:
        await session.execute(
            update(NoticeRecord).where(NoticeRecord.channel == "call").values(state="delivered")
        )
    assert await watchdogs.call_list_waiting(desk.db, noon) == []


WAITING = [
    (0, 12, timedelta(minutes=1), False),
    (0, 12, timedelta(minutes=3), True),
    (0, 2, timedelta(minutes=3), True),  # answers go out in the night, too
    (2, 12, timedelta(minutes=9), False),
    (2, 12, timedelta(minutes=11), True),
    (2, 2, timedelta(hours=3), False),
    (3, 8, timedelta(hours=9), False),  # it waited for the morning
    (3, 10, timedelta(hours=9), True),
]


async def test_a_notice_waits_no_longer_than_its_lane_bears(desk: Desk) -> None:
    for lane, hour, waiting, named in WAITING:
        now = datetime(2026, 4, 8, hour, 5, tzinfo=ALMATY)
        waits = await notice(desk.db, now - waiting, lane=lane)
        found = await watchdogs.outbox_age(desk.db, now)
        assert found == ([f"notice:{waits}"] if named else []), (lane, hour, waiting)
        async with desk.db.write() as session:
            await session.execute(delete(NoticeRecord))


async def test_a_notice_tried_in_vain_again_and_again_is_named_though_never_due_for_long(
    desk: Desk,
) -> None:
    now = desk.clock.now()
    in_vain = await notice(desk.db, now - 2 * HOUR, lane=2, attempts=4, due_at=now + 5 * MINUTE)
    await notice(desk.db, now + HOUR, lane=2)
    assert await watchdogs.outbox_age(desk.db, now) == [f"notice:{in_vain}"]


async def test_what_is_over_is_never_waiting(desk: Desk) -> None:
    application_id = await with_voucher(desk)
    async with desk.db.write() as session:
        await session.execute(
            update(ApplicationRecord)
            .where(ApplicationRecord.id == application_id)
            .values(status="in_queue", ends_at=None, next_event_at=None)
        )
        await session.execute(update(NoticeRecord).values(state="cancelled", due_at=None))
    later = desk.clock.now() + 30 * 24 * HOUR
    assert await watchdogs.sweep_late(desk.db, later) == []
    assert await watchdogs.outbox_age(desk.db, later) == []
