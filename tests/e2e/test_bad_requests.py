"""What comes to our own doors: updates and events that nobody should send, and an outage."""

import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy.engine import make_url
from structlog.testing import capture_logs

from bot.bodies import BODY_LIMIT
from tests.e2e.player import Desk
from tests.e2e.watching import everything, house_of, nothing_changes

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
USER = {"id": 1001, "is_bot": False, "first_name": "Айнұр", "language_code": "en"}
PRIVATE = {"id": 1001, "type": "private", "first_name": "Айнұр"}
GROUP = {"id": -5, "type": "group", "title": "Parents"}
MESSAGE: dict[str, Any] = {"message_id": 7, "date": 0, "chat": PRIVATE, "from": USER}
NO_UPDATES = (
    b"",
    b"not JSON",
    b"\xff\xfe",
    b"null",
    b"[]",
    b"{}",
    b"[" * 100_000,
    b'{"update_id": "one"}',
    b'{"update_id": 1, "message": {}}',
    b'{"update_id": 1, "message": "text"}',
    b'{"update_id": 1, "callback_query": {"id": 1}}',
    b'{"update_id": 1' + b"0" * 5_000 + b"}",
)
NOT_OURS: tuple[dict[str, Any], ...] = (
    {},
    {"brand_new_kind": {"from": USER}},
    {"edited_message": {**MESSAGE, "text": "/menu", "edit_date": 1}},
    {"channel_post": {**MESSAGE, "chat": {"id": -7, "type": "channel", "title": "c"}}},
    {"inline_query": {"id": "1", "from": USER, "query": "q", "offset": ""}},
    {"message": {"message_id": 7, "date": 0, "chat": PRIVATE, "text": "from nobody"}},
    {"message": {**MESSAGE, "chat": GROUP, "text": "hello"}},
)
"""Updates that are well formed, and none of this bot's business."""


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    """One database is enough, but for an outage."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


async def update(desk: Desk, body: bytes | dict[str, Any], secret: str | None = None) -> int:
    """Post to the webhook, under its own secret if no other is given; the status."""
    own = house_of(desk).settings.webhook_secret.get_secret_value()
    data = body if isinstance(body, bytes) else json.dumps({"update_id": 900, **body}).encode()
    headers = {SECRET_HEADER: own if secret is None else secret}
    async with desk.http.post("/telegram/webhook", data=data, headers=headers) as response:
        return response.status


async def event(desk: Desk, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Post to the portal's door; the status and the words."""
    own = {**signed(desk, body), **(headers or {})}
    async with desk.http.post("/portal/events", data=body, headers=own) as response:
        return response.status, await response.text()


def signed(desk: Desk, body: bytes, seconds: int = 0) -> dict[str, str]:
    """The portal's headers, of so many seconds from now."""
    house = house_of(desk)
    timestamp = str(int(house.core.clock.now().timestamp()) + seconds)
    key = house.settings.portal_secret.get_secret_value().encode()
    signature = hmac.new(key, timestamp.encode() + b"." + body, sha256).hexdigest()
    return {"X-Timestamp": timestamp, "X-Signature": signature}


def voucher(**changes: Any) -> bytes:
    """The portal's event, with some of its fields changed; those set to None are left out."""
    body = {
        "id": "event-1",
        "type": "voucher.issue",
        "at": "2026-04-07T11:30:00+05:00",
        "data": {"registration_number": "ОДО.2026.248"},
        **changes,
    }
    return json.dumps({key: value for key, value in body.items() if value is not None}).encode()


async def calls(desk: Desk) -> list[dict[str, Any]]:
    """What the bot has asked of Telegram."""
    made: list[dict[str, Any]] = await desk.get("/sim/calls")
    return made


async def test_what_can_never_be_an_update_is_taken_and_forgotten(desk: Desk) -> None:
    """200, or Telegram would bring it for ever; the next update is answered as ever."""
    before = len(await calls(desk))
    async with nothing_changes(desk):
        for body in NO_UPDATES:
            assert await update(desk, body) == 200
        for content in NOT_OURS:
            assert await update(desk, content) == 200
    assert len(await calls(desk)) == before
    ordinary = {**MESSAGE, "text": "/start", "brand_new_field": {"deep": [1]}}
    assert await update(desk, {"message": ordinary, "brand_new_field": 1}) == 200
    assert [call["method"] for call in (await calls(desk))[before:]] == ["sendMessage"]


async def test_only_telegram_knows_the_secret(desk: Desk) -> None:
    before = len(await calls(desk))
    too_long = b"x" * (BODY_LIMIT + 1)
    async with nothing_changes(desk):
        for secret in ("", "wrong", "құпия"):
            assert await update(desk, {"message": {**MESSAGE, "text": "/start"}}, secret) == 403
            assert await update(desk, too_long, secret) == 403
        assert await update(desk, too_long) == 413
        async with desk.http.post("/telegram/webhook", json={"update_id": 1}) as response:
            assert response.status == 403
    assert len(await calls(desk)) == before


