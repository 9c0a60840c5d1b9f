"""The processes of the bot, forked from one that has imported everything: a start takes a moment.

They are the real ones but for two things: a clock that is moved, and waits that are short.
"""

import asyncio
import gc
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from bot.listening import start_listening
from bot.logs import configure
from bot.outgoing import gate, health, recorder
from bot.running import running
from bot.settings import Settings
from core.codes import rules as codes
from core.notices import outbox
from tests.faults.clock import SharedClock
from webhook import router

LEASE = timedelta(seconds=2.5)
"""Of a notice, and of a code: after a kill, so long nobody may take them up."""
SEND_TIMEOUT = 1.5
"""Seconds that a notice's call may take."""
PAUSES = tuple(timedelta(seconds=s) for s in (0.2, 0.5, 1))
RESTS = (timedelta(seconds=0.5),)
RETRY = timedelta(seconds=1)
"""After which a code that no gateway took is sent again."""
ORPHANED = 1.0
"""Seconds between two looks whether the harness still lives."""

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.faults.actors"])
gc.freeze()  # nobody who is forked looks through what is imported


def start(
    kind: str, settings: dict[str, Any], clock: Path, log: Path, port: int | None
) -> BaseProcess:
    """A process of that kind, "web" (it answers at `port`) or "worker"."""
    process = FORKS.Process(target=_live, args=(kind, settings, clock, log, port), daemon=True)
    process.start()
    return process


def _live(kind: str, given: dict[str, Any], clock: Path, log: Path, port: int | None) -> None:
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    _hurry()
    settings = Settings.model_validate(given)
    configure(settings.log_level)
    shared = SharedClock(clock)
    if kind == "worker":
        asyncio.run(_work(settings, shared))
        return
    assert port is not None
    server = FastAPI(lifespan=lambda app: _serve(app, settings, shared))
    server.include_router(router)
    uvicorn.run(server, host="127.0.0.1", port=port, access_log=False, log_config=None, ws="none")


def _hurry() -> None:
    outbox.LEASE, outbox.PAUSES = LEASE, PAUSES
    codes.LEASE, codes.RETRY = LEASE, RETRY
    gate.TIMEOUT = SEND_TIMEOUT
    health.RESTS = RESTS
    recorder.PAUSE = timedelta(seconds=0.2)


@asynccontextmanager
async def _serve(app: FastAPI, settings: Settings, clock: SharedClock) -> AsyncIterator[None]:
    async with running(settings, clock) as house:
        app.state.house = house
        house.nursery.start(_end_with_the_harness(), name="service:orphan")
        await start_listening(house.bot, house.dispatcher, settings, house.nursery)
        yield


async def _work(settings: Settings, clock: SharedClock) -> None:
    async with running(settings, clock):
        await _end_with_the_harness()


async def _end_with_the_harness() -> None:
    """Whoever was forked belongs to the forking process, which ends with the harness."""
    while os.getppid() != 1:
        await asyncio.sleep(ORPHANED)
    os.kill(os.getpid(), signal.SIGKILL)
