"""Clients that send drop by drop are cut off; those that come meanwhile are answered."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI, Request, Response

from bot import bodies, slow_clients
from bot.bodies import BODY_LIMIT, Unreadable, read_body, unreadable
from bot.slow_clients import LIMITS, PromptProtocol
from tests.serving import serving

HEAD = b"POST / HTTP/1.1\r\nHost: bot\r\nContent-Length: %d\r\n\r\n"
TIMEOUT = 20


@asynccontextmanager
async def door(**limits: object) -> AsyncIterator[int]:
    """The port of a server whose only address reads a body, and tells its length."""
    app = FastAPI()

    @app.post("/")
    async def take(request: Request) -> Response:
        try:
            return Response(str(len(await read_body(request))))
        except Unreadable as error:
            return unreadable(error)

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(10)
        async with serving(app, listening, **{**LIMITS, **limits}):
            yield listening.getsockname()[1]


@asynccontextmanager
async def client(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(TIMEOUT):
            yield reader, writer
    finally:
        writer.close()


async def asked(port: int, body: bytes) -> bytes:
    """What an ordinary client is answered; all of it, as the connection is closed after it."""
    async with client(port) as (reader, writer):
        close = b"Connection: close\r\nContent-Length"
        writer.write(HEAD.replace(b"Content-Length", close) % len(body) + body)
        return await reader.read()


async def test_a_body_that_does_not_come_ends_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.01)
    async with door() as port, client(port) as (reader, writer):
        writer.write(HEAD % 100 + b"x")
        answer = await reader.read()  # to its end: the connection is closed
        assert answer.startswith(b"HTTP/1.1 408 ")
        monkeypatch.setattr(bodies, "BODY_SECONDS", TIMEOUT)
        assert (await asked(port, b"four")).endswith(b"\r\n\r\n4")


async def test_a_body_that_is_too_large_ends_the_connection() -> None:
    async with door() as port, client(port) as (reader, writer):
        writer.write(HEAD % (2 * BODY_LIMIT) + b"x" * (BODY_LIMIT + 1))
        answer = await reader.read()
        assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("sent", [b"", b"POST / HTTP/1.1\r\nHost: b"])
async def test_a_head_that_does_not_come_ends_the_connection(
    monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(slow_clients, "HEAD_SECONDS", 0.01)
    async with door() as port, client(port) as (reader, writer):
        writer.write(sent)
        assert await reader.read() == b""


async def test_the_next_head_on_a_connection_is_waited_for_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with door() as port, client(port) as (reader, writer):
        writer.write(HEAD % 4 + b"four")
        assert (await reader.readuntil(b"\r\n\r\n4")).startswith(b"HTTP/1.1 200 ")
        monkeypatch.setattr(slow_clients, "HEAD_SECONDS", 0.01)
        writer.write(b"POST / HT")
        assert await reader.read() == b""


async def test_whoever_comes_beyond_the_most_is_to_come_again() -> None:
    """Telegram repeats what is not answered with success."""
    async with door(limit_concurrency=2) as port, client(port):
        assert (await asked(port, b"four")).startswith(b"HTTP/1.1 503 ")


async def test_the_alarm_is_for_the_head_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it is there, the handler has its time."""
    alarms: list[asyncio.TimerHandle | None] = []
    received = PromptProtocol.data_received

    def noted(self: PromptProtocol, data: bytes) -> None:
        received(self, data)
        alarms.append(self._alarm)

    monkeypatch.setattr(PromptProtocol, "data_received", noted)
    async with door() as port:
        assert (await asked(port, b"four")).endswith(b"4")
    assert alarms == [None]
