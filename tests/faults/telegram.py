"""Telegram's side of the updates: each is brought until it is taken, some twice or out of turn."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

import aiohttp

from sandbox.state import Json
from tests.faults.clock import SharedClock
from tests.faults.wire import ONE_TRY, Door, Wire

SECRET = "X-Telegram-Bot-Api-Secret-Token"
AGAIN = (0.02, 0.05, 0.1, 0.2)
"""Seconds between two tries; the last one for ever."""


@dataclass
class Attempt:
    """One try to bring an update: when it began and ended on the round's clock, and the status; 0
    where no answer came."""

    began: datetime
    ended: datetime | None = None
    status: int = 0


@dataclass
class Update:
    """An update on its way. `taken` is set once the bot has answered 200 for the first time."""

    id: int
    body: bytes
    attempts: list[Attempt] = field(default_factory=list)
    taken: asyncio.Event = field(default_factory=asyncio.Event)
    twice: bool = False
    cut: float | None = None  # seconds after which the first connection is cut
    late: float = 0  # seconds for which it is kept back: what came after it goes first


class Telegram:
    """Brings updates to the web processes that live."""

    def __init__(
        self, door: Door, clock: SharedClock, secret: str, random: Random, group: asyncio.TaskGroup
    ) -> None:
        self._door = door
        self._clock = clock
        self._headers = {SECRET: secret, "Content-Type": "application/json"}
        self._random = random
        self._group = group
        self._number = 0
        self.wire: Wire | None = None
        self.updates: dict[int, Update] = {}
        self.brought = 0
        self.under_way = 0
        self.closed = False

    def order(self, update_id: int, *, twice: bool, cut: float | None, late: float) -> Update:
        """Say beforehand how an update of a person is to be brought."""
        update = self.updates.setdefault(update_id, Update(update_id, b""))
        update.twice, update.cut, update.late = twice, cut, late
        return update

    def take(self, body: Json) -> None:
        """What the desk pushes."""
        update = self.updates.setdefault(body["update_id"], Update(body["update_id"], b""))
        update.body = json.dumps(body, ensure_ascii=False).encode()
        self._start(self._bring(update))

    def again(self, update: Update) -> None:
        """Bring an old update once more, as Telegram does that has missed an answer."""
        self._start(self._bring_one(update, repeat=True))

    def _start(self, bringing: Coroutine[Any, Any, None]) -> None:
        """From now on it is under way, also while it is kept back."""
        self.under_way += 1
        self._group.create_task(bringing).add_done_callback(self._arrived)

    def _arrived(self, _: object) -> None:
        self.under_way -= 1

    async def _bring(self, update: Update) -> None:
        if update.late:
            await asyncio.sleep(update.late)
        ways = 2 if update.twice else 1
        await asyncio.gather(*(self._bring_one(update) for _ in range(ways)))

    async def _bring_one(self, update: Update, *, repeat: bool = False) -> None:
        tries = 0
        while not self.closed:
            cut = update.cut if not tries and not repeat else None
            if await self._try(update, cut):
                update.taken.set()
                return
            await asyncio.sleep(AGAIN[min(tries, len(AGAIN) - 1)])
            tries += 1

    async def _try(self, update: Update, cut: float | None) -> bool:
        if not self._door.ports or self.wire is None:
            return False
        self._number += 1
        name, port = list(self._door.ports.items())[self._number % len(self._door.ports)]
        attempt = Attempt(self._clock.now())
        update.attempts.append(attempt)
        self.brought += 1
        timeout = aiohttp.ClientTimeout(total=cut) if cut else ONE_TRY
        self.wire.snares.brought(name)
        try:
            async with self.wire.http.post(
                f"http://127.0.0.1:{port}/telegram/webhook",
                data=update.body,
                headers=self._headers,
                timeout=timeout,
            ) as response:
                attempt.status = response.status
        except (aiohttp.ClientError, TimeoutError):
            pass
        attempt.ended = self._clock.now()
        return attempt.status == 200
