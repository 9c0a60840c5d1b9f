"""A corrected phone: where text messages and calls go from then on, and codes never."""

import asyncio

import pytest
from sqlalchemy import update

from core.applications.rules import Event
from core.families.values import Look, UnknownFamily
from core.identity.rules import Phone
from core.login.tables import ChatRecord
from core.notices.calls import Called
from core.notices.noticed import sms_reported
from core.notices.plan import Channel, Lane
from core.notices.values import Notice
from tests.integration.families.conftest import Office
from tests.integration.inbox import open_connections
from tests.integration.notices.post import later

NEW = Phone("+77017654321")
OLD = "+77750000000"


async def correct(office: Office, family: int) -> int:
    return await office.families.correct_phone(office.here, family, NEW, office.post.now)


async def sms(office: Office) -> Notice:
    """The text message that is due now."""
    [claimed] = await office.post.notices.claim(office.post.now, Channel.SMS, Lane.VOUCHER)
    return claimed


async def test_a_text_message_that_waits_goes_to_the_new_number(office: Office) -> None:
    family = await office.family(1, chat=True)
    await office.post.voucher(1)
    await correct(office, family)
    later(office.post, days=1, hours=6, minutes=30)
    assert (await sms(office)).phone == NEW
    record = await office.record(family)
    assert record.applicant_phone == NEW.value


async def test_who_enters_after_the_correction_has_shown_which_phone_works(office: Office) -> None:
    family = await office.family(1, chat=True)
    await office.post.voucher(1)
    await correct(office, family)
    later(office.post, hours=1)
    async with office.db.write() as session:
        await session.execute(update(ChatRecord).values(linked_at=office.post.now))
    looked = await office.families.look(office.here, family, Look.CARD, office.post.now)
    assert looked.phone == office.post.people[1].phone
    later(office.post, days=1, hours=5, minutes=30)
    assert (await sms(office)).phone == office.post.people[1].phone


async def test_codes_still_go_to_the_phone_of_the_citizens_base(office: Office) -> None:
    """D5: whoever could correct where a code goes could sign for the parent."""
    family = await office.family(1, chat=True)
    await office.post.voucher(1)
    await correct(office, family)
    person = office.post.people[1]
    await office.post.desk.press(family, person, Event.CONFIRM_INTEREST)
    assert office.post.desk.pocket.messages[-1].phone == person.phone


async def test_what_did_not_arrive_for_the_numbers_sake_goes_out_again(office: Office) -> None:
    family = await office.family(1, applicant_phone="87162250000")
    await office.post.voucher(1)
    await office.post.work()
    assert (await office.post.row(channel="sms")).because == "no_phone"
    await correct(office, family)
    await office.post.work()
    row = await office.post.row(channel="sms")
    assert (row.state, row.because) == ("sent", None)
    assert row.sms_id is not None
    async with office.db.write() as session:
        await sms_reported(session, row.sms_id, delivered=False, at=office.post.now)
    await correct(office, family)
    await office.post.work()
    assert office.post.told() == ["07.04 11:30 sms voucher_issued"] * 2


@pytest.mark.parametrize("delivered", [False, True])
async def test_what_is_heard_of_the_old_number_after_the_correction_reaches_nobody(
    office: Office, delivered: bool
) -> None:
    """Nobody, or a stranger: the family is told at its new number, and called if need be."""
    family = await office.family(1)
    await office.post.voucher(1)
    await office.post.work()
    late = (await office.post.row(channel="sms")).sms_id
    assert late is not None
    later(office.post, minutes=10)
    await correct(office, family)
    async with office.db.write() as session:
        await sms_reported(session, late, delivered, office.post.now)
    assert (await sms(office)).phone == NEW
    later(office.post, minutes=1)
    await office.post.travel("09.04 08:00")
    assert len(await office.post.listed()) == 1


async def test_a_call_that_met_a_wrong_number_is_on_the_list_again(office: Office) -> None:
    family = await office.family(1, chat=True)
    await office.post.voucher(1)
    office.post.desk.clock.move(office.post.now.replace(day=9, hour=3, minute=0))
    await office.post.desk.sweep.run(office.post.now)
    [call] = (await office.post.calls.page(office.here, 0, office.post.now)).calls
    await office.post.calls.mark(call.notice_id, Called.WRONG_NUMBER, office.here, office.post.now)
    assert await office.post.listed() == []
    await correct(office, family)
    [call] = (await office.post.calls.page(office.here, 0, office.post.now)).calls
    assert call.phone == NEW.value


async def test_a_term_that_is_over_or_was_seen_is_left_alone(office: Office) -> None:
    for number in (1, 2):
        await office.family(number, applicant_phone="87162250000")
        await office.post.voucher(number)
    await office.post.work()
    async with office.db.write() as session:
        row = (await office.post.rows(application_id=1, channel="telegram"))[0]
        row.seen_at = office.post.now
        await session.merge(row)
    await correct(office, 1)
    later(office.post, days=4)
    await correct(office, 2)
    states = {row.state for row in await office.post.rows(channel="sms", kind="voucher_issued")}
    assert states == {"undeliverable"}


async def test_the_applicants_other_applications_with_the_same_number_are_corrected_too(
    office: Office,
) -> None:
    first = await office.family(1)
    same = await office.post.family(2, applicant=1, chat=False)
    other = await office.post.family(3, applicant=1, chat=False)
    away = await office.post.family(4, applicant=1, chat=False)
    strangers = await office.family(5)
    await office.change(other, applicant_phone="+77770000000")
    await office.change(away, district="akkol")
    assert await correct(office, first) == 2
    phones = [
        (await office.record(one)).applicant_phone for one in (first, same, other, away, strangers)
    ]
    assert [phone == NEW.value for phone in phones] == [True, True, False, False, False]
    [noted] = await office.noted()
    assert (noted.act, noted.subjects) == ("phone_corrected", {"application": [first, same]})
    assert NEW.value not in str(noted.details)


async def test_another_districts_phone_cannot_be_corrected(office: Office) -> None:
    family = await office.family(1)
    with pytest.raises(UnknownFamily):
        await office.families.correct_phone(office.there, family, NEW, office.post.now)
    assert (await office.record(family)).applicant_phone == "87750000000"


async def test_two_children_of_one_parent_are_corrected_at_once(office: Office) -> None:
    """Each correction touches both applications: neither is given up for the other's sake."""
    first = await office.family(1)
    record = await office.record(first)
    second = await office.family(2, applicant_iin=record.applicant_iin)
    await open_connections(office.db, 8)
    for _ in range(5):
        done = await asyncio.gather(*(correct(office, one) for one in (second, first) * 4))
        assert done == [2] * 8
