"""The processes of `bench.crash`: the real ones, on a working morning; forked, so quickly there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import uvicorn
from fastapi import FastAPI

from bench.bot import MorningClock
from bot.logs import configure
from bot.outgoing import gate
from bot.running import running
from bot.settings import Settings
from core.notices import outbox
from webhook import router


def web(settings: dict[str, Any], began: float, port: int, _lease: float) -> None:
    """`oryn serve`."""
    configure("CRITICAL")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        house = running(Settings.model_validate(settings), MorningClock(began), works=False)
        async with house as app.state.house:
            yield

    app = FastAPI(lifespan=lifespan)
    app.include_router(router)
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_config=None)


def work(settings: dict[str, Any], began: float, _port: int, lease: float) -> None:
    """`oryn worker`, whose notices are free again after `lease` seconds when it is dead."""
    # a sixth, as in production: a turn has to come while there is time to send
    outbox.LEASE, gate.TIMEOUT = timedelta(seconds=lease), round(lease / 6)
    configure("CRITICAL")

    async def working() -> None:
        async with running(Settings.model_validate(settings), MorningClock(began)):
            await asyncio.Event().wait()

    asyncio.run(working())
