"""Receipts: kept once, handled later, harmless when early, late, doubled, unknown or backwards."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import TravelClock
from core.db.engine import Database
from core.identity.rules import Phone
from core.sms.port import Accepted, Rejected, Unknown
from core.sms.receipts import Receipt
from core.sms.rules import Report, State
from core.sms.service import SmsSender
from core.sms.tables import SmsRecord
from tests.integration.inbox import everything_at_rest
from tests.integration.sms.office import PHONE, Office

DELIVERED, FAILED = Report(State.DELIVERED, "DELIVRD"), Report(State.FAILED, "UNDELIV")


@pytest.fixture
def office(database: Database, clock: TravelClock) -> Office:
    return Office(database, clock)


async def test_a_receipt_of_smsc_is_taken_at_its_word(office: Office) -> None:
    sms = await office.sent_by(office.smsc)
    await office.smsc_says(sms, 1)
    assert await office.state(sms) == "accepted"  # answered at once, handled later
    assert await office.handle() == 1
    record = await office.row(sms)
    assert (record.state, record.reported) == ("delivered", "1")
    assert record.delivered_at == office.clock.now()
    assert office.told == [(sms, True)]
    assert office.smsc.questions == []


async def test_a_receipt_of_mobizon_is_never_believed(office: Office) -> None:
    """Its signature does not cover what it says: the status is asked."""
    sms = await office.sent_by(office.mobizon, "169275418")
    office.mobizon.truth["169275418"] = FAILED
    await office.mobizon_says("169275418", "DELIVRD")
    await office.handle()
    record = await office.row(sms)
    assert (record.state, record.reported) == ("failed", "UNDELIV")
    assert office.mobizon.questions == [["169275418"]]
    assert office.told == [(sms, False)]


async def test_while_mobizon_does_not_answer_the_receipt_waits(office: Office) -> None:
    sms = await office.sent_by(office.mobizon, "5")
    await office.mobizon_says("5", "DELIVRD")
    await office.handle()
    assert await office.state(sms) == "accepted"
    office.mobizon.truth["5"] = DELIVERED
    due = await office.next_due()
    assert due == office.clock.now() + timedelta(seconds=2)
    office.clock.move(due)
    await office.handle()
    assert await office.state(sms) == "delivered"


async def test_the_same_receipt_again_changes_nothing(office: Office) -> None:
    sms = await office.sent_by(office.smsc)
    other = await office.sent_by(office.mobizon, "5")
    office.mobizon.truth["5"] = DELIVERED
    for _ in range(3):
        await office.smsc_says(sms, 1)
        await office.mobizon_says("5", "DELIVRD", event="26")
        await office.handle()
    assert len(await office.kept()) == 2
    assert sorted(office.told) == [(sms, True), (other, True)]


async def test_a_message_never_moves_backwards(office: Office) -> None:
    sms = await office.sent_by(office.smsc)
    for status in (1, 0, -1, 20):
        await office.smsc_says(sms, status)
        await office.handle()
        assert await office.state(sms) == "delivered"
    assert office.told == [(sms, True)]


async def test_delivered_after_all_is_delivered(office: Office) -> None:
    sms = await office.sent_by(office.smsc)
    for status in (20, 1):
        await office.smsc_says(sms, status)
        await office.handle()
    assert await office.state(sms) == "delivered"
    assert office.told == [(sms, False), (sms, True)]


async def test_an_unknown_id_of_smsc_is_forgotten_at_once(office: Office) -> None:
    await office.smsc_says(4711, 1)
    sms = await office.sent_by(office.smsc)
    await office.smsc_says(sms, 1, Phone("+77758759998"))  # somebody else's message
    await office.receipts.take(Receipt("smsc", "x", "9" * 18, "1", PHONE.value), office.clock.now())
    assert await office.kept() == []
    assert await office.state(sms) == "accepted"


async def test_an_early_receipt_waits_for_our_own_record(office: Office) -> None:
    await office.mobizon_says("5", "DELIVRD")
    await office.handle()
    sms = await office.sent_by(office.mobizon, "5")
    office.mobizon.truth["5"] = DELIVERED
    office.later(seconds=2)
    await office.handle()
    assert await office.state(sms) == "delivered"


async def test_a_receipt_that_comes_while_the_message_is_being_sent_waits(
    office: Office,
) -> None:
    sms = await office.sent_by(office.smsc)
    async with office.database.write() as session:
        record = await session.get_one(SmsRecord, sms)
        record.state, record.gateway_id = "sending", None
    await office.smsc_says(sms, 1)
    await office.handle()
    assert await office.state(sms) == "sending"
    office.later(minutes=2)  # it was cut off by a kill, and has been delivered
    await office.handle()
    assert await office.state(sms) == "delivered"


async def test_an_unknown_id_of_mobizon_is_given_up_after_some_minutes(office: Office) -> None:
    await office.mobizon_says("5", "DELIVRD")
    looks = 0
    while (due := await office.next_due()) is not None:
        office.clock.move(max(due, office.clock.now()))
        looks += await office.handle()
    assert 5 < looks < 20
    [receipt] = await office.kept()
    assert receipt.handled_at is not None
    assert receipt.handled_at - receipt.received_at < timedelta(minutes=12)


async def test_a_message_without_a_receipt_is_asked_after(office: Office) -> None:
    first = await office.sent_by(office.mobizon, "5")
    second = await office.sent_by(office.mobizon, "6")
    third = await office.sent_by(office.smsc)
    office.mobizon.truth["5"] = DELIVERED
    office.smsc.truth[str(third)] = FAILED
    assert await office.next_due() == office.clock.now() + timedelta(minutes=5)
    office.later(minutes=5)
    await office.handle()
    assert office.mobizon.questions == [["5", "6"]]
    assert [await office.state(sms) for sms in (first, second, third)] == [
        "delivered",
        "accepted",
        "failed",
    ]
    assert await office.next_due() == office.clock.now() + timedelta(minutes=5)
    office.later(minutes=5)
    await office.handle()
    assert office.mobizon.questions[1:] == [["6"]]


async def test_a_gateway_that_never_answers_is_not_asked_for_ever(office: Office) -> None:
    sms = await office.sent_by(office.mobizon, "5")
    await office.drain()
    assert len(office.mobizon.questions) < 12
    assert await office.state(sms) == "accepted"


async def test_a_gateway_that_was_passed_over_may_have_delivered_it_all_the_same(
    office: Office,
) -> None:
    office.smsc.answer, office.smsc.told = Unknown(), Rejected("-3")
    office.mobizon.answer = Accepted("5", 1, None)
    sender = SmsSender(office.database, [office.smsc, office.mobizon], office.clock)
    sms = (await sender.send("voucher", PHONE, "text")).sms_id
    await office.smsc_says(sms, 20)
    await office.handle()
    assert await office.state(sms) == "accepted"  # the other one has it
    await office.smsc_says(sms, 1)
    await office.handle()
    assert await office.state(sms) == "delivered"


async def test_one_receipt_that_fails_holds_up_no_other(office: Office) -> None:
    first, second = [await office.sent_by(office.smsc) for _ in range(2)]
    reported: list[int] = []

    async def note(session: AsyncSession, sms_id: int, delivered: bool, at: datetime) -> None:
        if sms_id == first and not reported:
            reported.append(0)
            raise LookupError
        reported.append(sms_id)

    office.receipts.on_report = note
    await office.smsc_says(first, 1)
    await office.smsc_says(second, 1)
    await office.handle()
    assert [await office.state(sms) for sms in (first, second)] == ["accepted", "delivered"]
    office.later(seconds=2)
    await office.handle()
    assert await office.state(first) == "delivered"
    assert reported == [0, second, first]


async def test_a_receipt_wakes_whoever_handles_it(office: Office) -> None:
    rung: list[int] = []
    office.database.on_work("receipts", lambda: rung.append(1))
    sms = await office.sent_by(office.smsc)
    await office.smsc_says(sms, 1)
    assert rung == [1]


async def test_no_receipt_keeps_a_phone(office: Office) -> None:
    sms = await office.sent_by(office.smsc)
    await office.smsc_says(sms, 1)
    assert (await everything_at_rest(office.database)).count(PHONE.value) == 1  # the message's
