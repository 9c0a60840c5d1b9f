"""Sending: the next gateway only when the one before certainly did not take the message."""

import asyncio
from decimal import Decimal

import pytest

from core.clock import Clock, TravelClock
from core.db.engine import Database
from core.identity.rules import Phone
from core.sms.port import Accepted, Answer, Rejected, Sms, SmsGateway, Unknown
from core.sms.service import DOUBT, PATIENCE, SmsResult, SmsSender
from core.sms.tables import SmsRecord
from tests.integration.inbox import DOWN, TAKEN, Inbox, everything_at_rest

PHONE = Phone("+77758759999")
TEXT = "Кіру коды: 048151"


async def send(database: Database, clock: Clock, *gateways: SmsGateway) -> tuple[bool, SmsRecord]:
    result = await SmsSender(database, gateways, clock).send("login", PHONE, TEXT)
    return result.taken, await row(database, result.sms_id)


async def row(database: Database, sms_id: int) -> SmsRecord:
    async with database.read() as session:
        return await session.get_one(SmsRecord, sms_id)


async def test_the_first_that_takes_it_is_the_only_one_asked(
    database: Database, clock: Clock
) -> None:
    first, second = Inbox("first", Accepted("g7", 2, Decimal("51.00"))), Inbox("second")
    taken, record = await send(database, clock, first, second)
    assert taken
    assert (first.sent[0].phone, first.sent[0].text) == (PHONE, TEXT)
    assert second.sent == []
    assert (record.state, record.gateway, record.gateway_id) == ("accepted", "first", "g7")
    assert (record.segments, record.cost) == (2, Decimal("51.00"))
    assert record.created_at == record.answered_at == clock.now()


async def test_after_a_refusal_the_next_one_is_asked(database: Database, clock: Clock) -> None:
    first, second = Inbox("first", DOWN), Inbox("second")
    taken, record = await send(database, clock, first, second)
    assert taken
    assert record.gateway == "second"
    assert first.asked == []  # a refusal is certain, nothing is to be found out


async def test_after_silence_the_status_tells_that_it_was_taken(
    database: Database, clock: Clock
) -> None:
    first, second = Inbox("first", Unknown(), told=Accepted("1", 1, None)), Inbox("second")
    taken, _ = await send(database, clock, first, second)
    assert taken
    assert [sms.id for sms in first.asked] == [first.sent[0].id]
    assert second.sent == []


async def test_after_silence_and_not_found_the_next_one_is_asked(
    database: Database, clock: Clock
) -> None:
    first, second = Inbox("first", Unknown(), told=Rejected("-3")), Inbox("second")
    taken, _ = await send(database, clock, first, second)
    assert taken
    assert len(second.sent) == 1


async def test_while_nobody_knows_no_second_message_goes_out(
    database: Database, clock: Clock
) -> None:
    first, second = Inbox("first", Unknown(), told=Unknown()), Inbox("second")
    taken, record = await send(database, clock, first, second)
    assert not taken
    assert second.sent == []
    assert (record.state, record.gateway) == ("unknown", "first")


async def test_when_all_refuse_it_is_not_sent(database: Database, clock: Clock) -> None:
    taken, record = await send(database, clock, Inbox("first", DOWN), Inbox("second", DOWN))
    assert not taken
    assert (record.state, record.gateway, record.segments) == ("refused", "second", 1)


async def test_where_nobody_tells_the_price_the_setting_counts(
    database: Database, clock: Clock
) -> None:
    gateway = Inbox("first", Accepted("1", 3, None))
    sender = SmsSender(database, [gateway], clock, {"first": Decimal("16.50")})
    result = await sender.send("voucher", PHONE, TEXT)
    assert (await row(database, result.sms_id)).cost == Decimal("49.50")
    gateway.answer = Accepted("2", 3, Decimal(60))
    result = await sender.send("voucher", PHONE, TEXT)
    assert (await row(database, result.sms_id)).cost == Decimal(60)


