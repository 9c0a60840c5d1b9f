"""D18 on both databases: our outage costs no child its place."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.portal.document import ToldData
from core.applications.cards import cards
from core.applications.rules import Event, Status
from core.applications.tables import ApplicationRecord
from core.portal.tables import PortalOutboxRecord
from tests import factories
from tests.integration.notices.post import moment
from tests.integration.outages.town import Town

AWAITING, STOPPED = Status.AWAITING_CONFIRMATION, Status.STOP_LIST


async def test_whoever_could_not_press_before_midnight_has_the_next_working_day(
    town: Town,
) -> None:
    """The portal hears of it, too."""
    town.post.desk.db.portal_told = True
    first, second = await town.family(1), await town.family(2)
    await town.beat("09.04 22:30")
    town.go("10.04 00:40")
    await town.start()
    assert await town.stands(first) == await town.stands(second) == (AWAITING, "10.04")
    [outage] = await town.noted()
    assert (outage.from_at, outage.to_at) == (moment("09.04 22:30"), moment("10.04 00:40"))
    assert (outage.extended, outage.due_at) == (2, None)
    [entry] = await town.audited("terms_extended")
    assert entry.subjects == {"outage": [outage.id], "application": [first, second]}
    assert entry.details == {"cause": "ours", "until": "2026-04-10"}
    assert (await town.history(first))[-1] == ("term_extended", "clock")
    async with town.post.desk.db.read() as session:
        told = (await session.scalars(select(PortalOutboxRecord.data))).all()
    extended = [ToldData(**data) for data in told if data["event"] == "term_extended"]
    assert [data.last_day for data in extended] == ["2026-04-10"] * 2


async def test_the_family_is_told_once_and_reminded_of_the_new_day(town: Town) -> None:
    await town.family(1)
    await town.beat("09.04 22:30")
    town.go("10.04 00:40")
    for _ in range(3):  # it starts again, and again
        await town.start()
        await town.outages.beat("web", town.post.now)
    await town.post.travel("10.04 23:00")
    assert [line for line in town.post.told() if "sms" not in line][-3:] == [
        "10.04 08:00 term_extended",
        "10.04 09:00 last_day",
        "10.04 20:00 last_evening",
    ]


async def test_a_longer_term_is_no_turn_of_the_application(town: Town) -> None:
    """A button of before is told what has changed since, and when: the voucher, not the term."""
    application_id = await town.family(1)
    await town.beat("09.04 22:30")
    town.go("10.04 00:40")
    await town.start()
    assert (await town.history(application_id))[-1] == ("term_extended", "clock")
    async with town.post.desk.db.read() as session:
        [shown] = await cards(session, ApplicationRecord.id == application_id, town.post.now)
    assert shown.changed_by is Event.ISSUE_VOUCHER
    assert shown.changed_at is not None
    assert shown.changed_at < moment("09.04 00:00")


async def test_a_minute_is_borne_and_the_term_ends_as_it_would(town: Town) -> None:
    application_id = await town.family(1)
    await town.beat("09.04 23:59")
    town.go("10.04 00:00")
    await town.start()
    assert (await town.stands(application_id))[0] is STOPPED
    assert not await town.audited("terms_extended")


async def test_short_silences_of_the_last_two_hours_are_summed(town: Town) -> None:
    application_id = await town.family(1)
    await town.beat("09.04 22:10")
    later = town.post.desk.clock.move
    for seconds in (40, 15, 40):  # two restarts
        later(town.post.now + timedelta(seconds=seconds))
        await town.outages.beat("web", town.post.now)
    await town.outages.judge(town.post.now)
    assert await town.stands(application_id) == (AWAITING, "10.04")
    assert len(await town.noted()) == 2


async def test_a_long_silence_at_another_hour_touches_nobody(town: Town) -> None:
    application_id = await town.family(1)
    await town.beat("09.04 12:00", "09.04 22:01")
    await town.outages.leap(town.post.now, moment("10.04 00:00"))  # all is well from then on
    town.go("10.04 00:00")
    await town.start()
    assert (await town.stands(application_id))[0] is STOPPED
    assert [(one.extended, one.due_at) for one in await town.noted()] == [(0, None)]


async def test_a_worker_beside_a_dead_web_extends_instead_of_ending(town: Town) -> None:
    """Nobody has started, nobody beats: the sweep itself judges before it ends anything."""
    application_id = await town.family(1)
    await town.beat("09.04 22:30")
    town.go("10.04 00:00")
    await town.post.desk.sweep.run(town.post.now)
    assert await town.stands(application_id) == (AWAITING, "10.04")
    town.go("11.04 00:00")  # still dead: again, over the weekend
    await town.post.desk.sweep.run(town.post.now)
    assert await town.stands(application_id) == (AWAITING, "13.04")
    [outage] = await town.noted()
    assert (outage.from_at, outage.to_at) == (moment("09.04 22:30"), moment("11.04 00:00"))
    await town.beat("11.04 09:00")
    await town.outages.judge(town.post.now)
    assert [one.to_at for one in await town.noted()] == [moment("11.04 09:00")]
    assert [line for line, _ in await town.history(application_id)].count("term_extended") == 2


async def test_one_web_process_of_two_is_enough(town: Town) -> None:
    application_id = await town.family(1)
    await town.beat("09.04 23:56", process="one")
    while town.post.now < moment("10.04 00:00"):
        await town.outages.beat("two", town.post.now)
        town.post.desk.clock.move(town.post.now + timedelta(seconds=30))
    await town.start()
    assert (await town.stands(application_id))[0] is STOPPED
    assert not await town.noted()


async def test_a_clock_that_is_moved_makes_no_outage(town: Town) -> None:
    application_id = await town.family(1)
    await town.beat("09.04 22:30")
    await town.outages.leap(town.post.now, moment("10.04 00:00"))
    await town.outages.beat("web", town.post.now)  # it beats on before the clock is moved
    town.go("10.04 00:00")
    await town.start()
    assert (await town.stands(application_id))[0] is STOPPED
    assert not await town.noted()


async def test_who_had_nothing_to_lose_that_evening_keeps_the_term(town: Town) -> None:
    await town.family(1)
    town.go("08.04 12:00")
    other = await town.family(2)
    waiting = await town.post.family(3)
    await town.beat("09.04 22:30")
    town.go("10.04 00:40")
    await town.start()
    assert await town.stands(other) == (AWAITING, "10.04")
    assert await town.history(other) == [("issue_voucher", "p")]
    assert await town.stands(waiting) == (Status.IN_QUEUE, "")


async def test_every_kind_of_term_is_extended_and_counts_on_from_its_new_day(town: Town) -> None:
    """The stop list's 28 days, missed on 9 April, end with 8 May, a Friday (D2)."""
    application_id = await town.family(1)
    town.go("10.04 00:00")
    await town.start()
    await town.beat("08.05 22:30")
    town.go("09.05 00:40")
    await town.start()
    # Monday is a day off for Victory Day
    assert await town.stands(application_id) == (STOPPED, "12.05")
    await town.outages.leap(town.post.now, moment("13.05 00:00"))
    town.go("13.05 00:00")
    await town.start()
    assert (await town.stands(application_id))[0] is Status.ARCHIVED


