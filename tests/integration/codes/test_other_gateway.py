"""No receipt within a minute: another gateway is offered, and tells strangers nothing."""

from datetime import timedelta

import pytest

from core.clock import TravelClock
from core.codes.offers import unconfirmed
from core.codes.service import Codes
from core.codes.values import Outcome
from core.db.engine import Database
from core.sms.port import Accepted, Unknown
from core.sms.service import SmsSender
from core.sms.tables import SmsRecord
from tests.integration.codes.conftest import HOME, STRANGER, Desk
from tests.integration.inbox import DOWN, Inbox, code_text

MINUTE = timedelta(minutes=1)


@pytest.fixture
def second() -> Inbox:
    return Inbox("second", Accepted("s1", 1, None))


@pytest.fixture
def desk(database: Database, clock: TravelClock, second: Inbox) -> Desk:
    """Two gateways: the desk's inbox is preferred."""
    inbox = Inbox("first")
    sender = SmsSender(database, [inbox, second], clock)
    return Desk(database, clock, inbox, Codes(database, sender, b"secret", code_text, clock))


async def offered(desk: Desk) -> list[int]:
    """The codes for which the other gateway is offered now."""
    return [code.code_id for code in await unconfirmed(desk.database, desk.clock.now())]


async def report(desk: Desk, state: str) -> None:
    """A receipt for the newest message."""
    async with desk.database.write() as session:
        record = await session.get_one(SmsRecord, desk.inbox.sent[-1].id)
        record.state = state


async def test_after_a_minute_without_a_receipt_it_is_offered_once(desk: Desk) -> None:
    code_id = await desk.sent(target_id=77)
    assert (await desk.due()).offers == desk.clock.now() + MINUTE
    desk.later(seconds=59)
    assert await offered(desk) == []
    desk.later(seconds=1)
    [offer] = await unconfirmed(desk.database, desk.clock.now())
    assert (offer.code_id, offer.purpose, offer.chat_id) == (code_id, "sign", HOME)
    assert (offer.target_id, offer.language) == (77, "kk")
    assert await offered(desk) == []
    assert (await desk.due()).offers is None


async def test_a_receipt_makes_it_needless(desk: Desk) -> None:
    await desk.sent()
    await report(desk, "delivered")
    desk.later(minutes=1)
    assert await offered(desk) == []
    assert (await desk.due()).offers is None


async def test_a_message_that_failed_is_no_receipt(desk: Desk) -> None:
    code_id = await desk.sent()
    await report(desk, "failed")
    desk.later(minutes=1)
    assert await offered(desk) == [code_id]


async def test_a_code_that_was_used_or_replaced_needs_none(desk: Desk) -> None:
    used = await desk.sent()
    assert (await desk.enter(used, desk.inbox.digits)).outcome is Outcome.RIGHT
    assert (await desk.due()).offers is None
    await desk.sent()
    desk.later(minutes=1)
    newer = await desk.ask()
    assert await offered(desk) == []
    await desk.codes.deliver(newer)
    desk.later(minutes=1)
    assert await offered(desk) == [newer]


async def test_a_code_that_has_ended_needs_none(desk: Desk) -> None:
    await desk.sent()
    desk.later(minutes=5)
    assert await offered(desk) == []


async def test_a_stranger_learns_nothing_from_it(desk: Desk) -> None:
    """A known pair whose message has arrived, and a decoy, are offered alike."""
    stranger = {"purpose": "login", "trusted": False, "chat_id": STRANGER}
    known = await desk.sent(**stranger)
    await report(desk, "delivered")
    decoy = await desk.sent(**stranger, iin="0" * 12, decoy=True, target_id=2)
    desk.later(minutes=1)
    assert await offered(desk) == [known, decoy]


async def test_with_one_gateway_there_is_nothing_to_offer(desk: Desk) -> None:
    sender = SmsSender(desk.database, [desk.inbox], desk.clock)
    desk.codes = Codes(desk.database, sender, b"secret", code_text, desk.clock)
    await desk.sent()
    assert (await desk.due()).offers is None


async def test_the_new_code_goes_the_other_way(desk: Desk, second: Inbox) -> None:
    await desk.sent(target_id=7)
    desk.later(minutes=1)
    code_id = await desk.sent(target_id=7, elsewhere=True)
    assert (len(desk.inbox.sent), len(second.sent)) == (1, 1)
    assert (await desk.enter(code_id, second.digits)).outcome is Outcome.RIGHT


async def test_where_the_other_way_is_closed_the_first_one_is_taken(
    desk: Desk, second: Inbox
) -> None:
    await desk.sent(target_id=7)
    desk.later(minutes=1)
    second.answer = DOWN
    await desk.sent(target_id=7, elsewhere=True)
    assert len(desk.inbox.sent) == 2


async def test_a_gateway_that_left_us_in_the_dark_is_asked_last_next_time(
    desk: Desk, second: Inbox
) -> None:
    """Else a gateway that hangs would keep every code for ever."""
    desk.inbox.answer = desk.inbox.told = Unknown()
    code_id = await desk.ask()
    assert not await desk.codes.deliver(code_id)
    desk.later(seconds=30)
    assert await desk.codes.deliver(code_id)
    assert (len(desk.inbox.sent), len(second.sent)) == (1, 1)
    assert (await desk.enter(code_id, second.digits)).outcome is Outcome.RIGHT


async def test_codes_are_urgent(desk: Desk) -> None:
    await desk.sent()
    assert desk.inbox.sent[0].urgent
