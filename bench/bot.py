"""The real bot with its webhook, on a working morning: at night it would send no notices.

`python -m bench.bot PORT BEGAN`, with the settings in the environment.
"""

import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import uvicorn
from fastapi import FastAPI

from bot.listening import introduce
from bot.logs import configure
from bot.running import running
from bot.settings import Settings
from core.clock import ALMATY
from webhook import router

MORNING = datetime(2026, 4, 7, 10, 0, tzinfo=ALMATY)


class MorningClock:
    """Runs with the machine's time; it was MORNING when that was `began` (Unix seconds)."""

    def __init__(self, began: float) -> None:
        self.began = began

    def now(self) -> datetime:
        return MORNING.astimezone(UTC) + timedelta(seconds=time.time() - self.began)


def app(settings: Settings, clock: MorningClock) -> FastAPI:
    """The server of `webhook:app`, on that clock."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(settings, clock) as house:
            app.state.house = house
            await introduce(house.bot, house.dispatcher, house.settings)
            yield

    server = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None)
    server.include_router(router)
    return server


def main() -> None:
    port, began = sys.argv[1:]
    settings = Settings()
    configure(settings.log_level)
    server = app(settings, MorningClock(float(began)))
    uvicorn.run(server, host="127.0.0.1", port=int(port), access_log=False, log_config=None)


if __name__ == "__main__":
    main()
