"""Updates on their way to the bot: pushed to its webhook, or fetched by long polling."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from itertools import islice, takewhile

import aiohttp

from sandbox.changes import Signal
from sandbox.clock import DeskClock
from sandbox.errors import ApiError
from sandbox.state import Json, State, Update

PAUSES = (0.1, 0.3, 0.9, 2.7)  # seconds between the five tries of one update
WEBHOOK_TIMEOUT = aiohttp.ClientTimeout(total=60)

Execute = Callable[[str, Json], Awaitable[Json]]


class Updates:
    """Keeps each queue in order: the next update goes out when the one before was taken."""

    def __init__(self, state: State, clock: DeskClock) -> None:
        self._state = state
        self._clock = clock
        self._signal = Signal()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._queues: dict[str, deque[Update]] = {}
        for update in state.updates.values():
            self._enqueue(update)
        self._done: dict[int, asyncio.Event] = {}
        self._generation = 0
        self._closed = False
        self._nursery: asyncio.TaskGroup | None = None
        self._session: aiohttp.ClientSession | None = None
        self._execute: Execute | None = None
        self._slots = asyncio.Semaphore(state.webhook.max_connections)
        self.polled_at = float("-inf")

    def start(
        self, nursery: asyncio.TaskGroup, session: aiohttp.ClientSession, execute: Execute
    ) -> None:
        """From here on updates are pushed; `execute` runs a method that a webhook answers with."""
        self._nursery = nursery
        self._session = session
        self._execute = execute
        self.webhook_changed()

    def close(self) -> None:
        """Lets pollers go, so that a server can stop."""
        self._closed = True
        self._signal.fire()

    def stop(self) -> None:
        """Ends what is being pushed; it stays in its queue."""
        for task in self._busy.values():
            task.cancel()

    def put(self, kind: str, queue: str, body: Json) -> Update | None:
        """Queues an update for the bot; None when the bot asked not to be told such."""
        allowed = self._state.webhook.allowed_updates
        if allowed and kind not in allowed:
            return None
        self._state.last_update_id += 1
        update = Update(self._state.last_update_id, kind, queue, body)
        self._state.updates[update.id] = update
        self._enqueue(update)
        self._wake(queue)
        return update

    async def taken(self, updates: Iterable[Update]) -> None:
        """Waits until the bot took these, or until the last try to push them failed."""
        for update in updates:
            while update.id in self._state.updates and not update.given_up:
                await self._done.setdefault(update.id, asyncio.Event()).wait()

    def webhook_changed(self) -> None:
        """A new address gets all that waits; no address leaves it to polling."""
        self._slots = asyncio.Semaphore(self._state.webhook.max_connections)
        for update in self._state.updates.values():
            update.given_up = False
        self._signal.fire()
        for queue in list(self._queues):
            self._wake(queue)

    def drop_pending(self) -> None:
        self._remove(list(self._state.updates.values()))

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Update]:
        """getUpdates. A newer call ends the one that still waits. Raises ApiError 409."""
        self._refuse_beside_webhook()
        self._generation += 1
        mine = self._generation
        self.polled_at = time.monotonic()
        self._confirm(offset)
        try:
            async with asyncio.timeout(seconds):
                while not self._state.updates and not self._closed:
                    await self._signal.wait()
                    self._refuse_if_replaced(mine)
        except TimeoutError:
            pass
        self.polled_at = time.monotonic()
        return list(islice(self._state.updates.values(), limit))

    def _confirm(self, offset: int) -> None:
        waiting = self._state.updates.values()
        if offset < 0:
            self._remove(list(waiting)[:offset])
        elif offset > 0:
            self._remove(list(takewhile(lambda update: update.id < offset, waiting)))
        self._signal.fire()

    def _refuse_beside_webhook(self) -> None:
        if self._state.webhook.url:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )

    def _refuse_if_replaced(self, mine: int) -> None:
        self._refuse_beside_webhook()
        if mine != self._generation:
            raise ApiError(
                409,
                "Conflict: terminated by other getUpdates request; "
                "make sure that only one bot instance is running",
            )

    def _wake(self, queue: str) -> None:
        if not self._state.webhook.url:
            self._signal.fire()
        elif self._nursery is not None and queue not in self._busy:
            self._busy[queue] = self._nursery.create_task(self._drain(queue))

    async def _drain(self, queue: str) -> None:
        try:
            while waiting := self._queues.get(queue):
                update = waiting[0]
                if not await self._push(update):
                    self._give_up(queue)
                    return
                self._remove([update])
        finally:
            del self._busy[queue]

    def _give_up(self, queue: str) -> None:
        """What waits in this queue stays there, and is tried again with the next update."""
        for update in self._queues.get(queue, ()):
            update.given_up = True
            self._say_done(update)

    def _enqueue(self, update: Update) -> None:
        self._queues.setdefault(update.queue, deque()).append(update)

    def _remove(self, updates: list[Update]) -> None:
        """These are no longer to be told; those that are gone already are gone."""
        for update in updates:
            if self._state.updates.pop(update.id, None) is None:
                continue
            queue = self._queues[update.queue]
            queue.remove(update)
            if not queue:
                del self._queues[update.queue]
            self._say_done(update)

    def _say_done(self, update: Update) -> None:
        if event := self._done.pop(update.id, None):
            event.set()

    async def _push(self, update: Update) -> bool:
        for pause in (*PAUSES, None):
            if not self._state.webhook.url:
                return False
            async with self._slots:
                if await self._try(update):
                    return True
            if pause is not None:
                await asyncio.sleep(pause)
        return False

    async def _try(self, update: Update) -> bool:
        """One request; a 2xx takes the update off, and may answer with a method to run."""
        assert self._session is not None
        assert self._execute is not None
        webhook = self._state.webhook
        headers = {}
        if webhook.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret_token
        body = {"update_id": update.id, update.kind: update.body}
        reply: object = None
        try:
            async with self._session.post(
                webhook.url, json=body, headers=headers, timeout=WEBHOOK_TIMEOUT
            ) as response:
                if not 200 <= response.status < 300:
                    return self._failed(f"Wrong response from the webhook: {response.status}")
                if response.content_type == "application/json":
                    reply = await response.json()
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return self._failed("Connection failed")
        if isinstance(reply, dict) and isinstance(reply.get("method"), str):
            await self._execute(reply.pop("method"), reply)
        return True

    def _failed(self, words: str) -> bool:
        self._state.webhook.last_error = words
        self._state.webhook.last_error_at = self._clock.now()
        return False
