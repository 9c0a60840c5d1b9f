"""Whatever is declared to run in the background does run, as production is put together."""

import asyncio

import pytest

from bot import scheduler
from bot.running import running
from bot.settings import Settings
from core.clock import TravelClock
from core.watch.values import DAY, MINUTE, next_night
from tests.integration.watch.test_told import WELL

PATIENCE = 60


async def test_worker_watchdogs_and_retention_run_by_themselves(
    sqlite_url: str, clock: TravelClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "LOOK_SECONDS", 0.05)
    settings = Settings.model_validate(
        {
            "bot_token": "1:x",
            "secret_key": "k" * 32,
            "database_url": sqlite_url,
            "tick_seconds": 0.05,
        }
    )
    async with running(settings, clock) as house, asyncio.timeout(PATIENCE):
        looked = asyncio.Event()

        async def look() -> None:
            looked.set()

        monkeypatch.setattr(house.worker, "look", look)
        await looked.wait()
        assert {duty.name for duty in house.watch.duties} == WELL
        clock.move(next_night(clock.now()) + MINUTE)
        while True:
            if {pulse.at for pulse in await house.watch.pulses(clock.now())} == {clock.now()}:
                break
            await asyncio.sleep(0.05)
        nightly = [duty.name for duty in house.watch.duties if duty.every == DAY]
        assert nightly == ["retention"]
