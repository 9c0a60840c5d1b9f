"""What is pressed in time stays reserved, whatever else is pressed beside it (D6, D8)."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from core import agenda
from core.applications.changes import locked
from core.applications.rules import Event, Refused, Status
from core.applications.service import Applications
from core.applications.tables import ApplicationRecord
from core.clock import ALMATY, TravelClock
from core.codes.values import CodeAnswer, Outcome
from core.db.engine import Database
from core.login.values import Person
from core.notices.plan import Channel
from core.notices.tables import NoticeRecord
from core.signing.values import Signed
from core.sms.port import Sms, Unknown
from tests import factories
from tests.factories import Desk

T = TypeVar("T")
MIDNIGHT = datetime(2026, 4, 10, 0, 0, tzinfo=ALMATY)
"""The end of the term of a voucher issued on 7 April (R7)."""


class Family:
    """A parent with two children, each with a voucher to be confirmed until the end of 9 April."""

    def __init__(self, desk: Desk, person: Person, children: list[int]) -> None:
        self.desk = desk
        self.person = person
        self.children = children

    @property
    def now(self) -> datetime:
        return self.desk.clock.now()

    async def travel(self, to: datetime) -> None:
        """Move to `to`, stopping at what falls due, also at codes that wait to be sent."""
        while due := await self._next_due(to):
            self.desk.clock.move(max(due, self.now))
            await self.desk.sweep.run(self.now)
            for code_id in await self.desk.codes.due(self.now):
                await self.desk.codes.deliver(code_id)
        self.desk.clock.move(to)

    async def press(self, child: int, act: Event = Event.CONFIRM_INTEREST, **more: Any) -> int:
        return await self.desk.press(self.children[child], self.person, act, **more)

    async def enter(self, request: int, code: str, key: str = "1") -> Signed | CodeAnswer:
        return await self.desk.signing.enter(request, self.person, code, self.now, key)

    async def status(self, child: int) -> Status:
        async with self.desk.db.read() as session:
            record = await session.get_one(ApplicationRecord, self.children[child])
            return Status(record.status)

    async def _next_due(self, to: datetime) -> datetime | None:
        due = await agenda.due(self.desk.db, self.desk.clock.now())
        instant = agenda.first(due.sweep, due.codes)
        return instant if instant and instant <= to else None


@pytest.fixture
async def family(database: Database, clock: TravelClock) -> Family:
    now = clock.now()
    desk = await factories.desk(database, clock)
    person = await factories.parent(database, now)
    children = []
    for number in (1, 2):
        children.append(await factories.application(database, now, number, applicant=1))
        applications = Applications(database, desk.book)
        await applications.issue_voucher(f"ОДО.2026.{number}", actor="portal", moment=now)
    return Family(desk, person, children)


async def test_one_childs_code_leaves_the_other_childs_alone(family: Family) -> None:
    """Both are pressed before midnight, and both right codes count after it."""
    await family.travel(MIDNIGHT - timedelta(minutes=3))
    first = await family.press(0)
    first_code = family.desk.pocket.newest_code
    await family.travel(MIDNIGHT - timedelta(minutes=2))
    second = await family.press(1)
    second_code = family.desk.pocket.newest_code
    await family.travel(MIDNIGHT + timedelta(minutes=1))
    assert isinstance(await family.enter(second, second_code), Signed)
    assert isinstance(await family.enter(first, first_code), Signed)
    assert [await family.status(child) for child in (0, 1)] == [Status.VOUCHER_ISSUED] * 2


async def test_while_no_gateway_takes_a_code_both_children_stay_reserved(family: Family) -> None:
    """Each gets its code when one does; nothing stays reserved for ever."""
    await family.travel(MIDNIGHT - timedelta(minutes=3))
    family.desk.pocket.dead = True
    requests = [await family.press(0)]
    await family.travel(MIDNIGHT - timedelta(minutes=1))
    requests.append(await family.press(1))
    await family.travel(MIDNIGHT + timedelta(minutes=10))
    family.desk.pocket.dead = False
    await family.travel(MIDNIGHT + timedelta(minutes=11))
    codes = [message.text for message in family.desk.pocket.messages]
    assert len(codes) == 2
    assert isinstance(await family.enter(requests[0], codes[0]), Signed)
    assert await family.status(1) is Status.AWAITING_CONFIRMATION
    await family.travel(MIDNIGHT + timedelta(minutes=16))
    assert await family.status(1) is Status.STOP_LIST


async def test_what_no_gateway_takes_for_a_day_holds_nothing_any_more(family: Family) -> None:
    """A number that all of them refuse keeps no voucher, and no place, from anybody."""
    await family.travel(MIDNIGHT - timedelta(hours=1))
    family.desk.pocket.dead = True
    request = await family.press(0)
    await family.travel(MIDNIGHT + timedelta(hours=12))
    assert await family.status(0) is Status.AWAITING_CONFIRMATION
    await family.travel(MIDNIGHT + timedelta(days=2))
    assert await family.status(0) is Status.STOP_LIST
    family.desk.pocket.dead = False
    await family.travel(MIDNIGHT + timedelta(days=3))
    assert family.desk.pocket.messages == []
    assert await family.enter(request, "000000") == CodeAnswer(Outcome.EXPIRED)


async def test_asking_for_new_codes_that_no_gateway_takes_holds_nothing_for_longer(
    family: Family,
) -> None:
    """D8: past the term's end a new code prolongs nothing, whatever has become of the old one."""
    await family.travel(MIDNIGHT - timedelta(hours=1))
    family.desk.pocket.dead = True
    request = await family.press(0)
    for hours in (1, 20):
        await family.travel(MIDNIGHT + timedelta(hours=hours))
        asked = await family.desk.signing.resend(
            request, family.person, family.person.id, "kk", family.now
        )
        assert asked.valid_until is None  # a whole life, once it has come
    await family.travel(MIDNIGHT + timedelta(hours=22, minutes=59))
    assert await family.status(0) is Status.AWAITING_CONFIRMATION
    await family.travel(MIDNIGHT + timedelta(hours=23))
    assert await family.status(0) is Status.STOP_LIST


