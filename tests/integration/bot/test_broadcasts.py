"""/broadcast in the chat: from the draft to the report, and what a parent sees and says to it."""

from datetime import timedelta

import pytest
from aiogram.methods import DeleteMessage, SendDocument, SendMessage, SendPhoto

from bot.outgoing.broadcasts import Broadcasting
from bot.screens.staff import desk
from core.broadcasts.rules import Audience, Content, Kind
from core.identity.rules import Iin
from core.staff.rules import Member, Role
from locales.texts import texts
from tests import factories
from tests.integration.bot.conftest import IIN, Parent
from tests.integration.bot.posting import working
from tests.telegram_stub import buttons, labels

KK = texts("kk")
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def staff(parent: Parent) -> Parent:
    """A head, who has a child in the queue, too; and two families with chats."""
    await parent.enter()
    moment = parent.core.clock.now()
    await parent.core.staff.grant(Iin(IIN), Role.HEAD, None, by=None, moment=moment)
    await factories.application(parent.desk.db, moment, 1)
    for number in (2, 3):
        await factories.parent(parent.desk.db, moment, number)
        await factories.application(parent.desk.db, moment, number)
    return parent


async def member_of(staff: Parent) -> Member:
    member = await staff.core.staff.with_iin(Iin(IIN))
    assert member is not None
    return member


async def tap(staff: Parent, message: str) -> None:
    await staff.tap(KK.plain(message))


async def write(staff: Parent, text: str = "Ашық есік күні") -> None:
    """A new draft with a Kazakh text."""
    await staff.say("/broadcast")
    await tap(staff, "New broadcast")
    await staff.tap("✏️ Қазақша")
    bold = {"type": "bold", "offset": 0, "length": 4}
    await staff.say(text, entities=[bold])


async def confirmed(staff: Parent) -> None:
    await tap(staff, "Send…")
    await staff.say("3")


def told(staff: Parent, text: str) -> list[int]:
    """The chats that got a message with this text."""
    return [
        int(call.chat_id)
        for call in staff.telegram.calls
        if isinstance(call, SendMessage) and text in call.text
    ]


async def run(staff: Parent) -> None:
    """The worker does all there is to do, and time passes."""
    async with working(staff) as post:
        for _ in range(3):
            await post.send()
            staff.desk.clock.move(staff.desk.clock.now() + MINUTE)
        await post.send()


async def test_from_the_draft_to_the_report(staff: Parent) -> None:
    await write(staff)
    assert "3" in await staff.seen()
    await confirmed(staff)
    assert KK.plain("⏸ Pause") in labels(staff.telegram.newest.reply_markup)
    await run(staff)
    assert sorted(told(staff, "<b>Ашық</b> есік күні")) == [1, 2, 3]
    report = await staff.seen()
    assert KK("✅ <b>Broadcast №{id}</b> is sent", id=1) in report
    assert KK("Sent: <b>{sent}</b> of {total}, seen: {seen}", sent=3, total=3, seen=0) in report
    once = len(staff.telegram.calls)
    await run(staff)
    assert len(staff.telegram.calls) == once, "the end is told once"


async def test_no_progress_is_written_over_a_question(staff: Parent) -> None:
    """Whoever stops it for good is not hurried."""
    await write(staff)
    await confirmed(staff)
    await tap(staff, "⏹ Stop for good")
    asked, _ = staff.telegram.message_with(KK.plain("Yes, stop it"))
    staff.desk.clock.move(staff.desk.clock.now() + MINUTE)
    assert await Broadcasting(staff.core, staff.telegram.gate).look() == 1
    assert KK.plain("Yes, stop it") in labels(staff.telegram.shown[asked].reply_markup)


async def test_a_wrong_number_sends_nothing(staff: Parent) -> None:
    await write(staff)
    await tap(staff, "Send…")
    await staff.say("4")
    await run(staff)
    assert told(staff, "есік") == []
    assert desk.wrong_number(3, KK, buttons(staff.telegram.newest.reply_markup)[0]).text == (
        await staff.seen()
    )


