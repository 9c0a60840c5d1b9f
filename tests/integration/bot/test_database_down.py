"""A database that is down takes no press away: it is done later, as of its own moment (D8)."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from aiogram.types import Update
from fastapi import FastAPI
from sqlalchemy import select

from bot.dispatcher import build_dispatcher
from bot.outgoing.gate import Gate
from bot.outgoing.pace import Pacer
from core.applications.rules import Status
from core.clock import ALMATY
from core.db.engine import DatabaseDown
from core.signing.tables import SigningRequestRecord
from tests.integration.bot.acting import card, sign, travel, with_voucher
from tests.integration.bot.conftest import FACTS, Parent
from webhook import router

SECRET = "of-the-webhook"
JUST_IN_TIME = datetime(2026, 4, 9, 23, 59, 59, tzinfo=ALMATY)


def down_for(monkeypatch: pytest.MonkeyPatch, parent: Parent, times: int) -> None:
    """The database fails that many looks at who is there."""
    load: Callable[..., Any] = parent.core.visitors.load
    left = [times]

    async def failing(*asked: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise DatabaseDown
        return await load(*asked)

    monkeypatch.setattr(parent.core.visitors, "load", failing)


def pressing_confirm(parent: Parent) -> dict[str, Any]:
    """The update of a press on the newest Confirm."""
    message_id, button = parent.telegram.message_with("✅ Растау")
    query = {
        "id": "7",
        "from": {"id": 1, "is_bot": False, "first_name": "A"},
        "chat_instance": "c",
        "data": button.callback_data,
        "message": {
            "message_id": message_id,
            "date": 0,
            "chat": {"id": 1, "type": "private", "first_name": "A"},
        },
    }
    return {"update_id": 999, "callback_query": query}


async def post(parent: Parent, held_up: dict[int, datetime], update: dict[str, Any]) -> int:
    """Hand an update to the webhook; the status of its answer."""
    app = FastAPI()
    app.include_router(router)
    app.state.house = SimpleNamespace(
        core=parent.core,
        bot=parent.telegram.bot,
        dispatcher=parent.dispatcher,
        settings=SimpleNamespace(webhook_secrets=(SECRET,)),
        held_up=held_up,
        lines=None,
    )
    answered: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(update).encode(), "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answered.append(message["status"])

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/telegram/webhook",
        "query_string": b"",
        "headers": [(b"x-telegram-bot-api-secret-token", SECRET.encode())],
    }
    await app(scope, receive, send)
    return answered[0]


async def reserved(parent: Parent) -> list[datetime]:
    """The moments of the presses that are reserved."""
    async with parent.desk.db.read() as session:
        return list(await session.scalars(select(SigningRequestRecord.pressed_at)))


async def test_a_press_that_is_brought_again_keeps_its_first_moment(
    parent: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503, so that Telegram brings it again; by then it is past midnight."""
    await with_voucher(parent)
    await travel(parent, JUST_IN_TIME)
    down_for(monkeypatch, parent, times=1)
    update, held_up = pressing_confirm(parent), dict[int, datetime]()
    assert await post(parent, held_up, update) == 503
    await travel(parent, JUST_IN_TIME + timedelta(seconds=6))
    assert await post(parent, held_up, update) == 200
    assert await reserved(parent) == [JUST_IN_TIME]
    assert held_up == {}
    await sign(parent)
    assert (await card(parent)).status is Status.VOUCHER_ISSUED


async def test_by_polling_the_update_waits_for_the_database(
    parent: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram brings nothing twice to long polling."""
    await with_voucher(parent)
    await travel(parent, JUST_IN_TIME)
    down_for(monkeypatch, parent, times=3)
    bot = parent.telegram.bot
    gate, nursery = Gate(bot, Pacer(1000, 1000)), parent.dispatcher["nursery"]
    patient = build_dispatcher(parent.core, gate, FACTS, nursery, pauses=(0, 0, 0))
    await patient.feed_update(bot, Update.model_validate(pressing_confirm(parent)))
    assert await reserved(parent) == [JUST_IN_TIME]


async def test_what_the_end_of_a_process_cuts_off_comes_again_and_counts_from_its_moment(
    parent: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_voucher(parent)
    await travel(parent, JUST_IN_TIME)
    held_up: dict[int, datetime] = {}
    begun = asyncio.Event()

    async def hanging(*_: Any) -> None:
        begun.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(parent.core.visitors, "load", hanging)
        async with asyncio.TaskGroup() as group:
            answer = group.create_task(post(parent, held_up, pressing_confirm(parent)))
            await begun.wait()
            answer.cancel()  # as uvicorn does
    assert answer.result() == 503
    assert held_up == {999: JUST_IN_TIME}