async def test_groups_are_told_to_write_in_private(desk: Desk) -> None:
    """And only when the bot is meant; a button that was forwarded there does nothing."""
    press = {"id": "5", "from": USER, "chat_instance": "c", "data": "j"}
    member = {"user": {**USER, "id": 1, "is_bot": True}, "status": "member"}
    added = {"new_chat_member": member, "old_chat_member": {**member, "status": "left"}}
    before = len(await calls(desk))
    async with nothing_changes(desk):
        await update(desk, {"message": {**MESSAGE, "chat": GROUP, "text": "/menu"}})
        await update(desk, {"my_chat_member": {"chat": GROUP, "from": USER, "date": 0, **added}})
        message = {**MESSAGE, "chat": GROUP, "from": member["user"], "text": "x"}
        await update(desk, {"callback_query": {**press, "message": message}})
    made = (await calls(desk))[before:]
    assert [call["method"] for call in made] == [
        "sendMessage",
        "sendMessage",
        "answerCallbackQuery",
    ]
    assert "private" in made[0]["params"]["text"]


async def test_events_that_the_portal_did_not_sign_just_now(desk: Desk) -> None:
    """Whoever overhears one cannot send another, or the same one much later."""
    forged = [
        {"X-Signature": "0" * 64},
        {"X-Signature": ""},
        {"X-Signature": "қол"},
        {"X-Timestamp": ""},
        {"X-Timestamp": "-1"},
        {"X-Timestamp": "9" * 400},
        {"X-Timestamp": "1775543401"},
        signed(desk, voucher(id="event-2")),
        signed(desk, voucher(), seconds=-301),
        signed(desk, voucher(), seconds=301),
    ]
    async with nothing_changes(desk):
        for headers in forged:
            status, said = await event(desk, voucher(), headers)
            assert (status, "detail" in json.loads(said)) == (401, True)
        assert (await event(desk, b"x" * (BODY_LIMIT + 1)))[0] == 413


async def test_events_that_make_no_sense(desk: Desk) -> None:
    """Told what is wrong with them, and never what they said."""
    senseless = {
        b"": 422,
        b"not JSON": 422,
        b"[]": 422,
        b"\xff": 422,
        voucher(type="voucher.recall"): 422,
        voucher(type=None): 422,
        voucher(id=None): 422,
        voucher(id=""): 422,
        voucher(id="x" * 65): 422,
        voucher(at=None): 422,
        voucher(at="2026-04-07T11:30:00"): 422,
        voucher(at="yesterday"): 422,
        voucher(data=None): 422,
        voucher(data=[]): 422,
        voucher(data={}): 422,
        voucher(data={"registration_number": ""}): 422,
        voucher(data={"registration_number": 248}): 422,
        voucher(data={"registration_number": "9" * 41}): 422,
        voucher(data={"registration_number": "ОДО.2026.999999"}): 404,
        voucher(data={"registration_number": "ОДО.2026.248\x00"}): 422,
    }
    async with nothing_changes(desk):
        for body, status in senseless.items():
            answer = await event(desk, body)
            assert answer[0] == status, (body, answer)
            assert "ОДО" not in answer[1]


async def test_an_event_counts_once(desk: Desk) -> None:
    """The same id again: the same answer. Another id for the same voucher: refused."""
    first = await event(desk, voucher(), signed(desk, voucher(), seconds=-299))
    assert first[0] == 200
    async with nothing_changes(desk):
        assert await event(desk, voucher(brand_new_field=1)) == first
        assert (await event(desk, voucher(id="event-2")))[0] == 409


@asynccontextmanager
async def outage(desk: Desk, server: str) -> AsyncIterator[None]:
    """PostgreSQL lets nobody into our database, and throws out who is in it."""
    name = make_url(house_of(desk).settings.database_url).database
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
        )
        yield
    finally:
        await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await connection.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_an_outage_of_the_database(desk: Desk, postgresql: str) -> None:
    """503 for what should come again, and for nothing else; then all goes on."""
    menu = {"message": {**MESSAGE, "text": "/start"}}
    database = house_of(desk).core.db
    before, made = await everything(database), len(await calls(desk))
    with capture_logs():
        async with outage(desk, postgresql):
            assert await update(desk, menu) == 503
            assert (await event(desk, voucher()))[0] == 503
            assert await ready(desk) == 503
            assert await update(desk, menu, "wrong") == 403
            assert await update(desk, b"not JSON") == 200
            assert (await event(desk, voucher(), {"X-Signature": ""}))[0] == 401
    assert len(await calls(desk)) == made
    assert await everything(database) == before
    assert await ready(desk) == 200
    assert await update(desk, menu) == 200
    assert len(await calls(desk)) == made + 1
    assert (await event(desk, voucher()))[0] == 200


async def ready(desk: Desk) -> int:
    async with desk.http.get("/health/ready") as response:
        return response.status
