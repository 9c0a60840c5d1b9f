"""Connections that stay at hand: to take one out of SQLAlchemy's pool and to put it back costs more
than most of what a tap asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core.db.drivers import Driver, driver_of
from core.db.turns import Turns


@dataclass(frozen=True, slots=True)
class Taken:
    """One connection, for a session's use, and for that of statements which go straight."""

    connection: AsyncConnection
    driver: Driver


class Connections:
    """So many at once, each in its turn. What fails goes back to SQLAlchemy, which makes it clean
    or lets go of it."""

    def __init__(self, engine: AsyncEngine, places: int) -> None:
        self._engine = engine
        self.turns = Turns(places)
        self._at_hand: list[Taken] = []

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Taken]:
        """A connection on which nothing is under way."""
        async with self.turns.turn():
            taken = await self._take()
            try:
                yield taken
            except BaseException:
                await asyncio.shield(taken.connection.close())
                raise
            self._at_hand.append(taken)

    async def close(self) -> None:
        """Let go of those that nobody uses."""
        while self._at_hand:
            await self._at_hand.pop().connection.close()

    async def _take(self) -> Taken:
        while self._at_hand:
            taken = self._at_hand.pop()  # the last one: what it has read is the freshest
            if not taken.driver.lost:
                return taken
            await taken.connection.invalidate()
            await taken.connection.close()
        connection = await self._engine.connect()
        driver = await driver_of(connection)
        while driver.lost:
            await connection.invalidate()
            driver = await driver_of(connection)
        return Taken(connection, driver)