async def test_the_gateway_that_is_to_be_skipped_is_asked_last(
    database: Database, clock: Clock
) -> None:
    first, second = Inbox("first"), Inbox("second")
    sender = SmsSender(database, [first, second], clock)
    result = await sender.send("login", PHONE, TEXT, skip="first")
    assert (result.gateway, first.sent, len(second.sent)) == ("second", [], 1)
    second.answer = DOWN
    result = await sender.send("login", PHONE, TEXT, skip="first")
    assert (result.gateway, result.taken) == ("first", True)


async def test_without_a_gateway_nothing_is_sent(database: Database, clock: Clock) -> None:
    result = await SmsSender(database, [], clock).send("login", PHONE, TEXT)
    assert not result.taken


class Earlier:
    """A message of which nobody knew whether it was taken, and what is found out then."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.first = Inbox("first", Unknown(), told=Unknown())
        self.second = Inbox("second")
        self.sender = SmsSender(database, [self.first, self.second], clock)

    async def send(self, again: int | None = None) -> SmsResult:
        return await self.sender.send("voucher", PHONE, TEXT, again=again)


async def test_a_message_that_was_taken_after_all_is_not_sent_again(
    database: Database, clock: Clock
) -> None:
    earlier = Earlier(database, clock)
    lost = await earlier.send()
    assert isinstance(lost.answer, Unknown)
    earlier.first.told = TAKEN
    again = await earlier.send(lost.sms_id)
    assert (again.sms_id, again.taken, again.gateway) == (lost.sms_id, True, "first")
    assert len(earlier.first.sent) == 1
    assert earlier.second.sent == []
    assert (await row(database, lost.sms_id)).state == "accepted"
    assert (await earlier.send(lost.sms_id)).taken
    assert len(earlier.first.asked) == 2  # what is known is not asked a third time


async def test_a_message_that_surely_was_not_taken_is_sent_anew(
    database: Database, clock: Clock
) -> None:
    earlier = Earlier(database, clock)
    lost = await earlier.send()
    earlier.first.told, earlier.first.answer = Rejected("-3"), DOWN
    again = await earlier.send(lost.sms_id)
    assert (again.taken, again.gateway) == (True, "second")
    assert again.sms_id != lost.sms_id
    assert (await row(database, lost.sms_id)).state == "refused"


async def test_a_message_of_which_nobody_knows_still_is_left_alone(
    database: Database, clock: Clock
) -> None:
    earlier = Earlier(database, clock)
    lost = await earlier.send()
    again = await earlier.send(lost.sms_id)
    assert again == SmsResult(lost.sms_id, Unknown(), "first")
    assert len(earlier.first.sent) == 1
    assert earlier.second.sent == []


@pytest.mark.parametrize(("answers", "holder"), [([TAKEN], "first"), ([DOWN, TAKEN], "second")])
async def test_a_kill_leaves_behind_who_may_have_it(
    database: Database, clock: Clock, answers: list[Answer], holder: str
) -> None:
    """The process dies while the last of the gateways is being asked."""

    class Dying(Inbox):
        async def send(self, sms: Sms) -> Answer:
            if self.name == holder:
                raise asyncio.CancelledError
            return DOWN

    gateways = [Dying("first"), Dying("second")][: len(answers)]
    with pytest.raises(asyncio.CancelledError):
        await SmsSender(database, gateways, clock).send("voucher", PHONE, TEXT)
    record = await row(database, 1)
    assert (record.state, record.gateway) == ("sending", holder)


async def test_the_text_is_not_kept(database: Database, clock: Clock) -> None:
    await send(database, clock, Inbox())
    assert "048151" not in await everything_at_rest(database)


async def test_a_gateway_that_stays_silent_keeps_no_message_from_the_other(
    database: Database, clock: TravelClock
) -> None:
    """One too many is better than none: a notice serves a deadline."""
    earlier = Earlier(database, clock)
    lost = await earlier.send()
    clock.move(clock.now() + PATIENCE)
    again = await earlier.send(lost.sms_id)
    assert (again.taken, again.gateway) == (True, "second")


async def test_a_gateway_that_did_not_answer_is_asked_last_for_a_while(
    database: Database, clock: TravelClock
) -> None:
    earlier = Earlier(database, clock)
    await earlier.send()
    assert (await earlier.send()).gateway == "second"
    clock.move(clock.now() + DOUBT)
    assert (await earlier.send()).gateway == "first"
