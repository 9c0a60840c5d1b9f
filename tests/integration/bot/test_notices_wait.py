"""A notice that waits for its reader goes out when they are back, however close it was."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from bot.outgoing.gate import ChatGone
from bot.outgoing.notices import NoticeWorker
from core.identity.rules import Iin, Phone
from core.login.values import Entered
from core.notices import service
from core.notices.tables import NoticeRecord
from tests import factories
from tests.integration.bot.conftest import IIN, PHONE, Parent


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
        return (await session.scalars(select(NoticeRecord.state))).one()


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


async def test_whoever_enters_gets_what_waited(owed: Parent) -> None:
    assert await owed.core.notices.claim(owed.desk.clock.now()) == []
    assert await state(owed) == "waiting"
    await enter_again(owed)
    assert await state(owed) == "pending"


async def test_whoever_enters_while_the_worker_looks_for_their_chat_is_told(
    owed: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, go_on = asyncio.Event(), asyncio.Event()
    look = service._chats

    async def slowly(*asked: Any) -> Any:
        found = await look(*asked)
        looked.set()
        await go_on.wait()
        return found

    monkeypatch.setattr(service, "_chats", slowly)
    async with asyncio.TaskGroup() as group:
        group.create_task(owed.core.notices.claim(owed.desk.clock.now()))
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
    gate = owed.telegram.gate

    async def refuse(*_: Any) -> int:
        raise ChatGone

    monkeypatch.setattr(gate, "send", refuse)
    unreachable = owed.core.notices.unreachable

    async def after_a_tap(*asked: Any) -> None:
        await owed.core.visitors.mark_blocked(owed.id, None)
        await unreachable(*asked)

    monkeypatch.setattr(owed.core.notices, "unreachable", after_a_tap)
    await NoticeWorker(owed.core, gate).run_once()
    assert await state(owed) == "waiting"
    await owed.say("/menu")
    assert await state(owed) == "pending"
