"""So many codes are handed to gateways at a time, whatever hangs."""

import asyncio

import pytest

from core.sms.port import Answer, Sms
from tests.integration.codes.conftest import Desk
from tests.integration.codes.test_delivery import hold_back


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three codes at a time."""
    monkeypatch.setattr("core.codes.rules.AT_ONCE", 3)


async def test_a_gateway_that_hangs_is_not_flooded(
    few: None, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    came, through = hold_back(desk, monkeypatch)
    at_the_gateway, most, send = 0, 0, desk.inbox.send

    async def counted(sms: Sms) -> Answer:
        nonlocal at_the_gateway, most
        at_the_gateway += 1
        most = max(most, at_the_gateway)
        answer = await send(sms)
        at_the_gateway -= 1
        return answer

    monkeypatch.setattr(desk.inbox, "send", counted)
    ids = [await desk.ask(target_id=n, chat_id=n, iin=f"87051530{n:04}") for n in range(1, 8)]
    async with asyncio.TaskGroup() as group:
        sent = [group.create_task(desk.codes.deliver(code_id)) for code_id in ids]
        await came.wait()
        await asyncio.sleep(0.2)
        assert await desk.codes.due(desk.clock.now()) == []  # all of them are here already
        through.set()
    assert all(task.result() for task in sent)
    assert most == 3
