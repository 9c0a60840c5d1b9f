"""The link of an SMS: it tells that the SMS was read, leads to entering, and opens nothing."""

import pytest
from sqlalchemy import select

from core.notices.plan import Channel
from core.notices.tables import NoticeRecord
from core.notices.values import State
from tests import factories
from tests.integration.bot.acting import seen
from tests.integration.bot.conftest import Parent


@pytest.fixture
async def texted(parent: Parent) -> Parent:
    """A parent who has never met the bot, and has had the SMS of their voucher."""
    now = parent.desk.clock.now()
    await factories.application(parent.desk.db, now)
    await parent.core.applications.issue_voucher("ОДО.2026.1", actor="portal", moment=now)
    async with parent.desk.db.write() as session:
        record = await _sms(parent)
        record = await session.get_one(NoticeRecord, record.id)
        record.state, record.sent_at, record.due_at = State.SENT, now, None
    return parent


async def _sms(parent: Parent) -> NoticeRecord:
    async with parent.desk.db.read() as session:
        found = await session.scalars(
            select(NoticeRecord).where(NoticeRecord.channel == Channel.SMS)
        )
        return found.one()


async def test_whoever_comes_by_the_link_is_told_what_waits_and_has_read_the_sms(
    texted: Parent,
) -> None:
    await texted.say(f"/start {(await _sms(texted)).token}")
    greeting, question = texted.telegram.texts
    assert "Өтінішіңіз туралы хабарлама сізді күтіп тұр" in greeting
    assert "Тілді таңдаңыз" in question
    sms = await _sms(texted)
    assert (sms.state, sms.seen_at) == (State.SEEN, texted.desk.clock.now())


@pytest.mark.parametrize("opened", [True, False])
async def test_nobody_who_has_opened_the_link_is_called(texted: Parent, opened: bool) -> None:
    token = (await _sms(texted)).token
    await texted.say(f"/start {token}" if opened else "/start")
    async with texted.desk.db.read() as session:
        call = (
            await session.scalars(select(NoticeRecord).where(NoticeRecord.channel == Channel.CALL))
        ).one()
    assert call.due_at is not None
    texted.desk.clock.move(call.due_at)
    await texted.core.sweep.run(call.due_at)
    assert len(await texted.core.calls.listed(call.due_at)) == (0 if opened else 1)


async def test_the_link_is_no_key(texted: Parent) -> None:
    """An SMS passes through many hands: nothing is told of the child, and nothing opened."""
    token = (await _sms(texted)).token
    await texted.say(f"/start {token}")
    await texted.tap("Қазақша")
    await texted.tap("Көкшетау қаласы")
    assert not any("Child1" in text or "ОДО" in text for text in texted.telegram.texts)
    visitor = await texted.core.visitors.load(texted.id, texted.desk.clock.now())
    assert visitor.person is None
    assert not visitor.session


async def test_whoever_is_in_session_sees_the_application_at_once(texted: Parent) -> None:
    await texted.enter()
    shown = len(texted.telegram.texts)
    await texted.say(f"/start {(await _sms(texted)).token}")
    assert len(texted.telegram.texts) == shown + 1
    assert "Кезегіңіз келді, ваучер берілді" in seen(texted)


@pytest.mark.parametrize(
    "payload", ["AAAAAAAAAAAA", "a" * 64, "a" * 65, "' OR 1=1", "ОДО.2026.1", "a b", "\x00"]
)
async def test_a_link_that_nobody_made_is_a_plain_start(texted: Parent, payload: str) -> None:
    await texted.say(f"/start {payload}")
    assert texted.telegram.texts == [seen(texted)]
    assert "Тілді таңдаңыз" in seen(texted)
    assert (await _sms(texted)).seen_at is None
