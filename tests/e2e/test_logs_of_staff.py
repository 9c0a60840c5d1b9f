"""A day at the staff desk, with what the portal sends: nobody of the data is in what was logged, in
the metrics, or in an address that the bot has called."""

import base64
import json
from argparse import ArgumentParser
from typing import Any

import aiohttp
import pytest
import structlog

from bot.__main__ import _parser
from bot.portal.examples import DATA
from seed.people import AINUR, PAVEL, SAULE, VIKTOR
from tests.e2e import ways
from tests.e2e.player import CODE, Desk, Player
from tests.e2e.telltales import Telltales, in_production, telltales
from tests.e2e.test_bad_requests import event
from tests.e2e.test_broadcast import EVERYBODY, write
from tests.e2e.watching import house_of

REGISTER = (
    "iin;phone;full_name;birth_date\n"
    "900517400015;+77750000001;Ахметова Айгүл Серікқызы;17.05.1990\n"
    "900517400016;12;Ибрагимова Жанар Асқарқызы;17.05.1990\n"
)
"""Of the second person nothing is right."""
NEW_PHONE = "+7 775 000 77 77"
ONLY_THERE = Telltales(
    numbers=frozenset({"900517400015", "900517400016", "7750007777", "7750000001"}),
    names=frozenset({"ахметова", "ибрагимова", "асқарқызы", "айару"}),
)
"""Who is in no record, or not from the beginning."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The logs are the same on both."""
    return sqlite_url


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All addresses that are called in this process."""
    called: list[str] = []
    request = aiohttp.ClientSession._request

    async def noted(self: aiohttp.ClientSession, method: str, url: Any, **more: Any) -> Any:
        if self._base_url is None:  # the test's own calls have one
            called.append(str(url))
        return await request(self, method, url, **more)

    monkeypatch.setattr(aiohttp.ClientSession, "_request", noted)
    return called


async def register(head: Player) -> None:
    """A file with people in it, of whom one is refused."""
    await head.say("/import")
    content = base64.b64encode(REGISTER.encode()).decode()
    await head.send(document={"name": "Ахметова.csv", "content": content})
    await head.press("Bring in")
    await head.say("1")


async def family(operator: Player) -> None:
    """Found by name and by IIN, looked at, its phone put right."""
    await operator.say("/find")
    await operator.say(AINUR.last_name)
    await operator.say("/find")
    await operator.say(AINUR.iin)
    await operator.press("Show the IINs")
    await operator.press("Correct the phone")
    await operator.say(NEW_PHONE)
    await operator.press("Yes, correct it")


async def broadcast(operator: Player) -> None:
    await write(operator)
    await operator.press("Send…")
    await operator.say(EVERYBODY)
    await operator.desk.travel("2026-04-07T11:35")


async def portal(desk: Desk) -> None:
    """People come, and what cannot be done is refused."""
    for number, (type_, data) in enumerate(DATA.items()):
        told = {"id": f"e{number}", "type": type_, "at": "2026-04-07T11:30:00+05:00", "data": data}
        assert (await event(desk, json.dumps(told).encode()))[0] in (200, 404, 409, 422)
        told |= {"id": f"w{number}", "data": {**data, "iin": AINUR.full_name}}
        await event(desk, json.dumps(told).encode())


async def calls(operator: Player) -> None:
    await operator.desk.travel("2026-04-09T09:00")
    await operator.say("/calls")
    await operator.say("/export")


async def test_a_day_at_the_staff_desk(
    desk: Desk, capsys: pytest.CaptureFixture[str], addresses: list[str]
) -> None:
    with in_production(capsys) as written:
        operator, head, parent = (desk.player(one.id) for one in (SAULE, VIKTOR, AINUR))
        head = desk.player(VIKTOR.id, "ru")
        for player in (operator, head, parent):
            await ways.enter(player)
        await desk.voucher()
        await register(head)
        await family(operator)
        await broadcast(operator)
        await portal(desk)
        await calls(operator)
        log = written()
        structlog.get_logger("planted").info("planted", who=PAVEL.iin)
        planted = written()
    sent = [found[1] for sms in await desk.get("/sim/sms") if (found := CODE.search(sms["text"]))]
    looked_for = await telltales(house_of(desk).core.db, sent)
    assert looked_for.found_in(planted) == {PAVEL.iin}, "it is seen"
    assert log.count("\n") > 5, "there is a log"
    async with desk.http.get("/metrics") as response:
        metrics = await response.text()
    called = "\n".join(addresses)
    assert "sendMessage" in called, "the addresses have been noted"
    for known in (looked_for, ONLY_THERE):
        assert known.found_in(log) == set()
        assert known.found_in(called) == set()
        without_codes = Telltales(known.numbers, known.names)  # a duration may look like a code
        assert without_codes.found_in(metrics) == set()


def test_no_command_takes_an_iin_a_phone_or_a_code_as_an_argument() -> None:
    """Everybody on the machine sees what a process was started with."""
    [commands] = [
        action for action in _parser()._actions if isinstance(getattr(action, "choices", 0), dict)
    ]
    names = {action.dest for parser in _all(commands.choices) for action in parser._actions}
    assert {"registration_number", "role"} <= names
    assert names.isdisjoint({"iin", "phone", "code", "digits", "full_name", "secret", "token"})


def _all(parsers: Any) -> list[ArgumentParser]:
    found: list[ArgumentParser] = []
    for parser in parsers.values():
        found.append(parser)
        for action in parser._actions:
            if isinstance(getattr(action, "choices", None), dict):
                found += _all(action.choices)
    return found
