"""One voucher by its registration number: issued, or withdrawn with a reason (D13)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.applications.rules import Event, Refusal, Refused, Status
from core.applications.values import UnknownApplication
from core.notices.tables import NoticeRecord
from core.places.tables import HoldRecord
from core.staff.rules import Member
from core.vouchers.service import Vouchers
from core.vouchers.values import Reason
from tests import factories
from tests.integration.vouchers import queues
from tests.integration.way import Way

NUMBER = "ОДО.2026.1"


@pytest.fixture
async def by(way: Way) -> Member:
    return await queues.operator(way.desk.db, way.desk.clock)


@pytest.fixture
def vouchers(way: Way) -> Vouchers:
    return Vouchers(way.desk.db, way.desk.book)


async def test_a_voucher_is_issued_by_its_number(way: Way, by: Member, vouchers: Vouchers) -> None:
    card = await vouchers.find(by, NUMBER, way.now)
    issued = await vouchers.issue(by, card.id, card.version, way.now)
    assert issued.status is Status.AWAITING_CONFIRMATION
    assert await way.told() == ["voucher_issued"]
    with pytest.raises(Refused) as refused:  # the second press of the same button
        await vouchers.issue(by, card.id, card.version, way.now)
    assert refused.value.refusal is Refusal.STALE
    [line] = await way.applications.history(way.id)
    assert line.actor == "operator"


async def test_another_districts_application_looks_as_if_there_were_none(
    way: Way, vouchers: Vouchers
) -> None:
    other = await queues.operator(way.desk.db, way.desk.clock, district="akkol")
    await way.voucher()
    card = await way.card()
    for wrong in (NUMBER, "ОДО.2026.404"):
        with pytest.raises(UnknownApplication):
            await vouchers.find(other, wrong, way.now)
    with pytest.raises(UnknownApplication):
        await vouchers.card(other, card.id, way.now)
    with pytest.raises(UnknownApplication):
        await vouchers.issue(other, card.id, card.version, way.now)
    with pytest.raises(UnknownApplication):
        await vouchers.withdraw(other, card.id, card.version, Reason.TECHNICAL, way.now)
    assert (await way.card()).status is Status.AWAITING_CONFIRMATION


async def test_a_withdrawn_voucher_leaves_the_child_where_it_stood(
    way: Way, by: Member, vouchers: Vouchers
) -> None:
    """D13: with the same number, and nothing owed about the term any more."""
    before = await way.card()
    await way.voucher()
    card = await way.card()
    after = await vouchers.withdraw(by, way.id, card.version, Reason.OUT_OF_TURN, way.now)
    assert after.status is Status.IN_QUEUE
    assert (after.queue_number, after.registered_at) == (before.queue_number, before.registered_at)
    assert after.deadline is None
    assert not after.restored
    assert after.changed_by is Event.WITHDRAW_VOUCHER
    async with way.desk.db.read() as session:
        notices = list(await session.scalars(select(NoticeRecord).order_by(NoticeRecord.id)))
    assert {n.state for n in notices if n.kind != "voucher_withdrawn"} == {"cancelled"}
    [notice] = [n for n in notices if n.kind == "voucher_withdrawn"]
    assert notice.details == {"reason": "out_of_turn", "version": after.version}
    assert notice.state == "pending"


async def test_the_term_that_a_withdrawn_voucher_had_brings_nothing(
    way: Way, by: Member, vouchers: Vouchers
) -> None:
    await way.voucher()
    card = await way.card()
    await vouchers.withdraw(by, way.id, card.version, Reason.NO_PLACE, way.now)
    await way.travel(4, 20, 9, 0)
    assert (await way.card()).status is Status.IN_QUEUE
    await way.voucher()  # and the next turn is like any other
    assert (await way.card()).status is Status.AWAITING_CONFIRMATION


async def test_what_was_being_signed_is_given_up_and_its_place_is_free_again(
    way: Way, by: Member, vouchers: Vouchers
) -> None:
    place = await factories.place(way.desk.db, free=1)
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    way.desk.clock.move(way.now + timedelta(minutes=2))
    request = await way.desk.press(way.id, way.person, Event.TAKE_PLACE, place_id=place)
    code = way.desk.pocket.newest_code
    assert await way.free(place) == 0
    card = await way.card()
    await vouchers.withdraw(by, way.id, card.version, Reason.WRONG_DATA, way.now)
    assert await way.free(place) == 1
    async with way.desk.db.read() as session:
        assert list(await session.scalars(select(HoldRecord))) == []
    with pytest.raises(Refused) as refused:
        await way.desk.signing.enter(request, way.person, code, way.now, "try")
    assert refused.value.refusal is Refusal.STALE
    assert (await way.card()).status is Status.IN_QUEUE


async def test_a_voucher_is_withdrawn_once_and_only_while_it_is_valid(
    way: Way, by: Member, vouchers: Vouchers
) -> None:
    with pytest.raises(Refused) as refused:  # there is none yet
        await vouchers.withdraw(by, way.id, 1, Reason.TECHNICAL, way.now)
    assert refused.value.refusal is Refusal.NOT_NOW
    await way.voucher()
    card = await way.card()
    await vouchers.withdraw(by, way.id, card.version, Reason.TECHNICAL, way.now)
    with pytest.raises(Refused) as refused:
        await vouchers.withdraw(by, way.id, card.version, Reason.TECHNICAL, way.now)
    assert refused.value.refusal is Refusal.STALE
    assert (await way.told()).count("voucher_withdrawn") == 1


async def test_a_family_without_a_chat_reads_of_it_by_sms(
    way: Way, by: Member, vouchers: Vouchers
) -> None:
    """It may have been told of the voucher that way."""
    from core.notices.outbox import Notices
    from core.notices.plan import Channel, Lane

    number = 7
    application = await factories.application(way.desk.db, way.now, number)
    await way.applications.issue_voucher(f"ОДО.2026.{number}", actor="portal", moment=way.now)
    await vouchers.withdraw(by, application, 2, Reason.TECHNICAL, way.now)
    await Notices(way.desk.db).claim(way.now, Channel.TELEGRAM, Lane.VOUCHER)
    async with way.desk.db.read() as session:
        texts = await session.scalars(
            select(NoticeRecord.kind).where(
                NoticeRecord.application_id == application,
                NoticeRecord.channel == "sms",
                NoticeRecord.state == "pending",
            )
        )
        assert list(texts) == ["voucher_withdrawn"]
