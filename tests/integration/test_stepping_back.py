"""Stepping back from an act, and thinking better of it (D6, D8)."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.rules import Event, Refusal, Refused, Status
from core.applications.service import Applications
from core.clock import ALMATY, TravelClock
from core.codes.tables import CodeRecord
from core.codes.values import CodeAnswer, CodesExhausted, Outcome
from core.db.engine import Database
from core.login.values import Person
from core.places.tables import PlaceRecord
from core.signing.tables import SigningRequestRecord
from core.signing.values import Asked, Signed
from tests import factories
from tests.factories import Desk

MIDNIGHT = datetime(2026, 4, 15, 0, 0, tzinfo=ALMATY)
"""The end of the term for choosing that began on 7 April (R10)."""


class Choosing:
    """A parent who may choose, and two kindergartens with one place each."""

    def __init__(self, desk: Desk, person: Person, application: int, places: list[int]) -> None:
        self.desk = desk
        self.person = person
        self.application = application
        self.places = places

    @property
    def now(self) -> datetime:
        return self.desk.clock.now()

    @property
    def codes(self) -> list[str]:
        """The codes of the acts that were pressed here."""
        return [message.text for message in self.desk.pocket.messages[1:]]

    def wait(self, **more: int) -> None:
        self.desk.clock.move(self.now + timedelta(**more))

    async def press(self, place: int = 0, language: str = "kk") -> Asked:
        asked = await self.desk.signing.press(
            self.application,
            self.person,
            self.person.id,
            Event.TAKE_PLACE,
            language,
            self.now,
            place_id=self.places[place],
        )
        await self.desk.codes.deliver(asked.code_id)
        return asked

    async def back(self, asked: Asked) -> None:
        await self.desk.signing.abandon(asked.request_id, self.person, self.now)

    async def enter(self, asked: Asked, code: str, key: str = "1") -> Signed | CodeAnswer:
        return await self.desk.signing.enter(asked.request_id, self.person, code, self.now, key)

    async def free(self, place: int = 0) -> int:
        async with self.desk.db.read() as session:
            return (await session.get_one(PlaceRecord, self.places[place])).free


@pytest.fixture
async def choosing(database: Database, clock: TravelClock) -> Choosing:
    desk = await factories.desk(database, clock)
    person = await factories.parent(database, clock.now())
    application = await factories.application(database, clock.now())
    applications = Applications(database, desk.book)
    await applications.issue_voucher("ОДО.2026.1", actor="portal", moment=clock.now())
    await desk.act(application, person, Event.CONFIRM_INTEREST)
    places = [await factories.place(database, name=name) for name in ("«Мадина»", "«Арман»")]
    return Choosing(desk, person, application, places)


async def test_the_same_press_again_takes_up_what_was_left_with_its_code(
    choosing: Choosing,
) -> None:
    """No second code goes out; the place is held again, and the first code signs."""
    first = await choosing.press()
    sent = choosing.now
    await choosing.back(first)
    assert await choosing.free() == 1
    choosing.wait(seconds=20)
    again = await choosing.press()
    assert (again.request_id, again.sent_at) == (first.request_id, sent)
    assert again.valid_until == sent + timedelta(minutes=5)
    assert await choosing.free() == 0
    assert len(choosing.codes) == 1
    signed = await choosing.enter(again, choosing.codes[0])
    assert isinstance(signed, Signed)
    assert signed.card.status is Status.ENROLLED


async def test_what_was_left_cannot_be_signed(choosing: Choosing) -> None:
    asked = await choosing.press()
    await choosing.back(asked)
    answer = await choosing.enter(asked, choosing.codes[0])
    assert isinstance(answer, CodeAnswer)
    assert answer.outcome is Outcome.EXPIRED


async def test_a_place_taken_meanwhile_is_gone(choosing: Choosing) -> None:
    """D6: what was left holds nothing."""
    await choosing.back(await choosing.press())
    neighbour = await factories.parent(choosing.desk.db, choosing.now, number=2)
    theirs = await factories.application(choosing.desk.db, choosing.now, number=2)
    applications = Applications(choosing.desk.db, choosing.desk.book)
    await applications.issue_voucher("ОДО.2026.2", actor="portal", moment=choosing.now)
    await choosing.desk.act(theirs, neighbour, Event.CONFIRM_INTEREST)
    await choosing.desk.act(theirs, neighbour, Event.TAKE_PLACE, place_id=choosing.places[0])
    with pytest.raises(Refused) as refused:
        await choosing.press()
    assert refused.value.refusal is Refusal.PLACE_GONE
    assert await choosing.free() == 0


async def test_the_hold_ends_with_the_first_codes_life(choosing: Choosing) -> None:
    """D6: stepping back and forth holds no place for longer than a code lives."""
    first = await choosing.press()
    choosing.wait(minutes=4)
    await choosing.back(first)
    await choosing.press()
    choosing.wait(minutes=1)
    await choosing.desk.sweep.run(choosing.now)
    assert await choosing.free() == 1
    assert (await choosing.press()).request_id != first.request_id
    assert len(choosing.codes) == 2


async def test_another_act_is_another_request(choosing: Choosing) -> None:
    """The code is bound to exactly the text that it was sent for."""
    await choosing.back(await choosing.press())
    with pytest.raises(CodesExhausted):
        await choosing.press(1)
    choosing.wait(seconds=61)
    other = await choosing.press(1)
    await choosing.back(other)
    choosing.wait(seconds=61)
    assert (await choosing.press(0)).sent_at is None
    assert len(choosing.codes) == 3


async def test_a_code_without_tries_is_not_taken_up(choosing: Choosing) -> None:
    asked = await choosing.press()
    wrong = "000000" if choosing.codes[0] != "000000" else "111111"
    for key in "12345":
        await choosing.enter(asked, wrong, key)
    await choosing.back(asked)
    choosing.wait(seconds=61)
    assert (await choosing.press()).request_id != asked.request_id


async def test_a_code_that_no_gateway_took_waits_until_the_act_is_pressed_again(
    choosing: Choosing,
) -> None:
    choosing.desk.pocket.dead = True
    first = await choosing.press()
    await choosing.back(first)
    choosing.desk.pocket.dead = False
    choosing.wait(seconds=31)
    assert await choosing.desk.codes.due(choosing.now) == []
    again = await choosing.press()
    assert (again.request_id, again.sent_at) == (first.request_id, None)
    assert isinstance(await choosing.enter(again, choosing.codes[0]), Signed)


async def test_the_second_press_is_the_one_that_must_be_in_time(choosing: Choosing) -> None:
    """D8: stepping back gives the reservation up."""
    choosing.desk.clock.move(MIDNIGHT - timedelta(minutes=1))
    await choosing.back(await choosing.press())
    choosing.wait(minutes=1)
    with pytest.raises(Refused) as refused:
        await choosing.press()
    assert refused.value.refusal is Refusal.TERM_ENDED


async def test_whose_code_is_just_being_sent_gets_none_after_stepping_back(
    choosing: Choosing,
) -> None:
    """Where the gateway refuses it in the end; whoever comes back gets it then."""
    pocket, codes = choosing.desk.pocket, choosing.desk.codes
    pocket.answers.clear()
    pocket.dead = True
    async with asyncio.TaskGroup() as group:
        pressed = group.create_task(choosing.press())
        await _claimed(choosing)
        request = await _request(choosing)
        await choosing.desk.signing.abandon(request, choosing.person, choosing.now)
        pocket.answers.set()
    pocket.dead = False
    choosing.wait(hours=1)
    assert await codes.due(choosing.now) == []
    again = await choosing.press()
    assert again.request_id == pressed.result().request_id
    assert isinstance(await choosing.enter(again, choosing.codes[-1]), Signed)


async def test_a_new_code_is_not_outlived_by_the_reservation_of_the_old_one(
    choosing: Choosing,
) -> None:
    """D8: a gateway takes the old one in the moment in which the new one is asked for."""
    desk, signing = choosing.desk, choosing.desk.signing
    recorded, again = desk.codes.on_delivered, asyncio.Event()
    assert recorded is not None

    async def slowly(session: AsyncSession, code: CodeRecord) -> None:
        again.set()
        await asyncio.sleep(0.3)
        await recorded(session, code)

    async def ask_again() -> Asked:
        await again.wait()
        choosing.wait(seconds=61)
        request = await _request(choosing)
        return await signing.resend(
            request, choosing.person, choosing.person.id, "kk", choosing.now
        )

    desk.codes.on_delivered = slowly
    async with asyncio.TaskGroup() as group:
        group.create_task(choosing.press())
        new = group.create_task(ask_again())
    desk.codes.on_delivered = recorded
    choosing.wait(minutes=6)
    await desk.sweep.run(choosing.now)
    async with desk.db.read() as session:
        request = await session.get_one(SigningRequestRecord, new.result().request_id)
    assert request.state == "open"  # until the new one has come


async def _request(choosing: Choosing) -> int:
    """The newest one."""
    async with choosing.desk.db.read() as session:
        return (await session.scalars(select(func.max(SigningRequestRecord.id)))).one()


async def _claimed(choosing: Choosing) -> None:
    """Wait until the code is on its way to the gateway."""
    async with asyncio.timeout(20):
        while True:
            async with choosing.desk.db.read() as session:
                if await session.scalar(
                    select(CodeRecord.id).where(
                        CodeRecord.sent_at.is_not(None), CodeRecord.retry_at.is_not(None)
                    )
                ):
                    return
            await asyncio.sleep(0.01)


async def test_whoever_stepped_back_long_ago_can_press_again(choosing: Choosing) -> None:
    """The code of then is deleted, as all old ones are; the request stays."""
    left = await choosing.press()
    await choosing.back(left)
    async with choosing.desk.db.write() as session:
        await session.execute(delete(CodeRecord).where(CodeRecord.target_id == left.request_id))
    assert await choosing.enter(left, "123456") == CodeAnswer(Outcome.EXPIRED)
    choosing.wait(minutes=1)
    asked = await choosing.press()
    assert asked.request_id != left.request_id
    assert isinstance(await choosing.enter(asked, choosing.codes[-1]), Signed)


async def test_what_was_stepped_back_from_unsent_is_pressed_anew_the_day_after(
    choosing: Choosing,
) -> None:
    """Its old code would be given up at the first try."""
    choosing.desk.pocket.dead = True
    left = await choosing.press()
    await choosing.back(left)
    choosing.wait(days=1)
    choosing.desk.pocket.dead = False
    asked = await choosing.press()
    assert asked.request_id != left.request_id
    assert isinstance(await choosing.enter(asked, choosing.codes[-1]), Signed)
