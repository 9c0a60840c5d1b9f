"""The real HTTP face in a thread of its own, for clients that know no asyncio."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from fastapi import FastAPI

from bot.assembly import build
from bot.portal.document import document
from bot.settings import Settings
from core.clock import Clock
from demo import tcp_socket
from webhook import router

PATIENCE = 60


@dataclass(frozen=True)
class Served:
    """Where it is, and what its document says."""

    base: str
    settings: Settings
    openapi: dict[str, Any]


@contextmanager
def served(database_url: str, clock: Clock, more: Mapping[str, Any]) -> Iterator[Served]:
    """The server for as long as the context lasts. No worker runs: nothing is sent anywhere."""
    app = FastAPI(title="Orynbot")
    app.include_router(router)
    document(app)
    settings = Settings.model_validate(
        {
            "bot_token": "1:x",
            "bot_api_url": "http://127.0.0.1:9",
            "secret_key": "k" * 32,
            "database_url": database_url,
            "webhook_url": "http://127.0.0.1:9",
            "webhook_secret": "telegram",
            "portal_secret": "portal",
            "smsc_secret": "smsc",
            **more,
        }
    )
    with tcp_socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(100)
        server = uvicorn.Server(
            uvicorn.Config(app, access_log=False, log_config=None, lifespan="off")
        )
        ready = threading.Event()

        async def run() -> None:
            async with build(settings, clock) as house:
                app.state.house = house
                ready.set()
                await server.serve(sockets=[door])

        thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
        thread.start()
        assert ready.wait(PATIENCE)
        try:
            base = f"http://127.0.0.1:{door.getsockname()[1]}"
            yield Served(base, settings, app.openapi())
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
