"""A notice once more, at the desk's wish."""

import asyncio

import pytest

from core.applications.rules import Event
from core.families.values import CannotResend, Obstacle, UnknownFamily
from core.notices.plan import Channel
from tests.integration.families.conftest import Office
from tests.integration.notices.post import later, moment


async def again(office: Office, family: int, channel: Channel = Channel.TELEGRAM) -> None:
    await office.families.resend(office.here, family, channel, office.post.now)
    await office.post.work()


async def refused(office: Office, family: int, channel: Channel = Channel.TELEGRAM) -> Obstacle:
    with pytest.raises(CannotResend) as trouble:
        await again(office, family, channel)
    return trouble.value.why


async def test_the_voucher_goes_out_again_as_it_stands(office: Office) -> None:
    family = await office.family(1, chat=True)
    await office.post.voucher(1)
    await office.post.work()
    later(office.post, hours=1)
    await again(office, family)
    assert office.post.told() == ["07.04 11:30 voucher_issued", "07.04 12:30 voucher_issued"]
    [noted] = await office.noted()
    assert (noted.act, noted.subjects, noted.details) == (
        "notice_resent",
        {"application": [family]},
        {"channel": "telegram"},
    )


async def test_on_the_last_day_of_choosing_it_is_the_last_days_reminder(office: Office) -> None:
    family = await office.family(1, chat=True)
    await office.post.voucher(1)
    await office.post.desk.act(1, office.post.people[1], Event.CONFIRM_INTEREST)
    later(office.post, hours=1)
    await again(office, family)
    assert office.post.told()[-1] == "07.04 12:30 reminder"
    await office.post.travel("14.04 10:00")
    await again(office, family)
    assert office.post.told()[-1] == "14.04 10:00 last_day"


async def test_it_is_not_sent_twice_within_minutes_even_by_two_at_once(office: Office) -> None:
    family = await office.family(1, chat=True)
    await office.post.voucher(1)
    await office.post.work()
    asked = [office.here, office.head]
    done = await asyncio.gather(
        *(
            office.families.resend(member, family, Channel.TELEGRAM, office.post.now)
            for member in asked
        ),
        return_exceptions=True,
    )
    assert sorted(isinstance(one, CannotResend) for one in done) == [False, True]
    await office.post.work()
    assert len(office.post.told()) == 2
    later(office.post, minutes=9)
    assert await refused(office, family) is Obstacle.JUST_SENT
    await again(office, family, Channel.SMS)
    later(office.post, minutes=2)
    await again(office, family)
    assert len(office.post.told()) == 4


async def test_who_has_answered_is_not_told_again(office: Office) -> None:
    family = await office.family(1, chat=True)
    assert await refused(office, family) is Obstacle.NOTHING_TO_ANSWER
    await office.post.voucher(1)
    await office.post.desk.act(1, office.post.people[1], Event.REFUSE_VOUCHER)
    assert await refused(office, family) is Obstacle.NOTHING_TO_ANSWER


async def test_what_is_answered_before_it_goes_out_stays_in(office: Office) -> None:
    family = await office.family(1, chat=True)
    await office.post.voucher(1)
    await office.post.travel("07.04 22:00")
    await again(office, family)
    await office.post.desk.act(1, office.post.people[1], Event.CONFIRM_INTEREST)
    await office.post.travel("08.04 08:30")
    assert office.post.told() == ["07.04 11:30 voucher_issued"]


async def test_in_the_quiet_hours_it_waits_for_the_morning(office: Office) -> None:
    family = await office.family(1, chat=True)
    await office.post.voucher(1)
    await office.post.travel("07.04 22:00")
    resent = await office.families.resend(office.here, family, Channel.TELEGRAM, office.post.now)
    assert (resent.waits, resent.at) == (True, moment("08.04 08:00"))
    later(office.post, hours=1)
    assert await refused(office, family) is Obstacle.JUST_SENT
    await office.post.travel("08.04 08:00")
    assert office.post.told()[-1] == "08.04 08:00 voucher_issued"


async def test_in_the_last_night_there_is_nothing_to_wait_for(office: Office) -> None:
    family = await office.family(1, chat=True)
    await office.post.voucher(1)
    await office.post.travel("09.04 22:00")
    assert await refused(office, family) is Obstacle.TOO_LATE


async def test_without_a_chat_it_goes_by_sms_even_where_something_was_seen(office: Office) -> None:
    family = await office.family(1)
    await office.post.voucher(1)
    await office.post.work()
    token = (await office.post.row(channel="sms")).token or ""
    await office.post.notices.opened(token, office.post.now)
    assert await refused(office, family) is Obstacle.NO_WAY
    later(office.post, hours=1)
    await again(office, family, Channel.SMS)
    assert office.post.told() == [
        "07.04 11:30 sms voucher_issued",
        "07.04 12:30 sms voucher_issued",
    ]


async def test_another_districts_family_is_unknown(office: Office) -> None:
    family = await office.family(1, chat=True)
    await office.post.voucher(1)
    for unknown in (family, family + 1):
        with pytest.raises(UnknownFamily):
            await office.families.resend(office.there, unknown, Channel.TELEGRAM, office.post.now)
