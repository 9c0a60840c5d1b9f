"""A timer for tests: time passes when it is told to, and alarms ring in their order."""

import asyncio
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count


class Watch:
    """What the pacer takes for an event loop's time."""

    def __init__(self) -> None:
        self.now = 0.0
        self._alarms: list[tuple[float, int, asyncio.TimerHandle, Callable[[], None]]] = []
        self._order = count()

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], None]) -> asyncio.TimerHandle:
        when = self.now + max(delay, 0)
        handle = asyncio.TimerHandle(when, callback, (), asyncio.get_running_loop())
        heappush(self._alarms, (when, next(self._order), handle, callback))
        return handle

    async def pass_time(self, seconds: float) -> None:
        """Let time pass; whoever is woken does what they can before more of it passes."""
        await _everyone_waits()
        end = self.now + seconds
        while self._alarms and self._alarms[0][0] <= end:
            self.now, _, handle, callback = heappop(self._alarms)
            if not handle.cancelled():
                callback()
                await _everyone_waits()
        self.now = end


async def _everyone_waits() -> None:
    for _ in range(5):
        await asyncio.sleep(0)
