"""The whole way of an application, in core, on both databases (R6-R18, D1-D8)."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.applications.rules import Event, Refusal, Refused, Status
from core.applications.service import Applications
from core.applications.values import ApplicationCard, NotYours
from core.clock import ALMATY, TravelClock
from core.codes.values import CodeAnswer, Outcome
from core.db.engine import Database
from core.login.values import Person
from core.notices.plan import Channel
from core.notices.tables import NoticeRecord
from core.places.tables import PlaceRecord, StayRecord
from core.signing.values import Signed
from tests import factories
from tests.factories import Desk


class Way:
    """One parent, one application, and the desk that they stand at."""

    def __init__(self, desk: Desk, person: Person, application_id: int) -> None:
        self.desk = desk
        self.person = person
        self.id = application_id
        self.applications = Applications(desk.db, desk.book)

    @property
    def now(self) -> datetime:
        return self.desk.clock.now()

    async def card(self) -> ApplicationCard:
        return await self.applications.card(self.id, self.person, self.now)

    async def voucher(self) -> None:
        number = (await self.card()).registration_number
        await self.applications.issue_voucher(number, actor="portal", moment=self.now)

    async def do(self, act: Event, **more: int) -> None:
        await self.desk.act(self.id, self.person, act, **more)

    async def travel(self, month: int, day: int, hour: int, minute: int) -> None:
        """Move to that moment of 2026, stopping at what falls due."""
        target = datetime(2026, month, day, hour, minute, tzinfo=ALMATY)
        while (due := await self.desk.sweep.next_due()) and due <= target:
            self.desk.clock.move(max(due, self.now))
            await self.desk.sweep.run(self.now)
        self.desk.clock.move(target)

    async def free(self, place_id: int) -> int:
        async with self.desk.db.read() as session:
            place = await session.get(PlaceRecord, place_id)
            assert place is not None
            return place.free

    async def told(self) -> list[str]:
        until = func.coalesce(NoticeRecord.ended_at, self.now)
        async with self.desk.db.read() as session:
            kinds = await session.scalars(
                select(NoticeRecord.kind)
                .where(NoticeRecord.channel == Channel.TELEGRAM, NoticeRecord.planned_at <= until)
                .order_by(NoticeRecord.planned_at, NoticeRecord.id)
            )
            return list(kinds)


@pytest.fixture
async def way(database: Database, clock: TravelClock) -> Way:
    desk = await factories.desk(database, clock)
    person = await factories.parent(database, clock.now())
    return Way(desk, person, await factories.application(database, clock.now()))


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


async def test_pressed_at_2358_and_signed_at_0001(way: Way) -> None:
    """D8: the sweep spares the reserved act, and the right code completes it."""
    await way.voucher()
    await way.travel(4, 9, 23, 58)
    request = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    code = way.desk.pocket.newest_code
    await way.travel(4, 10, 0, 1)
    assert (await way.card()).status is Status.AWAITING_CONFIRMATION
    signed = await way.desk.signing.enter(request, way.person, code, way.now, "1")
    assert isinstance(signed, Signed)
    assert signed.card.status is Status.VOUCHER_ISSUED


async def test_a_reservation_ends_with_its_code(way: Way) -> None:
    """D6, D8: five minutes after midnight's press the term is over after all."""
    place = await factories.place(way.desk.db, free=1)
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    await way.travel(4, 14, 23, 58)
    request = await way.desk.press(way.id, way.person, Event.TAKE_PLACE, place_id=place)
    assert await way.free(place) == 0
    await way.travel(4, 15, 0, 4)
    assert (await way.card()).status is Status.ARCHIVED
    assert await way.free(place) == 1
    code = way.desk.pocket.newest_code
    late = await way.desk.signing.enter(request, way.person, code, way.now, "1")
    assert isinstance(late, CodeAnswer)
    assert late.outcome is Outcome.EXPIRED


async def test_while_no_gateway_takes_a_code_the_act_stays_reserved(way: Way) -> None:
    await way.voucher()
    await way.travel(4, 9, 23, 59)
    way.desk.pocket.dead = True
    request = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    await way.travel(4, 10, 3, 0)
    assert (await way.card()).status is Status.AWAITING_CONFIRMATION
    way.desk.pocket.dead = False
    for code_id in await way.desk.codes.due(way.now):
        await way.desk.codes.deliver(code_id)
    code = way.desk.pocket.newest_code
    signed = await way.desk.signing.enter(request, way.person, code, way.now, "1")
    assert isinstance(signed, Signed)