async def test_the_audience_is_counted_as_one_chooses(staff: Parent) -> None:
    await write(staff)
    await tap(staff, "To whom")
    await tap(staff, "Districts")
    await staff.tap("Ақкөл ауданы")
    none = KK(
        "People: {people}, with a chat: {chats}. <b>Recipients: {recipients}</b>",
        people=0,
        chats=0,
        recipients=0,
    )
    assert none in await staff.seen()
    await staff.tap("Көкшетау қаласы")
    assert none not in await staff.seen()
    await staff.tap("Көкшетау қаласы")
    assert none in await staff.seen()
    await tap(staff, "No choice: all")
    assert none not in await staff.seen()


async def test_a_text_that_is_too_long_is_explained_and_waited_for(staff: Parent) -> None:
    await write(staff)
    await tap(staff, "Picture or file")
    await staff.photo()
    await staff.tap("✅ Қазақша")
    await staff.say("а" * 1025)
    assert "1025" in await staff.seen()
    assert "1024" in await staff.seen()
    await staff.say("а" * 1024)
    draft = await staff.core.broadcasts.one(await member_of(staff), 1)
    assert draft.content.texts["kk"] == "а" * 1024


async def test_a_long_text_cannot_be_sent_under_a_picture(staff: Parent) -> None:
    await write(staff, "а" * 2000)
    await tap(staff, "Picture or file")
    await staff.photo()
    for button in ("Send…", "Preview", "Test to me"):
        await tap(staff, button)
        assert "1024" in staff.telegram.toasts[-1]


async def test_the_preview_is_what_will_be_seen(staff: Parent) -> None:
    """In each language that has a text; the test in one's own. Nobody else gets anything."""
    await write(staff)
    await staff.tap("✏️ Русский")
    await staff.say("День открытых дверей")
    await tap(staff, "Button")
    await tap(staff, "Link “Read more”")
    await staff.say("http://akmola.kz")
    assert KK(
        "This is not a link. A link begins with https:// and has no spaces. Send it again."
    ) == (await staff.seen())
    await staff.say("https://akmola.kz/day")
    await tap(staff, "Picture or file")
    await staff.photo()
    await tap(staff, "Preview")
    kazakh, russian = [c for c in staff.telegram.calls if isinstance(c, SendPhoto)]
    assert (kazakh.caption, russian.caption) == ("<b>Ашық</b> есік күні", "День открытых дверей")
    assert [b.url for b in buttons(russian.reply_markup)] == ["https://akmola.kz/day", None]
    assert labels(russian.reply_markup)[0] == texts("ru").plain("Read more")
    await tap(staff, "To the draft")
    await tap(staff, "Test to me")
    test = [c for c in staff.telegram.calls if isinstance(c, SendPhoto)][-1]
    assert (test.chat_id, test.caption) == (1, "<b>Ашық</b> есік күні")


async def test_a_draft_outlives_whatever_happens(staff: Parent) -> None:
    await write(staff)
    await staff.say("/menu")
    await staff.say("/broadcast")
    await staff.tap("№1")
    assert "Қазақша ✅" in await staff.seen()
    await tap(staff, "Delete the draft")
    await tap(staff, "Yes, delete the draft")
    assert await staff.core.broadcasts.listed(await member_of(staff)) == ([], False)
    await staff.press("s.bo:1")
    assert staff.telegram.toasts[-1] == KK.plain("There is no such broadcast.")


async def test_an_old_button_of_a_draft_shows_how_it_stands(staff: Parent) -> None:
    await write(staff)
    await confirmed(staff)
    for data in ("s.bt:1:ru", "s.bf:1:0", "s.bk:1:1", "s.bs:1", "s.bx:1:1", "s.ba:1:s:enrolled:1"):
        await staff.press(data)
        assert staff.telegram.toasts[-1] == KK.plain(
            "This is not possible any more: the broadcast stands as shown below."
        )
        assert KK("📣 <b>Broadcast №{id}</b> is being sent", id=1) in await staff.seen()


