"""The worker of notices: sent once, in the reader's language, and never lost."""

from datetime import timedelta

import pytest
from aiogram.exceptions import TelegramForbiddenError, TelegramNetworkError
from aiogram.methods import SendMessage
from sqlalchemy import select

from bot.outgoing.notices import NoticeWorker
from core.login.tables import PersonRecord
from core.notices.tables import NoticeRecord
from tests import factories
from tests.integration.bot.acting import seen
from tests.integration.bot.conftest import Parent


@pytest.fixture
async def owed(parent: Parent) -> Parent:
    """A parent who has entered, and is owed the notice of a voucher."""
    now = parent.desk.clock.now()
    await factories.application(parent.desk.db, now)
    await parent.enter()
    await parent.core.applications.issue_voucher("ОДО.2026.1", actor="portal", moment=now)
    return parent


def worker(parent: Parent) -> NoticeWorker:
    return NoticeWorker(parent.core, parent.telegram.gate)


async def states(parent: Parent) -> list[str]:
    async with parent.desk.db.read() as session:
        return list(await session.scalars(select(NoticeRecord.state).order_by(NoticeRecord.id)))


async def test_a_notice_is_sent_once_and_can_be_answered(owed: Parent) -> None:
    """R6."""
    assert await worker(owed).run_once() == 1
    assert await worker(owed).run_once() == 0
    assert "Кезегіңіз келді, ваучер берілді" in seen(owed)
    assert await states(owed) == ["sent"]
    await owed.tap("✅ Растау")
    await owed.say(owed.desk.pocket.newest_code)
    assert "Қызығушылық расталды" in seen(owed)


async def test_a_notice_speaks_the_language_of_the_moment(owed: Parent) -> None:
    await owed.core.visitors.choose_language(owed.id, "ru", owed.desk.clock.now())
    await worker(owed).run_once()
    assert "Подошла очередь, выдан ваучер" in seen(owed)


async def test_what_does_not_go_through_comes_again_after_a_pause(owed: Parent) -> None:
    method = SendMessage(chat_id=owed.id, text="")
    owed.telegram.refusals.append(TelegramNetworkError(method, "reset"))
    await worker(owed).run_once()
    assert await states(owed) == ["pending"]
    assert await worker(owed).run_once() == 0
    owed.desk.clock.move(owed.desk.clock.now() + timedelta(minutes=1))
    await worker(owed).run_once()
    assert await states(owed) == ["sent"]


async def test_a_blocked_chat_keeps_its_notice_waiting(owed: Parent) -> None:
    method = SendMessage(chat_id=owed.id, text="")
    owed.telegram.refusals.append(
        TelegramForbiddenError(method, "Forbidden: bot was blocked by the user")
    )
    await worker(owed).run_once()
    assert await states(owed) == ["waiting"]
    assert (await owed.core.visitors.load(owed.id, owed.desk.clock.now())).blocked


async def test_a_notice_that_is_answered_already_is_not_sent(owed: Parent) -> None:
    visitor = await owed.core.visitors.load(owed.id, owed.desk.clock.now())
    assert visitor.person is not None
    shown = len(owed.telegram.texts)
    await owed.tap("Менің өтініштерім")
    await owed.tap("✅ Растау")
    await owed.say(owed.desk.pocket.newest_code)
    before = len(owed.telegram.texts)
    assert before > shown
    await worker(owed).run_once()
    assert len(owed.telegram.texts) == before
    assert await states(owed) == ["cancelled"]


async def test_a_person_who_cannot_be_read_holds_up_nobody_else(owed: Parent) -> None:
    """A newer plan of numbers may know their phone no more."""
    now = owed.desk.clock.now()
    await factories.parent(owed.desk.db, now, number=2)
    await factories.application(owed.desk.db, now, number=2)
    await owed.core.applications.issue_voucher("ОДО.2026.2", actor="portal", moment=now)
    async with owed.desk.db.write() as session:
        (await session.get_one(PersonRecord, 2)).phone = "+77"
    assert await worker(owed).run_once() == 1
    assert await states(owed) == ["sent", "waiting"]


async def test_one_notice_that_fails_does_not_hold_up_another_chats(owed: Parent) -> None:
    now = owed.desk.clock.now()
    await factories.parent(owed.desk.db, now, number=2)
    await factories.application(owed.desk.db, now, number=2)
    await owed.core.applications.issue_voucher("ОДО.2026.2", actor="portal", moment=now)
    method = SendMessage(chat_id=owed.id, text="")
    owed.telegram.refusals.append(TelegramNetworkError(method, "reset"))
    assert await worker(owed).run_once() == 2
    assert sorted(await states(owed)) == ["pending", "sent"]
