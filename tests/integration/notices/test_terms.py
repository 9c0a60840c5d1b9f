"""What a family is told in a term, by which way, and when nothing reaches it any more."""

from datetime import date, timedelta

from core.applications.rules import Event
from core.login.tables import ChatRecord
from core.notices import service
from core.notices.plan import Channel, Lane
from core.notices.values import Gone
from tests import factories
from tests.integration.notices.post import Post, moment


async def test_who_says_nothing_is_told_all_of_it(post: Post) -> None:
    """Nothing was seen: the SMS goes too, and the family is called."""
    child = await post.family(1)
    await post.voucher(1)
    await post.travel("09.04 23:59")
    assert post.told() == [
        "07.04 11:30 voucher_issued",
        "08.04 09:00 reminder",
        "08.04 18:00 sms voucher_issued",
        "09.04 09:00 last_day",
        "09.04 20:00 last_evening",
    ]
    [listed] = await post.calls.listed(post.now)
    assert (listed.kind, listed.until) == ("call_confirm", moment("10.04 00:00"))
    assert [life.kind for life in await post.lives.of(child)][:2] == ["voucher_issued", "reminder"]
    await post.travel("10.04 07:59")
    assert len(post.told()) == 5  # the stop list begins at midnight, and is told in the morning
    await post.travel("10.04 08:00")
    assert post.told()[5:] == ["10.04 08:00 confirmation_missed"]
    assert await post.listed() == []  # nothing can be confirmed any more


async def test_at_night_a_voucher_waits_for_the_morning(post: Post) -> None:
    await post.family(1)
    await post.travel("07.04 22:30")
    await post.voucher(1)
    await post.travel("08.04 07:59")
    assert post.told() == []
    await post.travel("08.04 09:00")
    assert post.told() == ["08.04 08:00 voucher_issued", "08.04 09:00 reminder"]


async def test_one_who_comes_back_at_night_is_told_at_once(post: Post) -> None:
    """Quiet hours are for those who did not ask."""
    await post.family(1)
    await post.visitors.mark_blocked(1, post.now)
    await post.voucher(1)
    await post.work()
    assert post.told() == ["07.04 11:30 sms voucher_issued"]
    await post.travel("07.04 23:00")
    await post.visitors.mark_back(1, post.now)
    await post.work()
    assert post.told() == ["07.04 11:30 sms voucher_issued", "07.04 23:00 voucher_issued"]


async def test_who_has_no_chat_gets_the_sms_at_once(post: Post) -> None:
    """It is not sent a second time at 18:00."""
    await post.family(1, chat=False)
    await post.voucher(1)
    await post.travel("09.04 23:59")
    assert post.told() == ["07.04 11:30 sms voucher_issued"]
    states = {row.kind: (row.state, row.because) for row in await post.rows(channel="telegram")}
    assert set(states.values()) == {("undeliverable", "no_chat")}


async def test_who_has_no_chat_gets_no_sms_at_night(post: Post) -> None:
    await post.family(1, chat=False)
    await post.travel("07.04 22:30")
    await post.voucher(1)
    await post.travel("08.04 08:00")
    assert post.told() == ["08.04 08:00 sms voucher_issued"]


async def test_a_chat_that_is_blocked_when_it_is_told_brings_the_sms_forward(post: Post) -> None:
    await post.family(1)
    post.blocked.add(1)
    await post.voucher(1)
    await post.travel("08.04 12:00")
    assert post.told() == ["07.04 11:30 sms voucher_issued"]
    notice = await post.row(kind="voucher_issued", channel="telegram")
    assert (notice.state, notice.because) == ("undeliverable", "blocked")
    # noted with the chat: nobody knocks again
    assert (await post.row(kind="reminder")).attempts == 0


async def test_where_no_sms_is_planned_the_stop_list_is_told_by_one(post: Post) -> None:
    await post.family(1, chat=False)
    await post.voucher(1)
    await post.travel("10.04 08:00")
    assert post.told()[-1] == "10.04 08:00 sms confirmation_missed"
    await post.travel("08.05 23:00")
    assert post.told()[-1] == "10.04 08:00 sms confirmation_missed"  # the reminders bring none


async def test_choosing_has_its_sms_on_the_third_day_and_its_call_on_the_last(post: Post) -> None:
    child = await post.family(1)
    await post.voucher(1)
    await post.desk.act(child, post.people[1], Event.CONFIRM_INTEREST)
    await post.travel("14.04 08:00")
    assert post.told() == [
        "08.04 09:00 reminder",
        "09.04 09:00 reminder",
        "10.04 09:00 reminder",
        "10.04 18:00 sms choose",
        "13.04 09:00 reminder",
    ]
    assert len(await post.listed()) == 1


async def test_who_looked_gets_no_sms_and_no_call(post: Post) -> None:
    """A tap anywhere in the chat is enough."""
    await post.family(1)
    await post.voucher(1)
    await post.travel("07.04 21:30")
    await post.notices.seen(1, post.people[1].iin.value, None, post.now)
    await post.travel("09.04 12:00")
    assert post.told() == [
        "07.04 11:30 voucher_issued",
        "08.04 09:00 reminder",
        "09.04 09:00 last_day",
    ]
    assert await post.listed() == []
    sms = await post.row(channel="sms")
    assert (sms.state, sms.because) == ("cancelled", "seen")
    assert (await post.row(channel="call")).state == "cancelled"


