"""Entering: a pair that the citizens' base knows, a code, a link and a session (R2-R4)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.citizens.port import Citizen, CitizensBaseUnavailable
from core.codes.values import CodeAnswer, CodesExhausted, Outcome
from core.identity.rules import Iin, Phone
from core.login.service import Login
from core.login.tables import ChatRecord, PersonRecord
from core.login.values import AttemptEnded, Entered, NotLinked, PairUnknown
from core.notices import service
from core.notices.outbox import Notices
from core.notices.plan import Channel, Lane
from core.notices.tables import NoticeRecord
from tests.integration.inbox import wrong
from tests.integration.login.conftest import AIGUL, DANIYAR, HOME, OTHER, Door


async def notices_of(door: Door, kind: str) -> list[NoticeRecord]:
    async with door.database.read() as session:
        found = await session.scalars(select(NoticeRecord).where(NoticeRecord.kind == kind))
        return list(found)


async def waiting_notice(door: Door, iin: str) -> None:
    """A notice that reached nobody, as the worker leaves it."""
    now = door.clock.now()
    async with door.database.write() as session:
        await service.add(
            session, kind="voucher_issued", key=f"for {iin}", iin=iin, moment=now, details={}
        )
    assert await Notices(door.database).claim(now, Channel.TELEGRAM, Lane.REMINDER) == []


async def test_the_right_code_links_the_chat_and_opens_a_session(door: Door) -> None:
    entered = await door.enter()
    visitor = await door.visitor()
    assert entered.moved_from is None
    assert visitor.person == entered.person
    assert visitor.session
    assert (entered.person.iin, entered.person.phone) == (AIGUL.iin, AIGUL.phone)
    assert entered.person.full_name == AIGUL.full_name


async def test_the_session_ends_after_thirty_days_and_the_link_lives(door: Door) -> None:
    await door.enter()
    door.later(days=30, seconds=-1)
    assert (await door.visitor()).session
    door.later(seconds=1)
    visitor = await door.visitor()
    assert not visitor.session
    assert visitor.person is not None


async def test_a_code_that_is_asked_for_is_awaited_at_once(door: Door) -> None:
    """Whoever asked for it may be killed before another statement: the code comes all the same."""
    asked = await door.begin()
    visitor = await door.visitor()
    assert (visitor.awaiting, visitor.details) == ("login_code", {"attempt": asked.attempt_id})
    door.later(minutes=1)
    again = await door.login.resend(
        HOME, asked.attempt_id, "kk", door.clock.now(), {"resume": {"data": "j"}}
    )
    visitor = await door.visitor()
    assert visitor.details == {"attempt": again.attempt_id, "resume": {"data": "j"}}


async def test_who_gets_no_code_is_still_asked_for_the_iin(door: Door) -> None:
    await door.begin()
    await door.visitors.expect(HOME, "iin", {}, door.clock.now())
    with pytest.raises(CodesExhausted):
        await door.begin()
    assert (await door.visitor()).awaiting == "iin"


async def test_a_linked_chat_enters_again_with_a_code_alone(door: Door) -> None:
    await door.enter()
    door.later(days=31)
    asked = await door.login.begin_again(HOME, "kk", door.clock.now())
    assert asked.trusted
    assert asked.phone == AIGUL.phone
    assert await door.codes.deliver(asked.code_id)
    assert door.inbox.sent[-1].phone == AIGUL.phone
    assert isinstance(await door.type(HOME, asked.attempt_id, door.inbox.digits), Entered)
    assert (await door.visitor()).session


async def test_a_chat_that_is_nobodys_cannot_enter_again(door: Door) -> None:
    await door.visitors.choose_language(HOME, "kk", door.clock.now())
    with pytest.raises(NotLinked):
        await door.login.begin_again(HOME, "kk", door.clock.now())


async def test_one_own_phone_that_is_not_registered_is_told_so(door: Door) -> None:
    with pytest.raises(PairUnknown):
        await door.begin(phone=DANIYAR.phone, by_contact=True)
    assert (await door.begin(by_contact=True)).phone == AIGUL.phone


async def test_a_citizens_base_that_is_silent_is_told_so(door: Door) -> None:
    class Silent:
        async def find(self, iin: Iin, phone: Phone) -> Citizen | None:
            raise CitizensBaseUnavailable

    login = Login(door.database, door.codes, Silent())
    with pytest.raises(CitizensBaseUnavailable):
        await login.begin(
            HOME, AIGUL.iin, AIGUL.phone, by_contact=False, language="kk", moment=door.clock.now()
        )


async def test_wrong_codes_leave_the_door_closed(door: Door) -> None:
    asked = await door.begin()
    await door.codes.deliver(asked.code_id)
    digits = door.inbox.digits
    answers = [await door.type(HOME, asked.attempt_id, wrong(digits)) for _ in range(6)]
    answers.append(await door.type(HOME, asked.attempt_id, digits))
    told = [answer.outcome for answer in answers if isinstance(answer, CodeAnswer)]
    assert told == [Outcome.WRONG] * 4 + [Outcome.NO_TRIES] * 3
    assert (await door.visitor()).person is None


async def test_a_second_code_replaces_the_first(door: Door) -> None:
    asked = await door.begin()
    await door.codes.deliver(asked.code_id)
    first = door.inbox.digits
    with pytest.raises(CodesExhausted):
        await door.login.resend(HOME, asked.attempt_id, "kk", door.clock.now())
    door.later(seconds=60)
    again = await door.login.resend(HOME, asked.attempt_id, "ru", door.clock.now())
    assert (again.attempt_id, again.phone) == (asked.attempt_id, asked.phone)
    await door.codes.deliver(again.code_id)
    assert "login ru" in door.inbox.sent[-1].text
    if first != door.inbox.digits:
        assert isinstance(await door.type(HOME, asked.attempt_id, first), CodeAnswer)
    assert isinstance(await door.type(HOME, asked.attempt_id, door.inbox.digits), Entered)


async def test_after_an_hour_the_pair_is_looked_up_anew(door: Door) -> None:
    asked = await door.begin()
    door.later(hours=1)
    with pytest.raises(AttemptEnded):
        await door.login.resend(HOME, asked.attempt_id, "kk", door.clock.now())


async def test_another_chat_can_do_nothing_with_an_attempt(door: Door) -> None:
    asked = await door.begin()
    await door.codes.deliver(asked.code_id)
    await door.visitors.choose_language(OTHER, "kk", door.clock.now())
    door.later(minutes=1)
    with pytest.raises(AttemptEnded):
        await door.login.resend(OTHER, asked.attempt_id, "kk", door.clock.now())
    for chat_id in (OTHER, 300):
        answer = await door.type(chat_id, asked.attempt_id, door.inbox.digits)
        assert answer == CodeAnswer(Outcome.EXPIRED)
    assert isinstance(await door.type(HOME, asked.attempt_id, door.inbox.digits), Entered)


async def test_the_same_update_twice_enters_once(door: Door) -> None:
    asked = await door.begin(OTHER)
    await door.codes.deliver(asked.code_id)
    first = await door.type(OTHER, asked.attempt_id, door.inbox.digits, "update")
    await door.enter(HOME)
    again = await door.type(OTHER, asked.attempt_id, door.inbox.digits, "update")
    assert isinstance(first, Entered)
    assert again == Entered(first.person, None)
    assert (await door.visitor(HOME)).person == first.person  # not taken back by the repeat
    assert (await door.visitor(OTHER)).person is None


async def test_entering_elsewhere_moves_the_link_and_tells_the_old_chat(door: Door) -> None:
    await door.enter(HOME)
    entered = await door.enter(OTHER)
    assert entered.moved_from == HOME
    old = await door.visitor(HOME)
    assert (old.person, old.session) == (None, False)
    assert (await door.visitor(OTHER)).person == entered.person
    notices = await notices_of(door, "entered_elsewhere")
    assert [(notice.only_chat, notice.iin) for notice in notices] == [(HOME, AIGUL.iin.value)]


async def test_entering_again_in_the_same_chat_tells_nobody(door: Door) -> None:
    await door.enter()
    entered = await door.enter()
    assert entered.moved_from is None
    assert await notices_of(door, "entered_elsewhere") == []


async def test_a_chat_belongs_to_the_person_who_entered_last(door: Door) -> None:
    await door.enter(HOME, AIGUL)
    entered = await door.enter(HOME, DANIYAR)
    assert entered.person.iin == DANIYAR.iin
    assert (await door.visitor()).person == entered.person


async def test_two_chats_entering_at_once_end_with_one_link(door: Door) -> None:
    asked = {}
    for chat_id in (HOME, OTHER):
        asked[chat_id] = await door.begin(chat_id)
        await door.codes.deliver(asked[chat_id].code_id)
        door.later(seconds=60)
    codes = [sms.text.split()[-1] for sms in door.inbox.sent]
    entered = await asyncio.gather(
        *(
            door.type(chat_id, asked[chat_id].attempt_id, digits)
            for chat_id, digits in zip(asked, codes, strict=True)
        )
    )
    assert all(isinstance(answer, Entered) for answer in entered)
    async with door.database.read() as session:
        linked = await session.scalars(select(ChatRecord).where(ChatRecord.person_id.is_not(None)))
        assert len(linked.all()) == 1


async def test_what_the_citizens_base_says_now_replaces_what_it_said(door: Door) -> None:
    first = await door.enter()
    married = replace(AIGUL, phone=DANIYAR.phone, full_name="Омарова Айгүл Серікқызы")
    await door.citizens.add([married])
    again = await door.enter(HOME, married)
    assert again.person.id == first.person.id
    assert (again.person.full_name, again.person.phone) == (married.full_name, married.phone)
    async with door.database.read() as session:
        assert len((await session.scalars(select(PersonRecord))).all()) == 1


async def test_entering_sends_what_has_been_waiting(door: Door) -> None:
    for who in (AIGUL, DANIYAR):
        await waiting_notice(door, who.iin.value)
    await door.enter()
    states = {
        notice.iin: (notice.state, notice.due_at)
        for notice in await notices_of(door, "voucher_issued")
    }
    assert states[AIGUL.iin.value] == ("pending", door.clock.now())
    assert states[DANIYAR.iin.value] == ("undeliverable", None)


async def test_coming_back_after_a_block_sends_what_has_been_waiting(door: Door) -> None:
    await door.enter()
    await door.visitors.mark_blocked(HOME, door.clock.now())
    assert (await door.visitor()).blocked
    await waiting_notice(door, AIGUL.iin.value)
    door.later(hours=1)
    await door.visitors.mark_back(HOME, door.clock.now())
    assert not (await door.visitor()).blocked
    [notice] = await notices_of(door, "voucher_issued")
    assert notice.state == "pending"
    assert notice.due_at
    assert notice.due_at <= door.clock.now()


async def test_logging_out_ends_link_session_and_conversation(door: Door) -> None:
    await door.enter()
    await door.visitors.choose_language(HOME, "kk", door.clock.now())
    await door.visitors.expect(HOME, "code", {"attempt": 1}, door.clock.now())
    await door.login.log_out(HOME, door.clock.now())
    visitor = await door.visitor()
    assert (visitor.person, visitor.session) == (None, False)
    assert (visitor.awaiting, visitor.details) == (None, {})
    assert visitor.language == "kk"


@pytest.mark.parametrize("days", [1, 60])
async def test_the_length_of_a_session_is_a_setting(door: Door, days: int) -> None:
    door.login = Login(door.database, door.codes, door.citizens, session_days=days)
    await door.enter()
    async with door.database.read() as session:
        chat = await session.get_one(ChatRecord, HOME)
    assert chat.session_until == door.clock.now() + timedelta(days=days)
