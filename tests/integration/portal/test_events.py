"""The portal's events: each id counts once, and of a batch what is right is done."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from core.applications.rules import Event
from core.applications.service import Applications
from core.applications.tables import ApplicationRecord
from core.calendar.service import CalendarBook
from core.citizens.tables import CitizenRecord
from core.clock import ALMATY, TravelClock
from core.db.engine import Database
from core.places.tables import KindergartenRecord, PlaceRecord
from core.portal.events import PortalEvents
from core.portal.tables import PortalEventRecord
from core.portal.values import EventRefused, Item, NotDone, Why
from core.retention.service import Kept, Retention
from core.signing.tables import SigningRequestRecord
from tests import factories
from tests.integration.registry import rows


class House:
    """One application in the queue, and the portal's door behind the HTTP face."""

    def __init__(self, db: Database, clock: TravelClock, book: CalendarBook) -> None:
        self.db = db
        self.book = book
        self.clock = clock
        self.events = PortalEvents(db, book)
        self.applications = Applications(db, book)

    async def take(self, event_id: str, type_: str, **data: Any) -> dict[str, Any]:
        return await self.events.take(event_id, Item(type_, data), self.clock.now())

    async def batch(self, event_id: str, *items: Item | NotDone) -> list[dict[str, Any]]:
        answer = await self.events.take_batch(event_id, items, self.clock.now())
        told: list[dict[str, Any]] = answer["events"]
        return told

    async def all(self, column: Any) -> Sequence[Any]:
        async with self.db.read() as session:
            return (await session.scalars(select(column).order_by(column))).all()


@pytest.fixture
async def house(database: Database, clock: TravelClock) -> House:
    desk = await factories.desk(database, clock)
    await factories.application(database, clock.now())
    async with database.write() as session:
        await rows.words(session)
    return House(database, clock, desk.book)


VOUCHER = {"registration_number": "ОДО.2026.1"}


async def test_one_event_delivered_many_times_at_once_gets_one_answer(house: House) -> None:
    """None of the deliveries hears that the voucher is issued already: it was by this event."""
    answers = await asyncio.gather(
        *(house.take("e-1", "voucher.issue", **VOUCHER) for _ in range(8))
    )
    assert answers == [answers[0]] * 8
    assert answers[0]["status"] == "awaiting_confirmation"
    assert [line.event for line in await house.applications.history(1)] == ["issue_voucher"]


async def test_a_refused_event_changes_nothing_and_may_be_sent_again(house: House) -> None:
    await house.take("e-1", "voucher.issue", **VOUCHER)
    with pytest.raises(EventRefused) as error:
        await house.take("e-2", "voucher.issue", **VOUCHER)
    assert (error.value.refusal.why, error.value.refusal.detail) == (
        Why.REFUSED,
        "refused: not_now",
    )
    with pytest.raises(EventRefused) as error:
        await house.take("e-3", "voucher.issue", registration_number="ОДО.2026.999")
    assert error.value.refusal.why is Why.UNKNOWN
    assert await house.all(PortalEventRecord.id) == ["e-1"]
    await factories.application(house.db, house.clock.now(), 999, applicant=1)
    assert await house.take("e-3", "voucher.issue", registration_number="ОДО.2026.999")


async def test_each_kind_comes_in_by_itself(house: House) -> None:
    """New, then unchanged under another id, then changed."""
    for type_, data, change in (
        ("citizen.put", rows.citizen(5), {"full_name": "Ахметова Айгерім"}),
        ("application.put", rows.application(5), {"applicant_address": "Абай көшесі, 2"}),
        ("kindergarten.put", rows.kindergarten(), {"phone": "87162255113"}),
        ("place.put", rows.place(), {"total": 12}),
        ("calendar_day.put", rows.day(date="2026-05-04"), {"note": "Another"}),
    ):
        for number, told in enumerate(({}, {}, change)):
            answer = await house.take(f"{type_}-{number}", type_, **{**data, **told})
            assert answer == {"outcome": ("new", "unchanged", "changed")[number]}, type_
    assert await house.all(CitizenRecord.full_name) == ["Ахметова Айгерім"]
    assert await house.all(PlaceRecord.free) == [12]
    assert "portal" in {line.actor for line in await house.applications.history(2)}


async def test_what_is_wrong_with_a_row_is_told_by_field_and_never_by_value(house: House) -> None:
    wrong = rows.citizen(5, iin="900517400001", phone="+7 123", birth_date="soon")
    with pytest.raises(EventRefused) as error:
        await house.take("e-1", "citizen.put", **wrong)
    refusal = error.value.refusal
    assert refusal.why is Why.WRONG
    assert {problem.field for problem in refusal.problems} == {"iin", "phone", "birth_date"}
    for value in wrong.values():
        assert value not in refusal.detail
    assert await house.all(CitizenRecord.iin) == []


async def test_what_the_records_forbid_is_another_refusal(house: House) -> None:
    moved = rows.application(5, district="Қосшы қаласы")
    for event_id, type_, data, why in (
        ("e-1", "place.put", rows.place(), Why.UNKNOWN),
        ("e-2", "calendar_day.put", {"date": "2031-05-04", "kind": "holiday"}, Why.REFUSED),
        ("e-3", "application.put", moved, Why.REFUSED),
    ):
        if why is Why.REFUSED:
            await house.take("first", "application.put", **rows.application(5))
        with pytest.raises(EventRefused) as error:
            await house.take(event_id, type_, **data)
        assert error.value.refusal.why is why, type_


