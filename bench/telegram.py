"""Telegram as a webhook sees it: 40 connections, updates in the order in which they came, one
person's one after another, and brought again while they are not answered with success."""

import asyncio
import heapq
import json
import time
from collections import deque
from dataclasses import dataclass
from itertools import count
from typing import Any

CONNECTIONS = 40
SECRET = "of-the-webhook"
AGAIN = 1.0
"""Seconds until an update is brought again, where the bot does not say."""


@dataclass(slots=True)
class Pressed:
    """One press: when it came to Telegram, was handed to the bot, and was answered (seconds)."""

    number: int
    person: int
    body: bytes
    came: float
    awaited: bool
    handed: float = 0
    answered: float = 0


class Telegram:
    """Brings presses to the webhook at `port`. `answered`: those that were, in that order;
    `put_off`: how often the bot asked for one to be brought again."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._queues: dict[int, deque[Pressed]] = {}
        self._ready: list[tuple[float, int, int]] = []  # came, number, person
        self._more = asyncio.Semaphore(0)
        self._numbers = count(1)
        self._awaited = 0
        self._over = asyncio.Event()
        self.answered: list[Pressed] = []
        self.put_off = 0

    def press(self, person: int, data: str, *, awaited: bool = False) -> None:
        """Somebody presses a button under message 1; `all_answered` waits for it if asked to."""
        number = next(self._numbers)
        body = _body(number, person, data)
        pressed = Pressed(number, person, body, time.perf_counter(), awaited)
        if awaited:
            self._awaited += 1
            self._over.clear()
        queue = self._queues.setdefault(person, deque())
        queue.append(pressed)
        if len(queue) == 1:
            self._offer(pressed)

    async def all_answered(self) -> None:
        """Return when all that is awaited has been."""
        await self._over.wait()

    async def bring(self) -> None:
        """Until it is cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(CONNECTIONS):
                group.create_task(self._connection())

    def _offer(self, pressed: Pressed) -> None:
        heapq.heappush(self._ready, (pressed.came, pressed.number, pressed.person))
        self._more.release()

    async def _connection(self) -> None:
        reader, writer = await self._connect()
        while True:
            await self._more.acquire()
            _, _, person = heapq.heappop(self._ready)
            queue = self._queues[person]
            try:
                again = await self._hand(queue[0], reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError):
                writer.close()  # the bot shuts what has been idle for a while
                reader, writer = await self._connect()
                self._offer(queue[0])
                continue
            if again:
                self.put_off += 1
                asyncio.get_running_loop().call_later(again, self._offer, queue[0])
                continue
            self._note(queue.popleft())
            if queue:
                self._offer(queue[0])
            else:
                del self._queues[person]

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._port)

    def _note(self, pressed: Pressed) -> None:
        self.answered.append(pressed)
        self._awaited -= pressed.awaited
        if not self._awaited:
            self._over.set()

    async def _hand(
        self, pressed: Pressed, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> float:
        """Hand it over; 0, or the seconds after which it has to be brought again."""
        pressed.handed = pressed.handed or time.perf_counter()
        writer.write(pressed.body)
        head = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
        headers = dict(line.split(b": ", 1) for line in head[1:] if b": " in line)
        await reader.readexactly(int(headers.get(b"content-length", 0)))
        pressed.answered = time.perf_counter()
        if b" 200 " in head[0]:
            return 0
        return float(headers.get(b"retry-after", AGAIN))


def _body(number: int, person: int, data: str) -> bytes:
    chat = {"id": person, "type": "private", "first_name": "A"}
    user: dict[str, Any] = {"id": person, "is_bot": False, "first_name": "A", "language_code": "kk"}
    message = {"message_id": 1, "date": 1775538000, "chat": chat, "text": "."}
    query = {"id": str(number), "from": user, "chat_instance": "c", "data": data}
    body = json.dumps(
        {"update_id": number, "callback_query": query | {"message": message}}
    ).encode()
    head = (
        "POST /telegram/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