async def test_a_press_on_an_old_button_counts_on_the_new_day(town: Town) -> None:
    application_id = await town.family(1)
    person = town.post.people[1]
    await town.beat("09.04 22:30")
    town.go("10.04 00:40")
    await town.start()
    await town.post.desk.act(application_id, person, Event.CONFIRM_INTEREST)
    assert await town.stands(application_id) == (Status.VOUCHER_ISSUED, "17.04")
    await town.post.travel("10.04 23:00")
    assert "10.04 09:00 last_day" not in town.post.told()


async def test_the_call_list_keeps_whom_it_has_until_the_new_end(town: Town) -> None:
    application_id = await town.post.family(1, chat=False)
    await town.post.voucher(1)
    town.go("09.04 22:30")
    await town.post.work()  # the SMS goes out, and never arrives
    listed = await town.post.listed()
    assert len(listed) == 1
    await town.outages.beat("web", town.post.now)
    town.go("10.04 00:40")
    await town.start()
    assert await town.post.listed() == listed
    [call] = await town.post.calls.listed(town.post.now)
    assert call.until == moment("11.04 00:00")
    assert await town.stands(application_id) == (AWAITING, "10.04")


async def test_whom_telegram_does_not_reach_is_told_by_sms_though_another_went_before(
    town: Town,
) -> None:
    await town.family(1)
    await town.post.travel("07.04 19:00")
    await town.post.notices.seen(1, factories.iin(1), None, town.post.now)
    await town.beat("09.04 22:30")
    town.post.blocked.add(1)
    town.go("10.04 00:40")
    await town.start()
    await town.post.travel("10.04 12:00")
    assert [line for line in town.post.told() if "term_extended" in line] == [
        "10.04 08:00 sms term_extended"
    ]