async def test_fields_that_nobody_knows_are_ignored(house: House) -> None:
    answer = await house.take("e-1", "citizen.put", **rows.citizen(5, shoe_size=38))
    assert answer == {"outcome": "new"}


async def test_half_a_batch_is_bad_and_the_good_half_is_done(house: House) -> None:
    """In their order: a place can stand behind its kindergarten, a voucher behind its
    application."""
    items: list[Item | NotDone] = [
        Item("place.put", rows.place()),  # its kindergarten comes after it
        Item("kindergarten.put", rows.kindergarten()),
        Item("place.put", rows.place()),
        Item("citizen.put", rows.citizen(5)),
        Item("citizen.put", rows.citizen(6, iin="1")),
        NotDone(Why.WRONG, "the type is not known"),
        Item("application.put", rows.application(7)),
        Item("voucher.issue", {"registration_number": "ОДО.2026.7"}),
        Item("voucher.issue", {"registration_number": "ОДО.2026.7"}),
        Item("voucher.issue", {"registration_number": "ОДО.2026.8"}),
    ]
    told = await house.batch("b-1", *items)
    assert [one["result"] for one in told] == [
        *("unknown", "done", "done", "done", "wrong", "wrong", "done", "done", "refused", "unknown")
    ]
    assert told[0]["problems"] == [{"field": "kindergarten", "reason": "unknown_kindergarten"}]
    assert told[7]["answer"]["last_day"] == "2026-04-09"
    assert await house.all(KindergartenRecord.id) == [1]
    assert await house.all(PlaceRecord.free) == [10]
    assert await house.all(CitizenRecord.iin) == [factories.iin(5)]
    assert await house.all(ApplicationRecord.registration_number) == ["ОДО.2026.1", "ОДО.2026.7"]
    assert await house.batch("b-1", *items) == told
    assert [line.event for line in await house.applications.history(2)] == [
        "issue_voucher",
        "registered",
    ]


async def test_a_batch_delivered_many_times_at_once_is_one(house: House) -> None:
    items: list[Item | NotDone] = [Item("citizen.put", rows.citizen(n)) for n in range(5, 15)]
    items += [Item("voucher.issue", VOUCHER)]
    told = await asyncio.gather(*(house.batch("b-1", *items) for _ in range(6)))
    assert told == [told[0]] * 6
    assert {one["answer"]["outcome"] for one in told[0][:-1]} == {"new"}
    assert len(await house.all(CitizenRecord.iin)) == 10


async def test_of_one_thing_twice_in_a_batch_the_last_counts(house: House) -> None:
    told = await house.batch(
        "b-1",
        Item("citizen.put", rows.citizen(5, full_name="Бірінші")),
        Item("citizen.put", rows.citizen(6)),
        Item("citizen.put", rows.citizen(5, full_name="Екінші")),
    )
    assert [one["answer"]["outcome"] for one in told] == ["new", "new", "changed"]
    assert "Екінші" in await house.all(CitizenRecord.full_name)


async def test_a_day_counts_for_the_voucher_behind_it_and_for_all_after(house: House) -> None:
    """Thursday the 9th becomes a day off: the two working days end on Friday."""
    await house.book.load()
    day = {"date": "2026-04-09", "kind": "transferred_off"}
    await factories.application(house.db, house.clock.now(), 2, applicant=1)
    told = await house.batch("b-1", Item("calendar_day.put", day), Item("voucher.issue", VOUCHER))
    assert told[1]["answer"]["last_day"] == "2026-04-10"
    after = await house.take("e-2", "voucher.issue", registration_number="ОДО.2026.2")
    assert after["last_day"] == "2026-04-10"
    await house.take("e-3", "calendar_day.put", date="2026-04-10", kind="transferred_off")
    await factories.application(house.db, house.clock.now(), 3, applicant=1)
    later = await house.take("e-4", "voucher.issue", registration_number="ОДО.2026.3")
    assert later["last_day"] == "2026-04-13"


async def test_no_voucher_is_issued_in_a_year_without_a_calendar(house: House) -> None:
    house.clock.move(datetime(2028, 12, 29, 12, 0, tzinfo=ALMATY))
    with pytest.raises(EventRefused) as error:
        await house.take("e-1", "voucher.issue", **VOUCHER)
    assert error.value.refusal.detail == "refused: year_not_covered"


async def test_an_id_is_forgotten_in_time(house: House) -> None:
    await house.take("e-1", "citizen.put", **rows.citizen(5))
    now = house.clock.now()
    deleted = await Retention(Kept(portal_events=1)).purge(house.db, now)
    assert deleted["portal_events"] == 0
    house.clock.move(now.replace(day=now.day + 2))
    deleted = await Retention(Kept(portal_events=1)).purge(house.db, house.clock.now())
    assert deleted["portal_events"] == 1


async def test_a_voucher_is_taken_back_and_what_was_being_signed_with_it(house: House) -> None:
    person = await factories.parent(house.db, house.clock.now())
    desk = await factories.desk(house.db, house.clock)
    await house.take("e-1", "voucher.issue", **VOUCHER)
    await desk.press(1, person, Event.CONFIRM_INTEREST)
    taken_back = {**VOUCHER, "reason": "wrong_data"}
    answer = await house.take("e-2", "voucher.withdraw", **taken_back)
    assert answer == {**VOUCHER, "status": "in_queue", "last_day": None}
    assert await house.all(SigningRequestRecord.state) == ["replaced"]
    with pytest.raises(EventRefused) as error:
        await house.take("e-3", "voucher.withdraw", **taken_back)
    assert error.value.refusal.why is Why.REFUSED
