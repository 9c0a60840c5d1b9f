"""A crowd that taps: so many connections to the bot's webhook, each with its next update as soon as
the one before is answered, as Telegram does."""

import asyncio
import json
import time
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

CONNECTIONS = 40
SECRET = "of-the-webhook"


async def answered(
    port: int, updates: Iterable[bytes], connections: int = CONNECTIONS
) -> tuple[float, list[float]]:
    """Seconds until all updates were answered, and those that each of them took. RuntimeError for
    an answer that is not 200."""
    waiting, took = iter(updates), list[float]()
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    lines = [Line(waiting, took) for _ in range(connections)]
    await asyncio.gather(
        *(loop.create_connection(partial(_itself, line), "127.0.0.1", port) for line in lines)
    )
    await asyncio.gather(*(line.over for line in lines))
    return time.perf_counter() - began, took


class Line(asyncio.Protocol):
    """One connection."""

    def __init__(self, waiting: Iterator[bytes], took: list[float]) -> None:
        self._waiting = waiting
        self._took = took
        self._sent_at = 0.0
        self._got = b""
        self._transport: asyncio.Transport | None = None
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, separator, body = self._got.partition(b"\r\n\r\n")
        if not separator or len(body) < _length(head):
            return
        if not head.startswith(b"HTTP/1.1 200"):
            self._end(RuntimeError(head.split(b"\r\n")[0].decode()))
            return
        self._took.append(time.perf_counter() - self._sent_at)
        self._got = b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(ConnectionError("the bot has closed the connection"))

    def _next(self) -> None:
        assert self._transport is not None
        update = next(self._waiting, None)
        if update is None:
            self._end(None)
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(update)

    def _end(self, error: Exception | None) -> None:
        if self.over.done():
            return
        if error is None:
            self.over.set_result(None)
        else:
            self.over.set_exception(error)


def _itself(line: Line) -> Line:
    return line


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def request(update: dict[str, Any]) -> bytes:
    """An update as Telegram brings it."""
    body = json.dumps(update).encode()
    head = (
        "POST /telegram/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def text_of(person: int, number: int, text: str) -> dict[str, Any]:
    """An update: a person writes."""
    message = {"message_id": number, "date": 1775538000, "from": _user(person), "text": text}
    return {"update_id": number, "message": message | {"chat": _chat(person)}}


def press_of(person: int, number: int, data: str) -> dict[str, Any]:
    """An update: a person presses a button."""
    message = {"message_id": 1, "date": 1775538000, "chat": _chat(person), "text": "."}
    query = {"id": str(number), "from": _user(person), "chat_instance": "c", "data": data}
    return {"update_id": number, "callback_query": query | {"message": message}}


def _user(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": "A", "language_code": "kk"}


def _chat(person: int) -> dict[str, Any]:
    return {"id": person, "type": "private", "first_name": "A"}
