"""Serving an application on this machine's loopback, from inside a test."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn


class PromptServer(uvicorn.Server):
    """uvicorn's server looks ten times a second whether it has to stop, and then lingers: that is
    the fifth of a second in which a test would wait for nothing."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._leave = asyncio.Event()

    def leave(self) -> None:
        """Stop, once all answers are given."""
        self._leave.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)  # sets the headers that all answers have
        await self._leave.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        try:
            async with asyncio.timeout(self.config.timeout_graceful_shutdown):
                while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110
                    await asyncio.sleep(0.001)
        except TimeoutError:
            for task in self.server_state.tasks:
                task.cancel()
        await self.lifespan.shutdown()


@asynccontextmanager
async def serving(
    app: Any, door: socket.socket, *, patience: int | None = None, **limits: Any
) -> AsyncIterator[PromptServer]:
    """`app` behind a door that listens. `patience`: seconds for the answers that are under way at
    the end; None waits for them all. `limits`: as uvicorn is told them."""
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=patience,
        **limits,
    )
    server = PromptServer(config)
    running = asyncio.get_running_loop().create_task(server.serve(sockets=[door]))
    try:
        while not server.started:
            if running.done():
                running.result()
                raise RuntimeError("the server did not start")
            await asyncio.sleep(0.002)
        yield server
    finally:
        server.leave()
        await running
