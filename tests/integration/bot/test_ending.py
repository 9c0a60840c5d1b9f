"""A process that is asked to end begins nothing new, finishes what it has in hand, and leaves the
webhook and the commands as they are."""

import asyncio
from datetime import datetime

import pytest

from bot import running as running_module
from bot.alone import Taken
from bot.outgoing.pace import TooLate
from bot.running import running
from bot.settings import Settings
from bot.worker import Chore, Worker
from core.agenda import Due
from core.clock import TravelClock
from core.notices.plan import Lane


def settings_of(url: str) -> Settings:
    return Settings.model_validate(
        {
            "bot_token": "1:x",
            "bot_api_url": "http://127.0.0.1:1",  # whatever calls Telegram fails
            "secret_key": "k" * 32,
            "database_url": url,
            "tick_seconds": 60,
        }
    )


async def test_what_is_in_hand_is_finished_and_nothing_is_begun(
    sqlite_url: str, clock: TravelClock
) -> None:
    done: list[str] = []
    over = asyncio.Event()

    async def last_words() -> None:
        await over.wait()
        done.append("finished")

    async with running(settings_of(sqlite_url), clock) as house:
        house.nursery.start(last_words(), name="carry notices")
        asyncio.get_running_loop().call_later(0.01, over.set)
    assert done == ["finished"]
    assert house.worker._over
    with pytest.raises(TooLate):
        await house.gate.turn(1, Lane.REMINDER, within=60)
    await house.gate.turn(1, Lane.ANSWER, within=60)


async def test_what_does_not_finish_is_cut_off_in_time(
    sqlite_url: str, clock: TravelClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running_module, "GRACE", 0.01)
    async with asyncio.timeout(30), running(settings_of(sqlite_url), clock) as house:
        house.nursery.start(asyncio.Event().wait(), name="never ends")


async def test_a_second_house_on_the_same_sqlite_file_is_refused(
    sqlite_url: str, clock: TravelClock
) -> None:
    async with running(settings_of(sqlite_url), clock):
        with pytest.raises(Taken):
            async with running(settings_of(sqlite_url), clock, works=False):
                raise AssertionError


async def test_a_chore_under_way_ends_and_none_begins() -> None:
    begun: list[int] = []
    may_end = asyncio.Event()

    async def work() -> int:
        begun.append(1)
        await may_end.wait()
        return 1

    def never(_: Due) -> datetime | None:
        return None

    chore = Chore("work", work, never)
    worker = Worker([chore], None, None)  # type: ignore[arg-type]  # it looks at nothing here
    works = asyncio.get_running_loop().create_task(worker.run())
    chore.wake()
    while not begun:  # noqa: ASYNC110 it is a few steps of the loop
        await asyncio.sleep(0)
    worker.stop()
    chore.wake()
    through = asyncio.get_running_loop().create_task(worker.through())
    await asyncio.sleep(0)
    assert not through.done()
    may_end.set()
    async with asyncio.timeout(5):
        await through
        await works
    assert begun == [1]
