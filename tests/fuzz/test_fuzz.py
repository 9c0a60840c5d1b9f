"""Some hundreds of what `make fuzz` feeds by the million: nothing that comes breaks anything."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE

import pytest

from tests.fuzz.fuzzer import Fuzzer
from tests.fuzz.house import fuzzed

CALLS = 500

pytestmark = pytest.mark.filterwarnings("ignore:Detected unknown update type:RuntimeWarning")
"""aiogram's, of kinds that it does not know."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """`make fuzz` does it on both."""
    return sqlite_url


async def test_whatever_is_sent_is_answered(database_url: str) -> None:
    async with fuzzed(database_url) as house:
        tally = await Fuzzer(house, seed=248).feed(CALLS)
    assert tally.examples == {}
    assert (tally.fed, tally.unhandled, tally.errors_5xx) == (CALLS, 0, 0)
    assert {200, 401, 403, 422} <= tally.statuses.keys(), "it came past every door"


async def test_the_fuzzer_sees_what_breaks(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.screens.fallback.old_button", broken)
    async with fuzzed(database_url) as house:
        tally = await Fuzzer(house, seed=1).feed(60)
    assert tally.unhandled > 0


async def test_the_command_tells_what_it_fed_and_nothing_else() -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--only", "sqlite", "--count", "20"]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE)
    told, _ = await process.communicate()
    assert process.returncode == 0
    assert [json.loads(line)["fed"] for line in told.splitlines()][-1] == 20
