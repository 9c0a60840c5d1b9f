"""Wires to one PostgreSQL, each as of a process of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from core.db.engine import Database
from core.db.wire import Wire


class Office:
    """Makes processes that are no more than their wire, and ends them all."""

    def __init__(self, url: str) -> None:
        self.db = Database(url)
        self._wires: list[Wire] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def process(self) -> Wire:
        """One more process."""
        wire = Wire(self.db.engine)
        await wire.connect()
        self._wires.append(wire)
        self.serve(wire.run())
        return wire

    def serve(self, service: Coroutine[Any, Any, None]) -> None:
        """Let it run until the end."""
        self._tasks.append(asyncio.get_running_loop().create_task(service))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for wire in self._wires:
            await wire.close()
        await self.db.close()


@pytest.fixture
async def office(postgresql_url: str) -> AsyncIterator[Office]:
    office = Office(postgresql_url)
    yield office
    await office.close()


async def until(true: Callable[[], bool]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 it becomes so in PostgreSQL
            await asyncio.sleep(0.005)
