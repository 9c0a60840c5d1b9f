"""Vouchers in the order of the queue, never more than there are places (D15)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from core.applications.rules import Event
from core.audit.tables import AuditRecord
from core.calendar.service import CalendarBook
from core.clock import TravelClock
from core.db.engine import Database
from core.identity.rules import display_phone
from core.login.tables import ChatRecord
from core.staff.rules import Member, NotAllowed, Role
from core.vouchers import distribution as module
from core.vouchers.distribution import Distribution
from core.vouchers.service import Vouchers
from core.vouchers.values import NoSuchDistribution, Progress, Reach, State
from tests import factories
from tests.factories import Desk
from tests.integration.vouchers import queues


@pytest.fixture
async def desk(database: Database, clock: TravelClock) -> Desk:
    await queues.stages(database)
    return await factories.desk(database, clock)


@pytest.fixture
def distribution(desk: Desk) -> Distribution:
    return Distribution(desk.db, desk.book)


async def run(distribution: Distribution, by: Member, id_: int, clock: TravelClock) -> Progress:
    """From the typed number to the end."""
    await distribution.start(by, id_, clock.now())
    while (progress := await distribution.batch(id_, clock.now())).state is State.RUNNING:
        pass
    return progress


async def test_stages_go_in_their_order_and_inside_one_the_first_registered(
    desk: Desk, distribution: Distribution, clock: TravelClock
) -> None:
    now, hour = clock.now(), timedelta(hours=1)
    async with desk.db.write() as session:
        session.add_all(
            [
                queues.waiting(1, now - 9 * hour, stage="aged_2"),
                queues.waiting(2, now - hour, stage="first"),
                queues.waiting(3, now - 2 * hour),
                queues.waiting(4, now - 3 * hour),
                queues.waiting(5, now - 99 * hour, status="stop_list"),
                queues.waiting(6, now - 99 * hour, district="akkol"),
            ]
        )
    await factories.place(desk.db, free=3)
    by = await queues.operator(desk.db, clock)
    dry = await distribution.plan(by, "kokshetau", None, now)
    assert dry is not None
    order = ["ОДО.2026.2", "ОДО.2026.4", "ОДО.2026.3"]
    assert [turn.registration_number for turn in dry.turns] == order
    assert {name.en: n for name, n in dry.by_category.items()} == {"first": 1, "aged_3": 2}
    assert await queues.with_voucher(desk.db) == []
    progress = await run(distribution, by, dry.id, clock)
    assert (progress.state, progress.number, progress.issued, progress.others) == (
        State.DONE,
        3,
        3,
        0,
    )
    assert await queues.with_voucher(desk.db) == [
        t.application_id for t in sorted(dry.turns, key=lambda t: t.application_id)
    ]
    assert len(await queues.told(desk.db, "voucher_issued")) == 3


async def test_there_are_as_many_vouchers_as_free_general_places_without_those_that_are_out(
    desk: Desk, distribution: Distribution, clock: TravelClock
) -> None:
    ids = await queues.queue(desk.db, clock, 6)
    await factories.place(desk.db, free=2)
    await factories.place(desk.db, free=1, name="«Арман»", language="kk")
    await factories.place(desk.db, free=9, mode="temporary", until=date(2026, 4, 30))
    await factories.place(desk.db, free=9, district="akkol")
    by = await queues.operator(desk.db, clock)
    await Vouchers(desk.db, desk.book).issue(by, ids[-1], 1, clock.now())
    [room] = await distribution.rooms(by)
    assert (room.free, room.outstanding, room.queued, room.issuable) == (3, 1, 5, 2)
    dry = await distribution.plan(by, "kokshetau", 50, clock.now())
    assert dry is not None
    assert [turn.application_id for turn in dry.turns] == ids[:2]
    await run(distribution, by, dry.id, clock)
    assert await distribution.plan(by, "kokshetau", 1, clock.now()) is None


async def test_a_place_that_is_held_while_its_parent_signs_is_not_counted_twice(
    desk: Desk, distribution: Distribution, clock: TravelClock
) -> None:
    person = await factories.parent(desk.db, clock.now())
    [mine, *_] = await queues.queue(desk.db, clock, 3)
    place = await factories.place(desk.db, free=2)
    by = await queues.operator(desk.db, clock)
    await Vouchers(desk.db, desk.book).issue(by, mine, 1, clock.now())
    await desk.act(mine, person, Event.CONFIRM_INTEREST)
    clock.move(clock.now() + timedelta(minutes=2))
    await desk.press(mine, person, Event.TAKE_PLACE, place_id=place)
    [room] = await distribution.rooms(by)
    assert (room.free, room.outstanding, room.places) == (2, 1, 1)


async def test_the_dry_run_tells_who_has_a_chat_who_a_phone_and_who_nothing(
    desk: Desk, distribution: Distribution, clock: TravelClock
) -> None:
    now = clock.now()
    for number in (1, 2):
        await factories.parent(desk.db, now, number)
    async with desk.db.write() as session:
        blocked = await session.get(ChatRecord, 2)
        assert blocked is not None
        blocked.blocked_at = now
        session.add_all(
            [
                *(queues.waiting(n, now + timedelta(minutes=n)) for n in (1, 2, 3)),
                queues.waiting(4, now + timedelta(minutes=4), phone="75432425777"),
            ]
        )
    await factories.place(desk.db, free=9)
    by = await queues.operator(desk.db, clock)
    dry = await distribution.plan(by, "kokshetau", None, now)
    assert dry is not None
    assert [turn.reach for turn in dry.turns] == [
        Reach.CHAT,
        Reach.PHONE,
        Reach.PHONE,
        Reach.NOTHING,
    ]
    assert dry.by_reach == {Reach.CHAT: 1, Reach.PHONE: 2, Reach.NOTHING: 1}


async def test_the_dry_run_tells_the_phone_to_which_text_messages_go(
    desk: Desk, distribution: Distribution, clock: TravelClock
) -> None:
    """Of the first, staff have corrected it since the parent entered; of the second, before."""
    now = clock.now()
    people = [await factories.parent(desk.db, now, number) for number in (1, 2)]
    family = [queues.waiting(n, now + timedelta(minutes=n)) for n in (1, 2, 3)]
    family[0].phone_corrected_at = now + timedelta(minutes=1)
    family[1].phone_corrected_at = now - timedelta(minutes=1)
    async with desk.db.write() as session:
        session.add_all(family)
        await session.execute(update(ChatRecord).values(linked_at=now))
    await factories.place(desk.db, free=9)
    by = await queues.operator(desk.db, clock)
    dry = await distribution.plan(by, "kokshetau", None, now)
    assert dry is not None
    given, entered = family[0].applicant_phone, people[1].phone.value
    phones = [display_phone(phone) for phone in (given, entered, given)]
    assert [turn.phone for turn in dry.turns] == phones


async def test_a_stale_dry_run_issues_to_whoever_is_first_now_and_says_so(
    desk: Desk, distribution: Distribution, clock: TravelClock
) -> None:
    ids = await queues.queue(desk.db, clock, 6)
    await factories.place(desk.db, free=9)
    by = await queues.operator(desk.db, clock)
    dry = await distribution.plan(by, "kokshetau", 2, clock.now())
    assert dry is not None
    async with desk.db.write() as session:
        early = queues.waiting(99, clock.now() - timedelta(days=99))
        session.add(early)
        await session.flush()
    progress = await run(distribution, by, dry.id, clock)
    assert (progress.issued, progress.others) == (2, 1)
    assert await queues.with_voucher(desk.db) == sorted([early.id, ids[0]])


async def test_fewer_places_than_at_the_dry_run_are_fewer_vouchers(
    desk: Desk, distribution: Distribution, clock: TravelClock
) -> None:
    ids = await queues.queue(desk.db, clock, 6)
    await factories.place(desk.db, free=4)
    by = await queues.operator(desk.db, clock)
    dry = await distribution.plan(by, "kokshetau", 4, clock.now())
    assert dry is not None
    await Vouchers(desk.db, desk.book).issue(by, ids[5], 1, clock.now())
    await Vouchers(desk.db, desk.book).issue(by, ids[4], 1, clock.now())
    progress = await run(distribution, by, dry.id, clock)
    assert (progress.state, progress.number, progress.issued) == (State.DONE, 4, 2)
    assert await queues.with_voucher(desk.db) == [*ids[:2], *ids[4:]]


async def test_a_kill_between_two_batches_loses_nothing_and_issues_nothing_twice(
    desk: Desk, distribution: Distribution, clock: TravelClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    ids = await queues.queue(desk.db, clock, 6)
    await factories.place(desk.db, free=5)
    by = await queues.operator(desk.db, clock)
    dry = await distribution.plan(by, "kokshetau", None, clock.now())
    assert dry is not None
    await distribution.start(by, dry.id, clock.now())
    await distribution.batch(dry.id, clock.now())
    assert await queues.with_voucher(desk.db) == ids[:2]
    again = Distribution(desk.db, CalendarBook(desk.db))  # another process
    assert await again.running() == [dry.id]
    while (progress := await again.batch(dry.id, clock.now())).state is State.RUNNING:
        pass
    assert progress.issued == 5
    assert await queues.with_voucher(desk.db) == ids[:5]
    assert await again.running() == []
    assert await again.batch(dry.id, clock.now()) == progress


async def test_the_region_gives_each_district_as_many_as_it_has_room_for(
    desk: Desk, distribution: Distribution, clock: TravelClock
) -> None:
    here = await queues.queue(desk.db, clock, 3)
    there = await queues.queue(desk.db, clock, 3, first=11, district="akkol")
    await factories.place(desk.db, free=2)
    await factories.place(desk.db, free=1, district="akkol")
    head = await queues.member(desk.db, clock, 9002, Role.HEAD)
    dry = await distribution.plan(head, None, None, clock.now())
    assert dry is not None
    progress = await run(distribution, head, dry.id, clock)
    assert progress.issued == 3
    assert await queues.with_voucher(desk.db) == [*here[:2], there[0]]


async def test_an_operator_distributes_in_the_own_district_only(
    desk: Desk, distribution: Distribution, clock: TravelClock
) -> None:
    await queues.queue(desk.db, clock, 3)
    await factories.place(desk.db, free=2)
    here = await queues.operator(desk.db, clock)
    there = await queues.operator(desk.db, clock, 9002, "akkol")
    assert [room.district for room in await distribution.rooms(there)] == ["akkol"]
    for district in ("kokshetau", None):
        with pytest.raises(NotAllowed):
            await distribution.plan(there, district, None, clock.now())
    dry = await distribution.plan(here, "kokshetau", None, clock.now())
    assert dry is not None
    with pytest.raises(NoSuchDistribution):
        await distribution.start(there, dry.id, clock.now())
    moved = await queues.operator(desk.db, clock, 9001, "akkol")  # the same person
    with pytest.raises(NoSuchDistribution):
        await distribution.start(moved, dry.id, clock.now())
    assert await queues.with_voucher(desk.db) == []


async def test_a_dry_run_is_started_once(
    desk: Desk, distribution: Distribution, clock: TravelClock
) -> None:
    await queues.queue(desk.db, clock, 3)
    await factories.place(desk.db, free=2)
    by = await queues.operator(desk.db, clock)
    dry = await distribution.plan(by, "kokshetau", 1, clock.now())
    assert dry is not None
    await run(distribution, by, dry.id, clock)
    with pytest.raises(NoSuchDistribution):
        await distribution.start(by, dry.id, clock.now())


async def test_the_audit_log_tells_the_look_the_start_and_every_voucher(
    desk: Desk, distribution: Distribution, clock: TravelClock
) -> None:
    ids = await queues.queue(desk.db, clock, 3)
    await factories.place(desk.db, free=2)
    by = await queues.operator(desk.db, clock)
    dry = await distribution.plan(by, "kokshetau", None, clock.now())
    assert dry is not None
    await run(distribution, by, dry.id, clock)
    async with desk.db.read() as session:
        written = await session.scalars(
            select(AuditRecord).where(AuditRecord.staff_id == by.id).order_by(AuditRecord.id)
        )
        lines = [(line.act, line.subjects) for line in written]
    assert lines == [
        ("distribution_previewed", {"distribution": [dry.id], "application": ids[:2]}),
        ("distribution_started", {"distribution": [dry.id]}),
        ("vouchers_issued", {"distribution": [dry.id], "application": ids[:2]}),
    ]
