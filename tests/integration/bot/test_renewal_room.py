"""The room of the queue's renewal, as the region's head goes through it."""

from datetime import timedelta

from core.staff.rules import Role
from locales.texts import texts
from tests.integration.bot.acting import seen, with_role
from tests.integration.bot.conftest import Parent
from tests.integration.bot.posting import working
from tests.integration.vouchers import queues

KK = texts("kk")


async def test_a_head_renews_the_queue_and_every_family_is_told_by_day(parent: Parent) -> None:
    head = await with_role(parent, Role.HEAD, None)
    db, clock = head.desk.db, head.desk.clock
    clock.move(clock.now() + timedelta(hours=11))  # 22:30: nobody is told at night
    now, day = clock.now(), timedelta(days=1)
    async with db.write() as session:
        mine = queues.waiting(1, now - 5 * day)
        session.add_all(
            [
                mine,
                queues.waiting(
                    2, now - 9 * day, stage="aged_2", born=clock.now().date().replace(year=2023)
                ),
            ]
        )
    async with working(head) as worker:
        await head.say("/desk")
        await head.tap(KK.plain("Queue renewal"))
        for wrong in ("ертең", "01.01.0002"):
            await head.say(wrong)
            assert KK("That is not a date. Type it like this: 01.09.2026.") in seen(head)
        await head.say("07.04.2026")
        assert KK("Children who move to another stage: <b>{number}</b>", number=1) in seen(head)
        await head.say("1")
        await worker.send()
        assert KK("Children who have moved to another stage: {number}", number=1) in seen(head)
        title = "Кезек нөмірі өзгерді"
        assert not [text for text in head.telegram.texts if title in text]
        clock.move(clock.now() + timedelta(hours=10))
        await worker.send()
        [told] = [text for text in head.telegram.texts if title in text]
        assert KK("It was <b>{old}</b>, it is <b>{new}</b> now.", old=1, new=2) in told
        await head.say("/desk")
        await head.tap(KK.plain("Queue renewal"))
        await head.say("07.04.2026")
        assert KK(
            "As of {day} nothing changes: every child is in the stage of its age already.",
            day="07.04.2026",
        ) in seen(head)
