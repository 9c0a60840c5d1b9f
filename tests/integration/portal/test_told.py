"""What the portal is told: with the change, once it is over, in order, and until it has heard."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.applications.rules import Event
from core.portal import outbox
from core.portal.outbox import GIVEN_UP_AFTER, LEASE, Change, PortalOutbox
from core.portal.tables import PortalOutboxRecord
from core.retention.service import Kept, Retention
from core.watch.figures import figures
from core.watch.watchdogs import portal_untold
from tests import factories
from tests.integration.way import Way

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def told(way: Way) -> PortalOutbox:
    """The worker's side of a house that tells the portal."""
    way.desk.db.portal_told = True
    return PortalOutbox(way.desk.db)


async def noted(way: Way) -> list[PortalOutboxRecord]:
    async with way.desk.db.read() as session:
        found = await session.scalars(select(PortalOutboxRecord).order_by(PortalOutboxRecord.id))
        return list(found)


async def hear(told: PortalOutbox, way: Way) -> list[str]:
    """The portal takes all that is due; the events in the order in which they came."""
    heard: list[str] = []
    while claimed := await told.claim(way.now, 20):
        heard += [change.data["event"] for change in claimed]
        await told.record([(change, None) for change in claimed], way.now)
    return heard


async def fail(told: PortalOutbox, way: Way) -> Change:
    """The portal does not take the one that is due."""
    [change] = await told.claim(way.now, 20)
    await told.record([(change, "status 500")], way.now)
    return change


async def test_a_parents_acts_are_told_in_order_and_the_portals_own_are_not(
    way: Way, told: PortalOutbox
) -> None:
    home = await factories.place(way.desk.db, language="kk")
    await way.voucher()
    assert await noted(way) == []
    await way.do(Event.CONFIRM_INTEREST)
    await way.do(Event.TAKE_PLACE, place_id=home)
    assert await hear(told, way) == ["confirm_interest", "take_place"]
    confirmed, enrolled = await noted(way)
    assert confirmed.key == "application:1:3"
    assert confirmed.data == {
        "registration_number": "ОДО.2026.1",
        "district": "kokshetau",
        "event": "confirm_interest",
        "by": "parent",
        "status": "voucher_issued",
        "last_day": "2026-04-14",
        "version": 3,
        "place": None,
    }
    assert enrolled.data["place"] == {
        "district": "kokshetau",
        "kindergarten": "«Мадина»",
        "language": "kk",
        "mode": "general",
        "until": None,
    }


async def test_what_the_clock_brings_is_told_too(way: Way, told: PortalOutbox) -> None:
    """A lapse as of the moment it happened, and a temporary stay's end."""
    until = (way.now + 9 * DAY).date()
    place = await factories.place(way.desk.db, mode="temporary", until=until)
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    await way.do(Event.TAKE_TEMPORARY_PLACE, place_id=place)
    await way.travel(4, 30, 12, 0)
    assert await hear(told, way) == ["confirm_interest", "take_temporary_place", "stay_ended"]
    await way.voucher()
    await way.travel(6, 30, 12, 0)
    assert await hear(told, way) == ["confirmation_missed", "restoring_missed"]
    *_, stay, missed, _ = await noted(way)
    assert (stay.data["by"], stay.data["status"]) == ("clock", "in_queue")
    assert stay.data["place"]["until"] == until.isoformat()
    assert (missed.data["by"], missed.data["status"]) == ("clock", "stop_list")


async def test_a_house_without_a_portal_notes_nothing(way: Way) -> None:
    await way.voucher()
    await way.do(Event.REFUSE_VOUCHER)
    assert await noted(way) == []


