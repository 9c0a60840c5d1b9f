"""Turns at the database: answers to people go first, in the order in which they come."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

SHARE = 8
"""While both wait, work gets one turn after so many of people's: it steps back, and still goes on
in a crowd that lasts."""
PATIENCE = 30
"""Seconds after which a database that gives nobody a turn is taken to be down."""

WORKS: ContextVar[bool] = ContextVar("WORKS", default=False)
"""Whether what runs now is work that no person waits for."""

Line = deque[asyncio.Future[None]]


def step_back() -> None:
    """From here on this task, and what it starts, is work: it lets people go first."""
    WORKS.set(True)


class Turns:
    """So many at once; whoever waits for a place gets it in order. Work never has more than half
    of the places, so that a person who comes finds one that is free, or soon will be."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._free_for_work = max(1, places // 2)
        self._people: Line = deque()
        self._work: Line = deque()
        self._passed = 0  # turns that people had while work waited
        self._inside: set[asyncio.Task[Any]] = set()

    @property
    def crowded(self) -> bool:
        """Whether people wait."""
        return _waits(self._people)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """A place, as soon as it is one's turn. Who has one already, has it still.
        Raises TimeoutError after PATIENCE."""
        task = asyncio.current_task()
        assert task is not None, "outside of a task nobody waits"
        if task in self._inside:
            yield
            return
        works = WORKS.get()
        await self._wait(works)
        self._inside.add(task)
        try:
            yield
        finally:
            self._inside.discard(task)
            self._leave(works)

    async def _wait(self, works: bool) -> None:
        if self._is_free(works):
            self._take(works)
            return
        waiting = asyncio.get_running_loop().create_future()
        (self._work if works else self._people).append(waiting)
        self._serve()
        try:
            async with asyncio.timeout(PATIENCE):
                await waiting
        except BaseException:
            if waiting.done() and not waiting.cancelled():
                self._leave(works)  # it was given a place in the same moment
            raise

    def _is_free(self, works: bool) -> bool:
        """Whether there is a place, and nobody waits for one."""
        room = self._free > 0 and (not works or self._free_for_work > 0)
        return room and not _waits(self._people) and not _waits(self._work)

    def _take(self, works: bool) -> None:
        self._free -= 1
        self._free_for_work -= works
        if works:
            self._passed = 0

    def _leave(self, works: bool) -> None:
        self._free += 1
        self._free_for_work += works
        self._serve()

    def _serve(self) -> None:
        while self._free and (line := self._next()):
            self._take(line is self._work)
            line.popleft().set_result(None)

    def _next(self) -> Line | None:
        """The line whose turn it is; None while nobody waits who may go."""
        work = _waits(self._work) and self._free_for_work > 0
        if _waits(self._people) and not (work and self._passed >= SHARE):
            self._passed += work
            return self._people
        return self._work if work else None


def _waits(line: Line) -> bool:
    """Whether anybody does, but for those who have given up."""
    while line and line[0].done():
        line.popleft()
    return bool(line)