async def test_what_was_left_in_the_dark_and_pressed_again_stays_reserved_till_its_code_comes(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D8: the code may have come, and is sent again; the act is not given up before that."""
    desk = family.desk

    async def no_answer(sms: Sms) -> Unknown:
        return Unknown()

    await family.travel(MIDNIGHT - timedelta(minutes=9))
    with monkeypatch.context() as silent:
        silent.setattr(desk.pocket, "send", no_answer)
        silent.setattr(desk.pocket, "status", no_answer)
        left = await family.press(0)
    await desk.signing.abandon(left, family.person, family.now)
    desk.pocket.dead = True
    await family.travel(MIDNIGHT - timedelta(minutes=6))
    assert await family.press(0) == left
    await family.travel(MIDNIGHT + timedelta(minutes=1))
    desk.pocket.dead = False
    await family.travel(MIDNIGHT + timedelta(minutes=2))
    assert isinstance(await family.enter(left, desk.pocket.newest_code), Signed)


async def test_a_code_is_not_sent_any_more_for_what_was_given_up(family: Family) -> None:
    family.desk.pocket.dead = True
    request = await family.press(0)
    await family.desk.signing.abandon(request, family.person, family.now)
    family.desk.pocket.dead = False
    await family.travel(family.now + timedelta(minutes=5))
    assert family.desk.pocket.messages == []


async def test_another_act_and_a_code_at_the_same_time_do_not_wait_for_each_other(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A code that is typed, and another act that is pressed: two queues of Telegram's."""
    request = await family.press(0)
    code = family.desk.pocket.newest_code
    family.desk.clock.move(family.now + timedelta(minutes=1))

    async def slowly(*asked: Any) -> Any:
        await asyncio.sleep(0.1)
        record = await locked(*asked)
        await asyncio.sleep(0.1)
        return record

    monkeypatch.setattr("core.signing.service.locked", slowly)
    answers = await asyncio.gather(
        family.press(0, Event.REFUSE_VOUCHER),
        _after(0.05, family.enter(request, code)),
        return_exceptions=True,
    )
    # whoever came first: the other finds what that one made
    if isinstance(answers[0], int):
        assert answers[1] == CodeAnswer(Outcome.EXPIRED)
    else:
        assert isinstance(answers[0], Refused)
        assert isinstance(answers[1], Signed)


async def test_an_act_whose_code_is_over_loses_no_reminder(family: Family) -> None:
    """Its end is not taken for the end of the term."""
    await family.press(0)
    await family.travel(MIDNIGHT - timedelta(hours=1))
    async with family.desk.db.read() as session:
        theirs = select(NoticeRecord.kind, NoticeRecord.state).where(
            NoticeRecord.application_id == family.children[0],
            NoticeRecord.channel == Channel.TELEGRAM,
        )
        owed = await session.execute(theirs.order_by(NoticeRecord.planned_at))
        assert [tuple(row) for row in owed] == [
            ("voucher_issued", "pending"),
            ("reminder", "pending"),
            ("last_day", "pending"),
            ("last_evening", "pending"),
        ]


async def _after(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    await asyncio.sleep(seconds)
    return await work