async def test_telegram_down_until_the_end_of_a_term_is_tried_until_then(post: Post) -> None:
    """Attempts go on with growing pauses until the deadline, and no longer."""
    await post.family(1)
    post.dead = {Channel.TELEGRAM}
    await post.voucher(1)
    await post.travel("07.04 12:00")
    first = await post.row(channel="telegram", planned_at=moment("07.04 11:30"))
    assert (first.state, first.attempts) == ("pending", 6)
    post.desk.clock.move(moment("09.04 22:00"))
    await post.travel("10.04 00:00")
    told = await post.rows(channel="telegram", series="application:1:2")
    assert {(row.state, row.because) for row in told} == {("expired", "too_late")}
    assert post.told() == []


async def test_with_telegram_and_sms_down_the_family_is_called(post: Post) -> None:
    await post.family(1)
    post.dead = {Channel.TELEGRAM, Channel.SMS}
    await post.voucher(1)
    await post.work()
    post.desk.clock.move(moment("09.04 07:30"))
    await post.travel("09.04 07:59")
    assert await post.listed() == []
    await post.travel("09.04 08:00")
    assert len(await post.listed()) == 1


async def test_telegram_that_is_back_sends_what_is_owed(post: Post) -> None:
    await post.family(1)
    post.dead = {Channel.TELEGRAM}
    await post.voucher(1)
    await post.travel("07.04 13:00")
    post.dead = set()
    await post.travel("07.04 14:00")
    assert [line.split()[-1] for line in post.told()] == ["voucher_issued"]


async def test_a_stay_is_told_of_until_it_ends(post: Post) -> None:
    """R15-R18."""
    place = await factories.place(post.desk.db, mode="temporary", until=date(2026, 4, 30))
    child = await post.family(1)
    await post.voucher(1)
    await post.desk.act(child, post.people[1], Event.CONFIRM_INTEREST)
    await post.desk.act(child, post.people[1], Event.TAKE_TEMPORARY_PLACE, place_id=place)
    await post.travel("04.05 12:00")
    assert post.told() == [
        "14.04 09:00 stay_reminder",
        "21.04 09:00 stay_reminder",
        "27.04 09:00 stay_reminder",
        "29.04 09:00 stay_reminder",
        "30.04 09:00 stay_last_day",
        "30.04 20:00 stay_last_evening",
        "04.05 08:00 stay_ended",
    ]
    ended = [handed.kind for handed in post.out if handed.closing]
    assert len(ended) == 6  # the stay is over: nothing of it can be pressed any more


async def test_who_came_back_while_telegram_refused_is_told_all_the_same(post: Post) -> None:
    """The refusal is older than their return, but is noted after it."""
    await post.family(1)
    await post.voucher(1)
    [refused] = await post.notices.claim(post.now, Channel.TELEGRAM, Lane.VOUCHER)
    post.desk.clock.move(post.now + timedelta(seconds=1))
    await post.visitors.mark_back(1, post.now)
    await post.notices.record([(refused, Gone())], post.now)
    await post.travel("07.04 11:31")
    assert post.told() == ["07.04 11:30 voucher_issued"]


async def test_who_entered_elsewhere_while_the_old_chat_refused_is_told_there(post: Post) -> None:
    """It was claimed for the chat that they have left, which takes nothing any more."""
    await post.family(1)
    await post.voucher(1)
    [refused] = await post.notices.claim(post.now, Channel.TELEGRAM, Lane.VOUCHER)
    async with post.desk.db.write() as session:
        (await session.get_one(ChatRecord, 1)).person_id = None
        await session.flush()
        session.add(ChatRecord(id=2, language="kk", person_id=1, created_at=post.now))
        await service.wake(session, refused.iin.value, post.now)
    await post.notices.record([(refused, Gone())], post.now)
    await post.travel("07.04 11:31")
    assert post.told() == ["07.04 11:30 voucher_issued"]
    assert (await post.row(kind="voucher_issued", channel="telegram")).chat_id == 2


async def test_who_blocks_again_is_gone(post: Post) -> None:
    """A return tells nothing of what is sent after it."""
    await post.family(1)
    await post.visitors.mark_blocked(1, post.now)
    await post.visitors.mark_back(1, post.now)
    post.desk.clock.move(post.now + timedelta(seconds=1))
    post.blocked.add(1)
    await post.voucher(1)
    await post.work()
    assert post.told() == ["07.04 11:30 sms voucher_issued"]


async def test_who_comes_back_late_is_told_once_how_things_stand(post: Post) -> None:
    """Not everything that they have missed, one after another."""
    await post.family(1)
    await post.visitors.mark_blocked(1, post.now)
    await post.voucher(1)
    await post.travel("09.04 12:00")
    await post.visitors.mark_back(1, post.now)
    await post.work()
    assert post.told() == ["07.04 11:30 sms voucher_issued", "09.04 12:00 last_day"]
    assert (await post.row(kind="reminder")).because == "overtaken"
