"""What changed, so that the page can wait for it."""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import islice

from sandbox.state import State


class Signal:
    """Wakes everyone who waits for the next occasion."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def fire(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self) -> None:
        await self._event.wait()


class Changes:
    """Numbers every change; topics are `chat:1`, `sms:+77…`, `clock` and `users`."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._log: deque[tuple[int, str]] = deque(maxlen=10_000)
        self._first = state.seq
        self.signal = Signal()
        self.closed = False

    def note(self, topic: str) -> int:
        """Tells those who wait; returns the number of this change."""
        self._state.seq += 1
        if len(self._log) == self._log.maxlen:
            self._first = self._log[0][0]
        self._log.append((self._state.seq, topic))
        self.signal.fire()
        return self._state.seq

    def since(self, seq: int) -> list[str]:
        """The topics that changed after `seq`, each once; all when that is not remembered."""
        if not self._first <= seq <= self._state.seq:
            people = self._state.people.values()
            chats = [f"chat:{person.id}" for person in people]
            return ["users", "clock", *chats, *(f"sms:{person.phone}" for person in people)]
        fresh = list(islice(reversed(self._log), self._state.seq - seq))
        return list(dict.fromkeys(topic for _, topic in reversed(fresh)))

    async def wait(self, seq: int, seconds: float) -> list[str]:
        """Waits at most `seconds` for something after `seq`."""
        try:
            async with asyncio.timeout(seconds):
                while not (topics := self.since(seq)) and not self.closed:
                    await self.signal.wait()
        except TimeoutError:
            return []
        return topics

    def close(self) -> None:
        """Lets everyone who waits go, so that a server can stop."""
        self.closed = True
        self.signal.fire()
