"""Sending: the next gateway only when the one before certainly did not take the message."""

from decimal import Decimal

from sqlalchemy import select

from core.clock import Clock
from core.db.engine import Database
from core.identity.rules import Phone
from core.sms.port import Accepted, Rejected, SmsGateway, Unknown
from core.sms.service import SmsSender
from core.sms.tables import SmsRecord
from tests.integration.inbox import DOWN, Inbox, everything_at_rest

PHONE = Phone("+77758759999")
TEXT = "Кіру коды: 048151"


async def send(database: Database, clock: Clock, *gateways: SmsGateway) -> tuple[bool, SmsRecord]:
    taken = await SmsSender(database, gateways, clock).send("login", PHONE, TEXT)
    async with database.read() as session:
        return taken, (await session.scalars(select(SmsRecord))).one()


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


async def test_the_text_is_not_kept(database: Database, clock: Clock) -> None:
    await send(database, clock, Inbox())
    assert "048151" not in await everything_at_rest(database)
