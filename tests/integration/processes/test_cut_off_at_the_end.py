"""What a server that ends cuts off is answered 503, at each of its doors, and comes again."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg  # type: ignore[import-untyped]

from bot.portal.examples import EVENTS
from core.portal.signature import sign
from tests.e2e.processes import PATIENCE, answers, free_port, serving, settings_of

TO_THE_WEBHOOK: dict[str, Any] = {
    "url": "/telegram/webhook",
    "headers": {"X-Telegram-Bot-Api-Secret-Token": "of-the-webhook"},
}
UPDATE = {
    "update_id": 31,
    "message": {
        "message_id": 1,
        "date": 0,
        "chat": {"id": 7, "type": "private", "first_name": "A"},
        "from": {"id": 7, "is_bot": False, "first_name": "A"},
        "text": "/start",
    },
}
EVENT = json.dumps(EVENTS["citizen.put"]).encode()
EACH_NEEDS = "chats, portal_events, sms_messages"
"""A table for each door: what comes there is in hand for as long as somebody else has it."""
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def requests() -> list[dict[str, Any]]:
    """One for each door."""
    now = str(int(time.time()))
    signed = {"X-Timestamp": now, "X-Signature": sign("portal", now, EVENT)}
    told = {"id": "1", "phone": "77010000101", "status": "1", "err": "0"}
    hashed = sha1(b"1:77010000101:1:of-smsc", usedforsecurity=False).hexdigest()
    return [
        TO_THE_WEBHOOK | {"json": UPDATE},
        {"url": "/portal/events", "data": EVENT, "headers": signed},
        {"url": "/sms/smsc/receipt/of-smsc", "data": told | {"sha1": hashed}},
    ]


async def status(http: aiohttp.ClientSession, **request: Any) -> int:
    async with http.post(**request) as answer:
        await answer.read()
        return answer.status


async def test_every_caller_is_told_to_come_again_and_a_press_keeps_its_moment(
    tmp_path: Path, postgresql_url: str
) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    settings = settings_of(tmp_path, "http://127.0.0.1:1", port) | {
        "DATABASE_URL": postgresql_url,
        "WEBHOOK_URL": "https://bot.example",
        "WEBHOOK_SECRET": "of-the-webhook",
        "SMSC_SECRET": "of-smsc",
    }
    begun = asyncio.Event()

    async def never_ending() -> AsyncIterator[bytes]:
        yield b"{"
        begun.set()
        await asyncio.Event().wait()

    other = await asyncpg.connect(postgresql_url)
    async with (
        aiohttp.ClientSession(base, timeout=aiohttp.ClientTimeout(PATIENCE)) as http,
        asyncio.timeout(PATIENCE),
        asyncio.TaskGroup() as group,
        serving("bot", "serve", folder=tmp_path, **settings),
    ):
        await answers(http, f"{base}/health/ready")
        holding = other.transaction()
        await holding.start()
        await other.execute(f"LOCK TABLE {EACH_NEEDS}")
        came = datetime.now(UTC)
        sent = [*requests(), TO_THE_WEBHOOK | {"data": never_ending()}]
        asked = [group.create_task(status(http, **request)) for request in sent]
        await begun.wait()
        while await other.fetchval(WAITING) < 3:  # noqa: ASYNC110 no bell rings in PostgreSQL
            await asyncio.sleep(0.05)
        in_hand = datetime.now(UTC)
    assert [answer.result() for answer in asked] == [503] * 4
    await holding.rollback()
    [[update, moment]] = await other.fetch("SELECT update_id, moment FROM arrivals")
    await other.close()
    assert update == UPDATE["update_id"]
    assert came <= moment <= in_hand
