"""A gateway that hangs holds up no tap for long, and the code comes all the same."""

import asyncio
from datetime import datetime, timedelta
from unittest.mock import AsyncMock

import pytest

from bot.outgoing import code_post
from core.applications.rules import Status
from core.clock import ALMATY
from core.db.engine import DatabaseDown
from core.sms.port import Sms, Unknown
from tests import factories
from tests.integration.bot.acting import card, sign, with_voucher
from tests.integration.bot.conftest import IIN, PHONE, Parent
from tests.integration.bot.posting import working

BOUND = 20
"""Seconds, on the slowest machine."""


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_post, "SOON", 0.05)


async def test_who_enters_is_told_that_the_code_comes_by_itself(parent: Parent) -> None:
    await factories.application(parent.desk.db, parent.desk.clock.now())
    parent.desk.pocket.answers.clear()
    async with asyncio.timeout(BOUND):
        await _ask_to_enter(parent)
    assert "SMS кешігіп жатыр" in await parent.seen()
    assert parent.desk.pocket.messages == []
    await _answers_again(parent)
    assert len(parent.desk.pocket.messages) == 1
    await parent.say(parent.desk.pocket.newest_code)
    assert "ОДО.2026.1" in await parent.seen()


async def test_one_that_takes_all_and_never_says_so_sends_a_notice_a_few_times_only(
    parent: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second one after a minute, as none may have come; then one in three hours of the day."""
    desk, sent = parent.desk, list[datetime]()

    async def taken(sms: Sms) -> Unknown:
        sent.append(desk.clock.now())
        return Unknown()

    monkeypatch.setattr(desk.pocket, "send", taken)
    monkeypatch.setattr(desk.pocket, "status", AsyncMock(return_value=Unknown()))
    began = desk.clock.now()
    await factories.application(desk.db, began, 1, applicant=1)
    await parent.core.applications.issue_voucher("ОДО.2026.1", actor="portal", moment=began)
    end = datetime(2026, 4, 9, 12, tzinfo=ALMATY)
    async with working(parent) as post:
        while desk.clock.now() < end:
            due = await post.worker.settle()
            desk.clock.move(max(due or end, desk.clock.now() + timedelta(seconds=1)))
    assert timedelta(minutes=1) <= sent[1] - sent[0] <= timedelta(minutes=3)
    assert 5 <= len(sent) <= 12


async def test_a_press_counts_and_is_signed_when_the_code_has_come(parent: Parent) -> None:
    await with_voucher(parent)
    parent.desk.pocket.answers.clear()
    async with asyncio.timeout(BOUND):
        await parent.tap("✅ Растау")
    assert "SMS кешігіп жатыр" in await parent.seen()
    await _answers_again(parent)
    await sign(parent)
    assert (await card(parent)).status is Status.VOUCHER_ISSUED


async def test_a_gateway_that_answers_is_waited_for(parent: Parent) -> None:
    await _ask_to_enter(parent)
    assert "Код жіберілген" in await parent.seen()


async def test_a_database_that_is_down_is_said_to_be(
    parent: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(code_id: int) -> bool:
        raise DatabaseDown

    monkeypatch.setattr(parent.core.codes, "deliver", down)
    with pytest.raises(DatabaseDown):
        await _ask_to_enter(parent)


async def _ask_to_enter(parent: Parent) -> None:
    await parent.say("/start")
    for label in ("Қазақша", "Көкшетау қаласы", "Кіру", "Келісемін"):
        await parent.tap(label)
    await parent.share(PHONE)
    await parent.say(IIN)


async def _answers_again(parent: Parent) -> None:
    parent.desk.pocket.answers.set()
    await parent.dispatcher["nursery"].settled()
