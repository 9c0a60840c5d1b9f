"""A process that can take a tap says so, again and again (D18)."""

from collections.abc import Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot import beating
from bot.assembly import House
from core.clock import TravelClock
from core.db.engine import DatabaseDown


class Enough(BaseException):
    """The test has seen what it wanted."""


async def test_a_database_that_is_down_is_asked_again_at_once_and_no_fault_ends_the_beat(
    clock: TravelClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    what_happens: Iterator[Exception | None] = iter([None, DatabaseDown(), ValueError(), None])
    processes: set[str] = set()
    pauses: list[float] = []

    async def beat(process: str, _: datetime) -> None:
        processes.add(process)
        if error := next(what_happens):
            raise error

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 4:
            raise Enough

    monkeypatch.setattr("bot.beating.asyncio.sleep", sleep)
    started: list[Any] = []
    core = SimpleNamespace(outages=SimpleNamespace(beat=beat), clock=clock)
    nursery = SimpleNamespace(start=lambda work, name: started.append(work))
    await beating.start_beating(cast(House, SimpleNamespace(core=core, nursery=nursery)))
    with pytest.raises(Enough):
        await started[0]
    assert pauses == [15, 1, 1, 15]
    assert len(processes) == 1
