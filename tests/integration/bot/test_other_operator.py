"""A code that nobody confirms: the chat that waits for it is offered another operator."""

from datetime import timedelta

import pytest
from aiogram.exceptions import TelegramForbiddenError
from aiogram.methods import SendMessage

from bot.outgoing.codes import OtherGateway
from core.sms.service import SmsSender
from core.sms.tables import SmsRecord
from tests import factories
from tests.factories import Pocket
from tests.integration.bot.acting import seen, with_voucher
from tests.integration.bot.conftest import IIN, PHONE, Parent

OFFER = "Код жазылған SMS келмеді ме?"
BUTTON = "Басқа оператор арқылы жіберу"


class Second(Pocket):
    name = "second"


@pytest.fixture
def second(parent: Parent, monkeypatch: pytest.MonkeyPatch) -> Second:
    """Another gateway beside the parent's pocket."""
    other = Second()
    sender = SmsSender(parent.desk.db, [parent.desk.pocket, other], parent.desk.clock)
    monkeypatch.setattr(parent.desk.codes, "_sender", sender)
    return other


@pytest.fixture
def other(parent: Parent) -> OtherGateway:
    return OtherGateway(parent.core, parent.telegram.gate)


async def minute_passes(parent: Parent, other: OtherGateway) -> int:
    parent.desk.clock.move(parent.desk.clock.now() + timedelta(minutes=1))
    return await other.offer_due()


async def begin_to_enter(parent: Parent, phone: str = PHONE) -> None:
    """As far as the code."""
    await parent.say("/start")
    await parent.tap("Қазақша")
    await parent.tap("Көкшетау қаласы")
    await parent.tap("Кіру")
    await parent.tap("Келісемін")
    await parent.say(phone)
    await parent.say(IIN)


async def test_who_enters_gets_a_new_code_the_other_way(
    parent: Parent, second: Second, other: OtherGateway
) -> None:
    await begin_to_enter(parent)
    assert await minute_passes(parent, other) == 1
    assert OFFER in seen(parent)
    await parent.tap(BUTTON)
    assert (len(parent.desk.pocket.messages), len(second.messages)) == (1, 1)
    await parent.say(second.newest_code)
    assert "Ахметова Айгүл" in "\n".join(parent.telegram.texts)


async def test_a_pair_that_nobody_knows_is_offered_the_same(
    parent: Parent, second: Second, other: OtherGateway
) -> None:
    """R3: the answers must not tell who is registered."""
    await begin_to_enter(parent, "+77750000009")
    assert parent.desk.pocket.messages == []
    assert await minute_passes(parent, other) == 1
    assert OFFER in seen(parent)
    await parent.tap(BUTTON)
    assert second.messages == []


async def test_who_signs_gets_a_new_code_the_other_way(
    parent: Parent, second: Second, other: OtherGateway
) -> None:
    await with_voucher(parent)
    await parent.tap("✅ Растау")
    assert await minute_passes(parent, other) == 1
    assert OFFER in seen(parent)
    assert "ОДО.2026.1" in seen(parent)
    await parent.tap(BUTTON)
    await parent.say(second.newest_code)
    assert "Қызығушылық расталды" in "\n".join(parent.telegram.texts)


async def test_a_code_to_sign_with_that_has_arrived_is_left_alone(
    parent: Parent, second: Second, other: OtherGateway
) -> None:
    await with_voucher(parent)
    await parent.tap("✅ Растау")
    async with parent.desk.db.write() as session:
        record = await session.get_one(SmsRecord, parent.desk.pocket.messages[-1].id)
        record.state = "delivered"
    before = seen(parent)
    await minute_passes(parent, other)
    assert seen(parent) == before


async def test_who_has_gone_on_to_something_else_is_left_alone(
    parent: Parent, second: Second, other: OtherGateway
) -> None:
    await with_voucher(parent)
    await parent.tap("✅ Растау")
    await parent.tap("Артқа")
    before = seen(parent)
    await minute_passes(parent, other)
    assert seen(parent) == before


async def test_an_old_offer_of_an_act_that_is_done_changes_nothing(
    parent: Parent, second: Second, other: OtherGateway
) -> None:
    await with_voucher(parent)
    await parent.tap("✅ Растау")
    await minute_passes(parent, other)
    await parent.say(parent.desk.pocket.newest_code)
    await parent.tap(BUTTON)
    assert second.messages == []
    assert "Өтініштің жағдайы өзгерді" in parent.telegram.toasts[-1]


async def test_a_chat_that_blocks_us_holds_up_nobody(
    parent: Parent, second: Second, other: OtherGateway
) -> None:
    await begin_to_enter(parent)
    method = SendMessage(chat_id=1, text="")
    parent.telegram.refusals.append(TelegramForbiddenError(method, "Forbidden: bot was blocked"))
    await factories.parent(parent.desk.db, parent.desk.clock.now(), 5)
    assert await minute_passes(parent, other) == 1
    assert await other.offer_due() == 0
