"""The whole way of an application, in core, on both databases (R6-R18, D1-D4)."""

from datetime import date

import pytest
from sqlalchemy import select

from core.applications.rules import Event, Refused, Status
from core.places.tables import StayRecord
from tests import factories
from tests.integration.way import Way


async def test_from_the_voucher_to_the_place(way: Way) -> None:
    """R6, R9, R10, R14: voucher, confirmation, contract; the place is one fewer."""
    place = await factories.place(way.desk.db, free=3)
    await way.voucher()
    assert (await way.card()).status is Status.AWAITING_CONFIRMATION
    await way.do(Event.CONFIRM_INTEREST)
    confirmed = await way.card()
    assert confirmed.status is Status.VOUCHER_ISSUED
    assert confirmed.deadline is not None
    assert confirmed.deadline.last_day == date(2026, 4, 14)
    await way.do(Event.TAKE_PLACE, place_id=place)
    enrolled = await way.card()
    assert enrolled.status is Status.ENROLLED
    assert enrolled.place is not None
    assert enrolled.place.id == place
    assert await way.free(place) == 2
    documents = await way.desk.signing.documents(way.id, way.person)
    assert [document.kind for document in documents] == ["referral", "contract"]
    assert [line.event for line in await way.applications.history(way.id)] == [
        "take_place",
        "confirm_interest",
        "issue_voucher",
    ]


async def test_a_missed_confirmation_leads_to_the_stop_list_and_back_once(way: Way) -> None:
    """R7, R8, D2, D3: lapse at midnight, restored once, the second lapse has no way back."""
    await way.voucher()
    registered = (await way.card()).registered_at
    await way.travel(4, 9, 23, 59)
    assert (await way.card()).status is Status.AWAITING_CONFIRMATION
    await way.travel(4, 10, 0, 0)
    stopped = await way.card()
    assert stopped.status is Status.STOP_LIST
    assert stopped.deadline is not None
    assert stopped.deadline.last_day == date(2026, 5, 8)
    assert stopped.actions == {Event.RESTORE}
    await way.travel(4, 10, 9, 0)
    await way.do(Event.RESTORE)
    restored = await way.card()
    assert (restored.status, restored.registered_at) == (Status.IN_QUEUE, registered)
    assert restored.queue_number == 1
    await way.voucher()
    await way.travel(4, 15, 0, 0)
    second = await way.card()
    assert (second.status, second.actions) == (Status.STOP_LIST, frozenset())
    await way.travel(5, 12, 23, 59)
    assert (await way.card()).status is Status.STOP_LIST
    await way.travel(5, 13, 0, 0)
    archived = await way.card()
    assert archived.status is Status.ARCHIVED
    assert archived.archived_because is Event.RESTORING_MISSED
    assert await way.told() == [
        "voucher_issued",
        "reminder",
        "last_day",
        "last_evening",
        "confirmation_missed",
        "voucher_issued",
        "reminder",
        "last_day",
        "last_evening",
        "confirmation_missed",
        "last_day",
        "restoring_missed",
    ]


async def test_no_place_in_five_days_and_the_application_is_archived(way: Way) -> None:
    """R10."""
    place = await factories.place(way.desk.db, free=1)
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    await way.travel(4, 14, 23, 59)
    assert (await way.card()).status is Status.VOUCHER_ISSUED
    await way.travel(4, 15, 0, 0)
    archived = await way.card()
    assert (archived.status, archived.archived_because) == (
        Status.ARCHIVED,
        Event.CHOOSING_MISSED,
    )
    assert await way.free(place) == 1


@pytest.mark.parametrize("act", [Event.REFUSE_VOUCHER, Event.REMOVE_FROM_QUEUE])
async def test_refusing_and_removing_end_in_the_archive(way: Way, act: Event) -> None:
    """R11, D9."""
    await way.voucher()
    await way.do(act)
    card = await way.card()
    assert (card.status, card.archived_because, card.queue_number) == (Status.ARCHIVED, act, None)
    assert card.actions == frozenset()


async def test_a_temporary_stay_beside_the_queue(way: Way) -> None:
    """R15-R18, D4: until 30 April, withdrawn on Monday 4 May, in the queue all the while."""
    place = await factories.place(way.desk.db, mode="temporary", until=date(2026, 4, 30))
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    await way.do(Event.TAKE_TEMPORARY_PLACE, place_id=place)
    card = await way.card()
    assert (card.status, card.queue_number) == (Status.IN_QUEUE, 1)
    assert card.stay is not None
    assert card.stay.withdraw_on == date(2026, 5, 4)
    await way.travel(5, 3, 23, 59)
    assert (await way.card()).stay is not None
    await way.travel(5, 4, 0, 0)
    after = await way.card()
    assert (after.stay, after.status, after.queue_number) == (None, Status.IN_QUEUE, 1)
    assert (await way.told())[-3:] == ["stay_last_day", "stay_last_evening", "stay_ended"]


async def test_the_permanent_contract_ends_a_stay_and_frees_its_place(way: Way) -> None:
    """D4."""
    temporary = await factories.place(way.desk.db, mode="temporary", until=date(2026, 4, 30))
    permanent = await factories.place(way.desk.db)
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    await way.do(Event.TAKE_TEMPORARY_PLACE, place_id=temporary)
    assert await way.free(temporary) == 0
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    with pytest.raises(Refused, match="stay_lasts"):
        await way.do(Event.TAKE_TEMPORARY_PLACE, place_id=temporary)
    await way.do(Event.TAKE_PLACE, place_id=permanent)
    assert await way.free(temporary) == 1
    async with way.desk.db.read() as session:
        stay = (await session.scalars(select(StayRecord))).one()
        assert stay.ended_because == "enrolled"