async def test_nothing_is_told_of_what_was_taken_back(way: Way, told: PortalOutbox) -> None:
    """The note is part of the change."""

    async def break_off() -> None:
        async with way.desk.db.write() as session:
            data = {"by": "parent"}
            await outbox.tell(
                session, key="k", application_id=1, at=way.now, moment=way.now, data=data
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await break_off()
    assert await noted(way) == []


async def test_nobody_is_named(way: Way, told: PortalOutbox) -> None:
    await way.voucher()
    await way.do(Event.REFUSE_VOUCHER)
    [record] = await noted(way)
    for secret in (factories.iin(1), "Parent", "Child", "7750"):
        assert secret not in str(record.data)


async def test_what_comes_after_an_untold_change_waits_for_it(way: Way, told: PortalOutbox) -> None:
    """And no other application does."""
    other = await factories.application(way.desk.db, way.now, 2, applicant=1)
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    change = await fail(told, way)
    await way.do(Event.REMOVE_FROM_QUEUE)
    await way.desk.act(other, way.person, Event.REMOVE_FROM_QUEUE)
    assert await hear(told, way) == ["remove_from_queue"]
    assert [record.application_id for record in await noted(way) if record.delivered_at] == [other]
    way.desk.clock.move(way.now + 5 * SECOND)
    assert await hear(told, way) == ["confirm_interest", "remove_from_queue"]
    assert change.attempts == 1


async def test_a_worker_that_was_killed_loses_nothing(way: Way, told: PortalOutbox) -> None:
    """Its claim ends, and another tells it; what the first has to say then does not count."""
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    await way.do(Event.REMOVE_FROM_QUEUE)
    [lost] = await told.claim(way.now, 20)
    assert await told.claim(way.now, 20) == []
    way.desk.clock.move(way.now + LEASE)
    [again] = await told.claim(way.now, 20)
    assert (again.key, again.attempts) == (lost.key, 2)
    await told.record([(lost, None)], way.now)
    assert not any(record.delivered_at for record in await noted(way))
    await told.record([(again, None)], way.now)
    assert await hear(told, way) == ["remove_from_queue"]


async def test_two_workers_never_take_the_same(way: Way, told: PortalOutbox) -> None:
    numbers = range(2, 22)
    for number in numbers:
        application = await factories.application(way.desk.db, way.now, number, applicant=1)
        await way.desk.act(application, way.person, Event.REMOVE_FROM_QUEUE)
    claimed = await asyncio.gather(*(told.claim(way.now, 7) for _ in range(5)))
    keys = [change.key for changes in claimed for change in changes]
    assert len(keys) == len(set(keys)) == len(numbers)


async def test_the_pauses_grow_up_to_an_hour_then_it_is_given_up_and_named(
    way: Way, told: PortalOutbox
) -> None:
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    begun, pauses = way.now, []
    for _ in range(9):
        await fail(told, way)
        due_at = (await noted(way))[0].due_at
        assert due_at is not None
        pauses.append(due_at - way.now)
        way.desk.clock.move(due_at)
    assert pauses[0] <= 5 * SECOND
    assert 45 * HOUR / 60 <= min(pauses[5:]) <= max(pauses) <= HOUR
    way.desk.clock.move(begun + GIVEN_UP_AFTER)
    await fail(told, way)
    assert await portal_untold(way.desk.db, way.now) == ["given_up:1"]
    assert await told.again(way.now) == 1
    assert await hear(told, way) == ["confirm_interest"]
    assert await portal_untold(way.desk.db, way.now) == []


async def test_what_follows_a_change_that_is_given_up_is_told(way: Way, told: PortalOutbox) -> None:
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    await way.do(Event.REMOVE_FROM_QUEUE)
    way.desk.clock.move(way.now + GIVEN_UP_AFTER)
    await fail(told, way)
    assert await hear(told, way) == ["remove_from_queue"]


async def test_the_watchdog_and_the_figures_tell_what_the_portal_has_not_taken(
    way: Way, told: PortalOutbox
) -> None:
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    await fail(told, way)
    assert await portal_untold(way.desk.db, way.now) == []
    way.desk.clock.move(way.now + HOUR + SECOND)
    await fail(told, way)
    assert await portal_untold(way.desk.db, way.now) == ["untold:1"]
    untold = (await figures(way.desk.db, way.now)).untold
    assert (untold.due, untold.oldest) == (1, 3601)


async def test_what_has_been_told_is_deleted_in_time(way: Way, told: PortalOutbox) -> None:
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    await hear(told, way)
    await way.do(Event.REMOVE_FROM_QUEUE)
    later = way.now + 91 * DAY
    deleted = await Retention(Kept()).purge(way.desk.db, later)
    assert deleted["portal_outbox"] == 1
    assert [record.data["event"] for record in await noted(way)] == ["remove_from_queue"]
