"""Receipts over real HTTP: who is let in at their door, and what the desk's gateways tell."""

import asyncio
from hashlib import sha1
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.bodies import BODY_LIMIT
from core.sms.tables import ReceiptRecord, SmsRecord
from tests.e2e.player import Desk
from tests.e2e.watching import house_of

PHONE = "77758759999"


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    """One database is enough: the inbox itself is tested on both."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def secret(desk: Desk, gateway: str = "smsc") -> str:
    return house_of(desk).settings.receipt_secrets(gateway)[0]


def signed(desk: Desk, sms_id: int, status: int = 1) -> dict[str, str]:
    """SMSC's form."""
    told = f"{sms_id}:{PHONE}:{status}:{secret(desk)}".encode()
    fields = {"id": str(sms_id), "phone": PHONE, "status": str(status), "err": "0"}
    return fields | {"sha1": sha1(told, usedforsecurity=False).hexdigest()}


async def call(desk: Desk, path: str = "", *, method: str = "POST", **content: Any) -> int:
    """Call SMSC's door, or that of `path`; the status."""
    path = path or f"smsc/receipt/{secret(desk)}"
    async with desk.http.request(method, f"/sms/{path}", **content) as response:
        await response.read()
        return response.status


async def message(desk: Desk) -> int:
    """A message that SMSC has taken, of the bot's database."""
    house = house_of(desk)
    now = house.core.clock.now()
    record = SmsRecord(
        purpose="voucher",
        phone=f"+{PHONE}",
        segments=1,
        state="accepted",
        gateway="smsc",
        created_at=now,
    )
    async with house.core.db.write() as session:
        session.add(record)
        await session.flush()
        record.gateway_id = str(record.id)
    return record.id


async def state(desk: Desk, sms_id: int) -> str:
    async with house_of(desk).core.db.read() as session:
        return (await session.get_one(SmsRecord, sms_id)).state


async def kept(desk: Desk) -> int:
    async with house_of(desk).core.db.read() as session:
        return len(list(await session.scalars(select(ReceiptRecord))))


async def handled(desk: Desk, sms_id: int) -> str:
    """Where a message stands once all receipts that came have been handled: one that was faster
    than our own record of the sending is looked at again after two seconds."""
    await desk.post("/sim/clock", advance="PT5S")
    return await state(desk, sms_id)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_smsc_may_post_a_form_or_json_or_ask_with_get(desk: Desk, method: str) -> None:
    if method == "GET":
        sms = await message(desk)
        assert await call(desk, method="GET", params=signed(desk, sms)) == 200
        assert await handled(desk, sms) == "delivered"
        return
    for kind in ("data", "json"):
        sms = await message(desk)
        content: dict[str, Any] = {kind: signed(desk, sms)}
        assert await call(desk, **content) == 200
        assert await handled(desk, sms) == "delivered"


async def test_only_who_knows_the_secrets_is_let_in(desk: Desk) -> None:
    sms = await message(desk)
    form = signed(desk, sms)
    assert await call(desk, "smsc/receipt/wrong", data=form) == 404
    assert await call(desk, f"kcell/receipt/{secret(desk)}", data=form) == 404
    assert await call(desk, f"mobizon/receipt/{secret(desk)}", data=form) == 404
    assert await call(desk, data=form | {"status": "20"}) == 403
    assert await call(desk, data=b"x" * (BODY_LIMIT + 1)) == 413
    assert await kept(desk) == 0
    assert await state(desk, sms) == "accepted"


async def test_what_can_never_succeed_is_answered_200(desk: Desk) -> None:
    """Else the gateway would bring it again and again."""
    for body in (b"", b"{", b"\xff", b"id=7&phone=77758759999&mes=hello"):
        assert await call(desk, data=body) == 200
        assert await call(desk, f"mobizon/receipt/{secret(desk, 'mobizon')}", data=body) == 200
    assert await call(desk, data=signed(desk, 4711)) == 200  # no message of ours
    assert await kept(desk) == 0


async def test_a_receipt_that_comes_many_times_at_once_is_one(desk: Desk) -> None:
    sms = await message(desk)
    form = signed(desk, sms)
    assert await asyncio.gather(*(call(desk, data=form) for _ in range(8))) == [200] * 8
    assert await handled(desk, sms) == "delivered"
    assert await kept(desk) == 1


async def test_no_phone_and_no_secret_reaches_a_log(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether the logs are configured in this process by now, or not."""
    sms = await message(desk)
    form = signed(desk, sms)
    with capture_logs() as logs:
        assert await call(desk, method="GET", params=form) == 200
        assert await call(desk, method="GET", params=form | {"sha1": "0"}) == 403
        assert await call(desk, method="GET", params={"phone": PHONE, "mes": "hello"}) == 200
        assert await handled(desk, sms) == "delivered"
    told = str(logs) + caplog.text
    assert "not a receipt" in told
    assert PHONE not in told
    assert secret(desk) not in told


@pytest.mark.parametrize("down", [None, "smsc"])
async def test_a_code_goes_out_and_its_receipt_comes_back(desk: Desk, down: str | None) -> None:
    """Through SMSC; through Mobizon when SMSC refuses."""
    if down:
        await desk.post("/sim/faults", target=down, method="send", code=3, times=1)
    await enter(desk)
    async with house_of(desk).core.db.read() as session:
        [sms] = list(await session.scalars(select(SmsRecord)))
    assert sms.gateway == ("mobizon" if down else "smsc")
    assert await handled(desk, sms.id) == "delivered"


async def enter(desk: Desk) -> None:
    """The first person at the desk, as far as the code."""
    first = (await desk.get("/sim/users"))[0]
    player = desk.player(first["id"])
    await player.say("/start")
    await player.press_label("Қазақша")
    await player.press_label("Көкшетау қаласы")
    await player.press_label("Кіру")
    await player.press_label("Келісемін")
    await player.share_contact()
    await player.say(first["iin"])