async def test_pause_resume_and_recall_by_buttons(staff: Parent) -> None:
    await write(staff)
    await confirmed(staff)
    await tap(staff, "⏸ Pause")
    await run(staff)
    assert told(staff, "есік") == []
    await tap(staff, "▶️ Resume")
    await run(staff)
    assert sorted(told(staff, "есік")) == [1, 2, 3]
    before = len(staff.telegram.calls)
    await tap(staff, "↩️ Recall")
    await tap(staff, "Yes, recall it")
    await run(staff)
    deleted = [c for c in staff.telegram.calls[before:] if isinstance(c, DeleteMessage)]
    assert sorted(int(c.chat_id) for c in deleted) == [1, 2, 3]
    assert KK("Deleted: <b>{recalled}</b>", recalled=3) in await staff.seen()
    await tap(staff, "Write a correction")
    assert KK("It corrects broadcast №{id}.", id=1) in await staff.seen()


async def test_it_waits_for_the_hour_that_was_chosen(staff: Parent) -> None:
    await write(staff)
    await tap(staff, "When")
    await staff.tap("08.04")
    await staff.tap("9:00")
    assert "08.04.2026, 09:00" in await staff.seen()
    await confirmed(staff)
    await run(staff)
    assert told(staff, "есік") == []
    staff.desk.clock.move(staff.desk.clock.now() + timedelta(hours=22))
    await run(staff)
    assert sorted(told(staff, "есік")) == [1, 2, 3]


async def test_the_unreached_come_as_a_file(staff: Parent) -> None:
    await factories.application(staff.desk.db, staff.desk.clock.now(), 4)
    await write(staff)
    await confirmed(staff)
    await run(staff)
    await tap(staff, "List of the unreached")
    [sent] = [c for c in staff.telegram.calls if isinstance(c, SendDocument)]
    text = sent.document.data.decode("utf-8-sig")  # type: ignore[union-attr]
    assert "ОДО.2026.4" in text
    assert "Parent 4" in text
    assert "ОДО.2026.2" not in text


async def test_a_parent_may_mute_informational_ones(staff: Parent) -> None:
    """By the button under one, and back again among their data. A statutory one has none."""
    await write(staff)
    await confirmed(staff)
    await run(staff)
    await tap(staff, "🔕 Don't send such messages")
    hushed = staff.telegram.toasts[-1]
    assert KK.plain("My data") in hushed
    moment = staff.core.clock.now()
    member = await member_of(staff)
    counted = await staff.core.broadcasts.count(member, 1)
    assert (counted.muted, counted.recipients) == (1, 2)
    await staff.say("/mydata")
    await tap(staff, "🔔 Get informational messages")
    assert (await staff.core.broadcasts.count(member, 1)).muted == 0
    draft = await staff.core.broadcasts.draft(member, moment)
    draft = await staff.core.broadcasts.change(
        member, draft.id, content=Content({"kk": "Заң"}), kind=Kind.STATUTORY, audience=Audience()
    )
    await staff.core.broadcasts.start(member, draft.id, draft.version, moment)
    await run(staff)
    [mine] = [
        call
        for call in staff.telegram.calls
        if isinstance(call, SendMessage) and call.text == "Заң" and call.chat_id == 1
    ]
    assert mine.reply_markup is None


async def test_what_was_muted_on_the_way_is_not_sent(staff: Parent) -> None:
    await write(staff)
    await confirmed(staff)
    await staff.core.visitors.mute(2, True, staff.core.clock.now())
    await run(staff)
    assert sorted(told(staff, "есік")) == [1, 3]


async def test_who_is_no_longer_of_staff_is_shown_nothing_more(staff: Parent) -> None:
    await write(staff)
    await confirmed(staff)
    member = await member_of(staff)
    await staff.core.staff.revoke(member.id, by=None, moment=staff.core.clock.now())
    before = len(staff.telegram.texts)
    await run(staff)
    assert len(told(staff, "есік")) == 3
    assert not any("№1" in text for text in staff.telegram.texts[before:])
