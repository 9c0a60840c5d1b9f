"""Servers on the loopback that answer as a test tells them to."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serving = Callable[[str, Answering], Awaitable[str]]
"""Serves a path, and tells the server's address, which ends with a slash."""


@asynccontextmanager
async def serving() -> AsyncIterator[Serving]:
    """As many servers as are asked for, until the context ends."""
    servers: list[TestServer] = []

    async def serve(path: str, answer: Answering) -> str:
        app = web.Application()
        app.router.add_route("*", path, answer)
        server = TestServer(app, host="127.0.0.1")
        await server.start_server()
        servers.append(server)
        return str(server.make_url("/"))

    yield serve
    for server in servers:
        await server.close()


def says(body: Any, status: int = 200) -> Answering:
    """The same answer to everything."""

    async def answer(_request: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    return answer
