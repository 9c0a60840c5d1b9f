"""The wires of a round: everything between desk and bot goes through here, and is noted.

The desk is a part of this process. Each process of the bot calls it under a name of its own, so
that what was in flight when it was killed can be counted at the desk.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from sandbox.calls import Calls
from sandbox.state import Json
from tests.faults.clock import SharedClock
from tests.faults.snares import Snare, Snares, held

CALLER: ContextVar[str] = ContextVar("CALLER", default="")
FORWARDED = ("/portal/", "/sms/")
PATIENCE = 120.0
"""Seconds in which what others send the bot finds a process that takes it."""
ONE_TRY = aiohttp.ClientTimeout(total=60)


@dataclass(frozen=True)
class Delivered:
    """A message that arrived in a chat; `heard`: the bot was told so, as far as the desk knows."""

    chat: int
    message: int
    text: str
    data: tuple[str, ...]
    caller: str
    at: datetime
    heard: bool


@dataclass
class Door:
    """Where the web processes answer, by their slot."""

    ports: dict[str, int] = field(default_factory=dict)


class NotedCalls(Calls):
    """The desk's record of calls, with who called and which messages arrived."""

    def __init__(self, clock: SharedClock) -> None:
        super().__init__()
        self._clock = clock
        self.made = 0
        self.delivered: list[Delivered] = []
        self.refused: dict[int, list[datetime]] = {}
        """Chat -> when a message for it was not taken, or nobody was told that it was."""

    def record(
        self,
        method: str,
        params: Json,
        answer: Json,
        at: datetime,
        *,
        unheard: Json | None = None,
    ) -> None:
        super().record(method, params, answer, at, unheard=unheard)
        self.made += 1
        told = unheard or answer
        if method.lower() != "sendmessage":
            return
        if not answer.get("ok"):
            self.refused.setdefault(int(params["chat_id"]), []).append(self._clock.now())
        if not told.get("ok"):
            return
        self.delivered.append(
            Delivered(
                chat=int(params["chat_id"]),
                message=told["result"]["message_id"],
                text=str(params["text"]),
                data=tuple(_data(params.get("reply_markup"))),
                caller=CALLER.get(),
                at=self._clock.now(),
                heard=unheard is None,
            )
        )


class Wire:
    """The desk's application with what stands before it. `taken` gets each update that the desk
    pushes; whoever takes it there has to bring it to the bot."""

    def __init__(self, desk: FastAPI, door: Door, taken: Callable[[Json], None]) -> None:
        self.snares = Snares()
        self._desk = desk
        self._door = door
        self._taken = taken
        self._http: aiohttp.ClientSession | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._desk(scope, receive, send)
            return
        path: str = scope["path"]
        if path == "/telegram/webhook":
            self._taken(json.loads(await _body(receive)))
            await _answer(send, 200, b"")
        elif path.startswith(FORWARDED):
            await self._forward(scope, await _body(receive), send)
        else:
            caller, own_path = _named(path)
            CALLER.set(caller)
            changed = {**scope, "path": own_path, "raw_path": own_path.encode()}
            snare = self.snares.calls(caller, own_path)
            if snare is None:
                await self._desk(changed, receive, send)
            else:
                await self._hold(snare, changed, receive)

    async def _hold(self, snare: Snare, scope: Scope, receive: Receive) -> None:
        """Whoever calls is killed before the call is heard, or before its answer is."""
        if snare.at == "answer":
            await self._desk(scope, receive, _unheard)
        await held(snare)

    async def _forward(self, scope: Scope, body: bytes, send: Send) -> None:
        """To some web process, and to another one where it fails: as a proxy, and a sender that
        repeats, would together."""
        query = scope["query_string"].decode()
        address = scope["path"] + (f"?{query}" if query else "")
        headers = {k.decode(): v.decode() for k, v in scope["headers"] if k != b"host"}
        status, text = await self.bring(address, body, headers, method=scope["method"])
        await _answer(send, status, text)

    async def bring(
        self, path: str, body: bytes, headers: dict[str, str], *, method: str = "POST"
    ) -> tuple[int, bytes]:
        """Repeat until a process answers with anything but 5xx: status and body; 504 if none."""
        waited = 0.0
        number = 0
        while waited < PATIENCE:
            ports = list(self._door.ports.values())
            if ports:
                port = ports[number % len(ports)]
                number += 1
                try:
                    async with self.http.request(
                        method,
                        f"http://127.0.0.1:{port}{path}",
                        data=body,
                        headers=headers,
                        timeout=ONE_TRY,
                    ) as response:
                        text = await response.read()
                        if response.status < 500:
                            return response.status, text
                except (aiohttp.ClientError, TimeoutError):
                    pass
            await asyncio.sleep(0.05)
            waited += 0.05
        return 504, b"nobody answers"

    @property
    def http(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, force_close=True)
            )
        return self._http

    async def close(self) -> None:
        await self.http.close()


def _named(path: str) -> tuple[str, str]:
    """`/web1-3/bot…` -> who calls, and the desk's path."""
    first, _, rest = path.lstrip("/").partition("/")
    return (first, f"/{rest}") if first.startswith(("web", "worker")) else ("", path)


def _data(markup: Any) -> list[str]:
    keyboard = json.loads(markup) if isinstance(markup, str) else markup or {}
    rows = keyboard.get("inline_keyboard", ())
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message: Message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def _unheard(_: Message) -> None:
    """The answer that nobody gets."""


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
