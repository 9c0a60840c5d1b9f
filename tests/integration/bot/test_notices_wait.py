"""A notice that waits for its reader goes out when they are back, however close it was."""

import asyncio
from typing import Any

import pytest
from aiogram.exceptions import TelegramForbiddenError
from aiogram.methods import SendMessage
from sqlalchemy import select

from core.identity.rules import Iin, Phone
from core.login.values import Entered
from core.notices.plan import Channel, Lane
from core.notices.readers import readers_of
from core.notices.tables import NoticeRecord
from core.notices.values import Notice
from tests import factories
from tests.integration.bot.conftest import IIN, PHONE, Parent
from tests.integration.bot.posting import working


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Who waits for whom does depend on the database."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def owed(parent: Parent) -> Parent:
    """A parent with an application, who has logged out and is owed a voucher's notice."""
    now = parent.desk.clock.now()
    await factories.application(parent.desk.db, now)
    await parent.enter()
    await parent.core.login.log_out(parent.id, now)
    await parent.core.applications.issue_voucher("ОДО.2026.1", actor="portal", moment=now)
    return parent


async def state(parent: Parent) -> str:
    async with parent.desk.db.read() as session:
        theirs = NoticeRecord.channel == "telegram", NoticeRecord.kind == "voucher_issued"
        return (await session.scalars(select(NoticeRecord.state).where(*theirs))).one()


async def enter_again(parent: Parent) -> None:
    """Without the chat's screens."""
    core, now = parent.core, parent.desk.clock.now()
    asked = await core.login.begin(
        parent.id, Iin(IIN), Phone(PHONE), by_contact=True, language="kk", moment=now
    )
    await core.codes.deliver(asked.code_id)
    digits = parent.desk.pocket.newest_code
    entered = await core.login.enter(parent.id, asked.attempt_id, digits, now, "again")
    assert isinstance(entered, Entered)


async def claim(parent: Parent) -> list[Notice]:
    now = parent.desk.clock.now()
    return await parent.core.notices.claim(now, Channel.TELEGRAM, Lane.VOUCHER)


async def test_whoever_enters_gets_what_waited(owed: Parent) -> None:
    assert await claim(owed) == []
    assert await state(owed) == "undeliverable"
    await enter_again(owed)
    assert await state(owed) == "pending"


async def test_whoever_enters_while_the_worker_looks_for_their_chat_is_told(
    owed: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(*asked: Any) -> Any:
        found = await readers_of(*asked)
        looked.set()
        await go_on.wait()
        return found

    monkeypatch.setattr("core.notices.outbox.readers_of", slowly)
    async with asyncio.TaskGroup() as group:
        group.create_task(claim(owed))
        await looked.wait()
        entering = group.create_task(enter_again(owed))
        await asyncio.wait([entering], timeout=0.5)
        go_on.set()
    assert await state(owed) == "pending"


async def test_whoever_comes_back_while_the_worker_notes_that_they_are_gone_is_told(
    owed: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They blocked the bot, and tap the moment the refusal is being written down."""
    await enter_again(owed)
    owed.telegram.refusals.append(
        TelegramForbiddenError(
            SendMessage(chat_id=owed.id, text=""), "Forbidden: bot was blocked by the user"
        )
    )
    record = owed.core.notices.record

    async def after_a_tap(*asked: Any) -> None:
        monkeypatch.setattr(owed.core.notices, "record", record)
        await owed.core.visitors.mark_back(owed.id, owed.desk.clock.now())
        await record(*asked)

    monkeypatch.setattr(owed.core.notices, "record", after_a_tap)
    async with working(owed) as post:
        await post.send()
    assert await state(owed) == "pending"