async def test_a_press_in_time_wins_even_if_the_sweep_was_early(way: Way) -> None:
    """D8: the press arrived at 23:59:59, and was read after the sweep had done its work."""
    await way.voucher()
    version = (await way.card()).version
    await way.travel(4, 10, 0, 0)
    assert (await way.card()).status is Status.STOP_LIST
    pressed = datetime(2026, 4, 9, 23, 59, 59, tzinfo=ALMATY)
    asked = await way.desk.signing.press(
        way.id, way.person, 1, Event.CONFIRM_INTEREST, "kk", pressed, version=version
    )
    await way.desk.codes.deliver(asked.code_id)
    code = way.desk.pocket.newest_code
    signed = await way.desk.signing.enter(asked.request_id, way.person, code, way.now, "1")
    assert isinstance(signed, Signed)
    assert signed.card.status is Status.VOUCHER_ISSUED


async def test_a_press_at_midnight_loses_even_if_the_sweep_is_late(way: Way) -> None:
    await way.voucher()
    midnight = datetime(2026, 4, 10, 0, 0, tzinfo=ALMATY)
    with pytest.raises(Refused) as refused:
        await way.desk.signing.press(way.id, way.person, 1, Event.CONFIRM_INTEREST, "kk", midnight)
    assert refused.value.refusal is Refusal.TERM_ENDED


async def test_the_same_press_again_shows_the_same_request(way: Way) -> None:
    await way.voucher()
    first = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    again = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    assert first == again
    assert len(way.desk.pocket.messages) == 1


async def test_a_code_signs_once_and_says_so_again(way: Way) -> None:
    await way.voucher()
    request = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    code = way.desk.pocket.newest_code
    for key in ("1", "1", "2"):
        signed = await way.desk.signing.enter(request, way.person, code, way.now, key)
        assert isinstance(signed, Signed)
    assert len(await way.applications.history(way.id)) == 2


async def test_stepping_back_gives_the_held_place_back(way: Way) -> None:
    place = await factories.place(way.desk.db, free=1)
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    request = await way.desk.press(way.id, way.person, Event.TAKE_PLACE, place_id=place)
    assert await way.free(place) == 0
    await way.desk.signing.abandon(request, way.person, way.now)
    assert await way.free(place) == 1


async def test_an_abandoned_code_frees_the_place_after_its_life(way: Way) -> None:
    """D6: held for as long as the code lives."""
    place = await factories.place(way.desk.db, free=1)
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    await way.desk.press(way.id, way.person, Event.TAKE_PLACE, place_id=place)
    way.desk.clock.move(way.now + timedelta(minutes=5))
    await way.desk.sweep.run(way.now)
    assert await way.free(place) == 1


async def test_places_that_the_voucher_is_not_for(way: Way) -> None:
    """D10, R16: another district's, one of the other mode, one that is gone."""
    far = await factories.place(way.desk.db, district="zerendi")
    temporary = await factories.place(way.desk.db, mode="temporary", until=date(2026, 4, 30))
    gone = await factories.place(way.desk.db, free=0)
    over = await factories.place(way.desk.db, mode="temporary", until=date(2026, 4, 6))
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    for place_id, act, refusal in (
        (far, Event.TAKE_PLACE, "other_district"),
        (temporary, Event.TAKE_PLACE, "wrong_mode"),
        (gone, Event.TAKE_PLACE, "place_gone"),
        (over, Event.TAKE_TEMPORARY_PLACE, "place_gone"),
        (10_000, Event.TAKE_PLACE, "place_gone"),
    ):
        with pytest.raises(Refused, match=refusal):
            await way.do(act, place_id=place_id)


async def test_nobody_acts_on_someone_elses_application(way: Way) -> None:
    """D11."""
    stranger = await factories.parent(way.desk.db, way.now, number=2)
    await way.voucher()
    request = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    with pytest.raises(NotYours):
        await way.desk.press(way.id, stranger, Event.CONFIRM_INTEREST)
    with pytest.raises(NotYours):
        await way.desk.signing.enter(request, stranger, "000000", way.now, "1")
    with pytest.raises(NotYours):
        await way.applications.card(way.id, stranger, way.now)
    assert await way.desk.signing.documents(way.id, stranger) == []


async def test_a_stale_button_is_refused(way: Way) -> None:
    await way.voucher()
    version = (await way.card()).version
    await way.do(Event.CONFIRM_INTEREST)
    with pytest.raises(Refused) as refused:
        await way.desk.press(way.id, way.person, Event.REMOVE_FROM_QUEUE, version=version)
    assert refused.value.refusal is Refusal.STALE
